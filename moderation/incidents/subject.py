"""The reports' door: ties facts, rules, evolution and effects together for the kernel.

What a report says goes from the command straight into its store: no event holds a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.incidents import commands as ask
from moderation.incidents.effects import effects
from moderation.incidents.facts import FactFinder
from moderation.incidents.model import INCIDENT
from moderation.incidents.workflow import Brought, decide, evolve


if TYPE_CHECKING:
    from moderation.incidents.events import Event
    from moderation.incidents.model import Incident
    from moderation.incidents.ports import Incidents as IncidentStore, IncidentsUnit
    from moderation.incidents.workflow import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(frozen=True, slots=True)
class Incidents:
    """Built once. :meth:`taking` makes the subject of one command."""

    finder: FactFinder

    def taking(self) -> Taking:
        """For one command in one unit of work: it remembers what the command brought."""
        return Taking(self.finder)


@dataclass(slots=True)
class Taking:
    """Implements :class:`moderation.kernel.Subject` for one command."""

    finder: FactFinder
    brought: Brought | None = None

    @property
    def kind(self) -> str:
        return INCIDENT

    def subject_id(self, command: ask.Command) -> str:
        return command.incident

    def repository(self, unit: IncidentsUnit) -> IncidentStore:
        return unit.incidents

    async def facts(
        self, unit: IncidentsUnit, state: Incident | None, command: ask.Command, asked: Asked
    ) -> Facts:
        facts = await self.finder.gather(unit, state, command, asked)
        if isinstance(command, ask.ReportConcern):
            self.brought = Brought(concern=command.concern, barred=facts.barred)
        return facts

    def decide(
        self, state: Incident | None, command: ask.Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: Incident | None, event: Event) -> Incident:
        return evolve(state, event, self.brought)

    def effects(self, state: Incident, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)
