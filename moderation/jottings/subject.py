"""The jottings' door: ties facts, rules and effects together for the kernel.

What a message says goes from the decision straight into the store: no event holds a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.jottings.effects import effects
from moderation.jottings.facts import FactFinder
from moderation.jottings.model import JOTTING, Jotting
from moderation.jottings.workflow import decide
from moderation.kernel import CorruptStore, Refused
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.jottings.commands import Command
    from moderation.jottings.events import Event
    from moderation.jottings.ports import Jottings as JottingStore, JottingsUnit
    from moderation.jottings.workflow import Facts
    from moderation.kernel import Asked, Effect


@dataclass(frozen=True, slots=True)
class Jottings:
    """:meth:`taking` makes the subject of one command."""

    schools: Schools

    def taking(self) -> Taking:
        """For one command in one unit of work: it remembers what was decided."""
        return Taking(FactFinder(self.schools))


@dataclass(slots=True)
class Taking:
    """Implements :class:`moderation.kernel.Subject` for one command."""

    finder: FactFinder
    after: Jotting | None = None

    @property
    def kind(self) -> str:
        return JOTTING

    def subject_id(self, command: Command) -> str:
        return command.jotting

    def repository(self, unit: JottingsUnit) -> JottingStore:
        return unit.jottings

    async def facts(
        self, unit: JottingsUnit, state: Jotting | None, command: Command, asked: Asked
    ) -> Facts:
        return await self.finder.gather(unit, state, command, asked)

    def decide(
        self, state: Jotting | None, command: Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        decided = decide(state, command, facts, asked)
        if decided is None:
            return ()
        if isinstance(decided, Refused):
            return decided
        event, self.after = decided
        return (event,)

    def evolve(self, state: Jotting | None, event: Event) -> Jotting:
        """What was decided a moment ago. Raises for an event that wasn't."""
        del state
        if self.after is None:
            raise CorruptStore(event.tag)
        return self.after

    def effects(self, state: Jotting, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)
