"""The watch's door: ties facts, rules, evolution and effects together for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.oversight.effects import effects
from moderation.oversight.facts import gather
from moderation.oversight.model import WATCH
from moderation.oversight.workflow import decide, evolve
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.kernel import Asked, Effect, Refused
    from moderation.oversight.commands import Look
    from moderation.oversight.events import Event
    from moderation.oversight.model import Watch
    from moderation.oversight.ports import Watches as WatchStore, WatchUnit
    from moderation.oversight.workflow import Facts


@dataclass(frozen=True, slots=True)
class Watches:
    """Implements :class:`moderation.kernel.Subject`: one watch for each school and the trust."""

    schools: Schools

    @property
    def kind(self) -> str:
        return WATCH

    def subject_id(self, command: Look) -> str:
        return command.school

    def repository(self, unit: WatchUnit) -> WatchStore:
        return unit.watches

    async def facts(
        self, unit: WatchUnit, state: Watch | None, command: Look, asked: Asked
    ) -> Facts:
        """What stands today doesn't depend on what was said before, so ``state`` isn't read."""
        del state
        return await gather(unit, self.schools, command, asked)

    def decide(
        self, state: Watch | None, command: Look, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        """The day comes with the facts; ``asked`` adds nothing to it."""
        del asked
        return decide(state, command, facts)

    def evolve(self, state: Watch | None, event: Event) -> Watch:
        return evolve(state, event)

    def effects(self, state: Watch, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)
