"""Private messages about an absence: to whom it concerns. It has no card of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.relay.drawing import NoAudience, NoCard, Told
from moderation.absences import present
from moderation.absences.effects import Message
from moderation.absences.model import person_of
from moderation.absences.queries import absence_page
from moderation.kernel import PersonId
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.kernel import Tell
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceDrawer(NoCard, NoAudience):
    """Words the messages as things are when they are sent."""

    schools: Schools
    clock: Clock

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """Nothing where it was taken back meanwhile, or nothing is lacking any more."""
        message = Message(tell.message)
        day, _, by = tell.arg.partition("/")
        page = await absence_page(
            unit,
            self.schools,
            person_of(tell.subject.id),
            date.fromisoformat(day),
            viewer=person,
            now=self.clock.now(),
        )
        if page is None or not present.still_true(message, page):
            return None
        said_by = await unit.people.get(PersonId(by))
        return Told(present.notice(message, page, said_by.name if said_by is not None else ""))
