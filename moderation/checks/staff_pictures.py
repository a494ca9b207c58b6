"""Colleagues who would rather not be shown, as pupils without permission are (STEP-STAFF-2).

Nobody is recognised: who is in a picture is what its proposer says. Where no colleague is said to
be in it and the school has some who would rather not be shown, whoever approves looks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moderation.checks.likeness import alike
from moderation.checks.sighting import Sighting
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.model import Draft


SHOWN: Final = "staff_shown"
NOT_SAID: Final = "staff_not_said"
TAKEN_DOWN: Final = "staff_taken_down"
OF_STAFF: Final = frozenset({SHOWN, NOT_SAID, TAKEN_DOWN})
"""Only a rule that names one of these answers for it: others speak of children."""


def unwilling(draft: Draft, context: Context) -> Iterator[Sighting]:
    """Who is said to be in the pictures and would rather not be; or that no colleague is."""
    if not draft.images or not context.unshown:
        return
    if not draft.pictured.staff:
        yield Sighting(check=Check.IMAGE_CONSENT, category=NOT_SAID)
    for person in sorted(draft.pictured.staff & context.unshown.keys()):
        yield Sighting(
            check=Check.IMAGE_CONSENT,
            category=SHOWN,
            who=context.unshown[person],
            about=f"staff:{person}",
        )


def come_again(draft: Draft, context: Context) -> Iterator[Sighting]:
    """Pictures that came down with one of them in it, who isn't said to be in it this time."""
    hidden = context.unshown.keys() - draft.pictured.staff
    for at, image in enumerate(draft.images):
        look = image.inspection.look if image.inspection is not None else None
        if look is not None and any(
            not hidden.isdisjoint(old.staff)
            and (alike(look.likeness, old.likeness) or alike(look.mirrored, old.likeness))
            for old in context.taken_down
        ):
            yield Sighting(check=Check.IMAGE_CONSENT, category=TAKEN_DOWN, field=f"image[{at}]")
