"""What a check hands to the engine: what was seen and where, before the pack says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.policies.model import Check, Rule


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.model import Draft


WHOLE_POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sighting:
    """One thing seen. ``rule`` is set where the pack's own words or patterns saw it.

    ``who`` and ``where`` fill the rule's ``why``; ``besides`` is a sentence to add to it. None of
    them holds a name: initials, a year, a network.
    """

    check: Check
    category: str
    field: str = WHOLE_POST
    start: int | None = None
    end: int | None = None
    who: str = ""
    where: str = ""
    about: str = ""
    besides: str = ""
    rule: Rule | None = None


def fields(draft: Draft) -> Iterator[tuple[str, str]]:
    """Everything that would be read in public, by the name of its field."""
    yield "text", draft.text
    for at, image in enumerate(draft.images):
        yield f"alt[{at}]", image.alt
