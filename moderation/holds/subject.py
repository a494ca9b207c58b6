"""The hold's door: ties facts, rules, evolution and effects together for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.holds.effects import effects
from moderation.holds.facts import gather
from moderation.holds.model import HOLD
from moderation.holds.workflow import decide, evolve
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.holds.commands import Command
    from moderation.holds.events import Event
    from moderation.holds.model import Hold
    from moderation.holds.ports import Holds as HoldStore, HoldUnit
    from moderation.holds.workflow import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(frozen=True, slots=True)
class Holds:
    """Implements :class:`moderation.kernel.Subject`: one hold for each school and the trust."""

    schools: Schools

    @property
    def kind(self) -> str:
        return HOLD

    def subject_id(self, command: Command) -> str:
        return command.school

    def repository(self, unit: HoldUnit) -> HoldStore:
        return unit.holds

    async def facts(
        self, unit: HoldUnit, state: Hold | None, command: Command, asked: Asked
    ) -> Facts:
        """What is on its way doesn't depend on the hold before, so ``state`` isn't read."""
        del state
        return await gather(unit, self.schools, command, asked)

    def decide(
        self, state: Hold | None, command: Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: Hold | None, event: Event) -> Hold:
        return evolve(state, event)

    def effects(self, state: Hold, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)
