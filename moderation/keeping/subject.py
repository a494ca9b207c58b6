"""The kept names' door: ties facts, rules, evolution and effects together for the kernel.

A name goes from the command straight into its store: no event holds a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.keeping import commands as ask
from moderation.keeping.effects import effects
from moderation.keeping.facts import gather
from moderation.keeping.model import NAME
from moderation.keeping.workflow import NOTHING, Brought, decide, evolve
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.keeping.events import Event
    from moderation.keeping.model import KeptName
    from moderation.keeping.ports import KeepingUnit, KeptNames
    from moderation.keeping.workflow import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(slots=True)
class Keeping:
    """Implements :class:`moderation.kernel.Subject` for one command, and remembers its words."""

    schools: Schools
    brought: Brought = NOTHING

    @property
    def kind(self) -> str:
        return NAME

    def subject_id(self, command: ask.Command) -> str:
        return command.id

    def repository(self, unit: KeepingUnit) -> KeptNames:
        return unit.kept_names

    async def facts(
        self, unit: KeepingUnit, state: KeptName | None, command: ask.Command, asked: Asked
    ) -> Facts:
        if isinstance(command, ask.AskName):
            self.brought = Brought(name=command.name)
        elif isinstance(command, ask.DeclineName):
            self.brought = Brought(reason=command.reason)
        return await gather(unit, self.schools, state, command, asked)

    def decide(
        self, state: KeptName | None, command: ask.Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: KeptName | None, event: Event) -> KeptName:
        return evolve(state, event, self.brought)

    def effects(self, state: KeptName, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)
