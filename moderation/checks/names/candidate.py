"""What may be a name, before anybody asks what it is worth where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from moderation.checks.names.roster import Keys
from moderation.checks.names.tokens import Gap


if TYPE_CHECKING:
    from moderation.checks.names.tokens import Atom


class Grade(StrEnum):
    """The categories of the check ``pupil_names``; see ``policies/vocabulary.py``."""

    FULL = "full_name"
    INITIALLED = "initialled"
    SLIP = "slip"
    FIRST = "first_name"
    LAST = "surname"
    NOBODY = ""


class Way(IntEnum):
    """How a name was met; a lower one wins over a higher where they overlap."""

    FIRST_LAST = 0
    CLOSED = 1
    LAST_FIRST = 2
    LAST_COMMA_FIRST = 3
    FIRST_INITIAL = 4
    INITIAL_LAST = 5
    HANDLE = 6
    SLIP = 7
    FIRST = 8
    LAST = 9


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Candidate:
    """Atoms ``low`` to ``high`` (not included) may name ``pupils``.

    ``halves`` are the atom indices of the two halves (or one) that were looked up, with the forms
    under which they were found. ``place`` narrows the marked text inside a run of letters.
    """

    way: Way
    low: int
    high: int
    pupils: Keys
    halves: tuple[tuple[int, str], ...]
    sure: bool = True
    place: tuple[int, int] | None = None


# Not frozen: a post has hundreds of them, and a frozen one takes three times as long to make.
@dataclass(slots=True, repr=False)
class Unit:
    """Atoms ``low`` to ``high`` read as one word."""

    low: int
    high: int
    forms: tuple[str, ...]


Units = list[tuple[Unit, ...]]

FORWARD = frozenset({Gap.SPACE, Gap.NONE, Gap.HYPHEN, Gap.TIGHT})
MOST_BETWEEN = 2
"""Middle names between a first name and a surname."""


def goes_on(text: tuple[Atom, ...], at: int) -> bool:
    """Whether the atom can belong to the same name as the one before it."""
    gap = text[at].gap
    return gap in FORWARD or gap is Gap.BRACKET or (gap is Gap.INITIAL and text[at - 1].letter)
