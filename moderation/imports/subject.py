"""The imports' door: decides a file or an answer, and writes the register where a file counts.

An applied batch and the register's rows are one thing: they are written together by the store that
the kernel puts the batch into, before the audit takes its lock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.imports import commands as ask
from moderation.imports.difference import Plan
from moderation.imports.effects import IMPORT, effects
from moderation.imports.evolution import evolve
from moderation.imports.facts import FactFinder
from moderation.imports.model import Batch, State
from moderation.imports.ports import ImportsUnit
from moderation.imports.workflow import decide
from moderation.kernel import CorruptStore


if TYPE_CHECKING:
    from moderation.imports.events import Event
    from moderation.imports.guards import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(frozen=True, slots=True)
class Imports:
    """Built once. :meth:`taking` makes the subject of one command."""

    finder: FactFinder

    def taking(self, command: ask.Command) -> Taking:
        """For one command in one unit of work: it remembers what the facts said would change."""
        return Taking(finder=self.finder, incoming=_incoming(command))


@dataclass(slots=True)
class Taking:
    """Implements :class:`moderation.kernel.Subject` for one command."""

    finder: FactFinder
    incoming: Batch | None
    plan: Plan | None = None

    @property
    def kind(self) -> str:
        return IMPORT

    def subject_id(self, command: ask.Command) -> str:
        return command.batch.id if isinstance(command, ask.Import) else command.batch

    def repository(self, unit: ImportsUnit) -> Store:
        return Store(unit=unit, taking=self)

    async def facts(
        self, unit: ImportsUnit, state: Batch | None, command: ask.Command, asked: Asked
    ) -> Facts:
        facts = await self.finder.gather(unit, state, command, asked)
        self.plan = facts.plan
        return facts

    def decide(
        self, state: Batch | None, command: ask.Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: Batch | None, event: Event) -> Batch:
        return evolve(state, event)

    def effects(self, state: Batch, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)


@dataclass(frozen=True, slots=True)
class Store:
    """The batches, with the file at hand among them; putting an applied one writes the register."""

    unit: ImportsUnit
    taking: Taking

    async def get(self, subject_id: str) -> tuple[Batch, int] | None:
        await self.unit.batches.alone()
        stored = await self.unit.batches.get(subject_id)
        incoming = self.taking.incoming
        if stored is None and incoming is not None and incoming.id == subject_id:
            return incoming, 0
        return stored

    async def put(self, subject_id: str, state: Batch, expected: int) -> None:
        """The records are kept while they are needed and not a moment longer."""
        if state.state is State.APPLIED:
            if self.taking.plan is None:
                raise CorruptStore("an import is applied without what it changes")
            await _write(self.unit, self.taking.plan)
        kept = state if state.state is State.WAITING else replace(state, content=None)
        await self.unit.batches.put(subject_id, kept, expected)


async def _write(unit: ImportsUnit, plan: Plan) -> None:
    """All rows of the plan, in the transaction of the decision."""
    if plan.people:
        await unit.people.save(plan.people)
    if plan.entries:
        await unit.accounts.save(tuple(entry.account for entry in plan.entries))
        await unit.people.save_grants(
            frozenset(entry.account.id for entry in plan.entries),
            tuple(grant for entry in plan.entries for grant in entry.grants),
        )
    for school, pupils in plan.rolls:
        await unit.rolls.save_pupils(school, pupils)
    for school in sorted({family.school for family in plan.families}):
        families = [family for family in plan.families if family.school == school]
        await unit.rolls.save_consents(
            school,
            tuple(consent for family in families for consent in family.consents),
            of=frozenset(family.pupil for family in families),
        )


def _incoming(command: ask.Command) -> Batch | None:
    return command.batch if isinstance(command, ask.Import) else None
