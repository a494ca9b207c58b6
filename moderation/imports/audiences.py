"""Who is meant by an audience of an import, today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.imports.guards import who_is_asked
from moderation.kernel import Audience


if TYPE_CHECKING:
    from moderation.imports.guards import Facts
    from moderation.imports.model import Batch
    from moderation.kernel import PersonId


def audience(which: Audience, batch: Batch, facts: Facts) -> tuple[PersonId, ...]:
    """Those who are asked to say yes and haven't; nobody for audiences that an import has not.

    ``facts`` need no plan: who is asked follows from the changes on the card.
    """
    if which is not Audience.HEAD:
        return ()
    asked = who_is_asked(batch.changes, facts)
    waiting = (people for place, people in asked.items() if place not in batch.confirmed)
    return tuple(dict.fromkeys(person for people in waiting for person in people))
