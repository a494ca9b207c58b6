"""The absences' door. A person's days are written in the transaction that says them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from moderation.absences.effects import effects
from moderation.absences.facts import gather
from moderation.absences.model import ABSENCE, Statement, subject_of
from moderation.absences.ports import AbsenceUnit
from moderation.absences.workflow import decide, evolve
from moderation.kernel import CorruptStore
from moderation.people.model import Span
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.absences.commands import Command
    from moderation.absences.events import Event
    from moderation.absences.workflow import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(slots=True)
class Saying:
    """Implements :class:`moderation.kernel.Subject` for one command in one unit of work.

    Each statement is a subject of its own; the days stand with the person.
    """

    schools: Schools
    before: tuple[Span, ...] = ()
    today: date = date.min

    @property
    def kind(self) -> str:
        return ABSENCE

    def subject_id(self, command: Command) -> str:
        return subject_of(command.person, command.statement)

    def repository(self, unit: AbsenceUnit) -> Store:
        return Store(unit)

    async def facts(
        self, unit: AbsenceUnit, state: Statement | None, command: Command, asked: Asked
    ) -> Facts:
        """What was so before is remembered: the events are folded into it."""
        del state
        facts = await gather(unit, self.schools, command, asked)
        self.today = facts.today
        self.before = facts.person.absences if facts.person is not None else ()
        return facts

    def decide(
        self, state: Statement | None, command: Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        del state
        return decide(command, facts, asked)

    def evolve(self, state: Statement | None, event: Event) -> Statement:
        before = self.before if state is None else state.absences
        return evolve(before, event, self.today)

    def effects(self, state: Statement, event: Event) -> tuple[Effect, ...]:
        del state
        return effects(event, self.schools.zone)


@dataclass(frozen=True, slots=True)
class Store:
    """Writes what was said to the person. No statement is ever read back."""

    unit: AbsenceUnit

    async def get(self, subject_id: str) -> tuple[Statement, int] | None:
        del subject_id
        # A list that is imported meanwhile would write the person as they were.
        await self.unit.batches.alone()
        return None

    async def put(self, subject_id: str, state: Statement, expected: int) -> None:
        del subject_id, expected
        person = await self.unit.people.get(state.person)
        if person is None:
            raise CorruptStore("an absence is nobody's")
        if person.absences != state.absences:
            await self.unit.people.save((replace(person, absences=state.absences),))
