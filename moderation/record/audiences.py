"""Who keeps a copy of each checkpoint: people who don't run the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from moderation.people.model import Role


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from moderation.kernel import PersonId
    from moderation.people.model import Person


WITNESSES: Final = frozenset({Role.DATA_PROTECTION_OFFICER, Role.CHAIR_OF_GOVERNORS})


def witnesses(people: Iterable[Person], day: date) -> tuple[PersonId, ...]:
    """Data protection officers and chairs of governors on this day, each once, in order."""
    return tuple(
        person.id
        for person in people
        if any(held.role in WITNESSES and held.span.covers(day) for held in person.appointments)
    )
