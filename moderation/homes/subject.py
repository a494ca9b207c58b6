"""The home's door: ties facts, rules and evolution together for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.homes.facts import rights_at
from moderation.homes.model import HOME
from moderation.homes.workflow import decide, evolve
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.homes.commands import Command
    from moderation.homes.events import Event
    from moderation.homes.model import Home
    from moderation.homes.ports import HomeUnit
    from moderation.kernel import Asked, Effect, Refused, Repository
    from moderation.people.rights import Rights


@dataclass(frozen=True, slots=True)
class Homes:
    """Implements :class:`moderation.kernel.Subject`: one home for each account and each school."""

    schools: Schools

    @property
    def kind(self) -> str:
        return HOME

    def subject_id(self, command: Command) -> str:
        return command.place

    def repository(self, unit: HomeUnit) -> Repository[Home]:
        return unit.homes

    async def facts(
        self, unit: HomeUnit, state: Home | None, command: Command, asked: Asked
    ) -> Rights | None:
        """Today's rights there."""
        del state
        day = asked.at.astimezone(self.schools.zone).date()
        return await rights_at(unit, self.schools, command.place, day)

    def decide(
        self, state: Home | None, command: Command, facts: Rights | None, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: Home | None, event: Event) -> Home:
        return evolve(state, event)

    def effects(self, state: Home, event: Event) -> tuple[Effect, ...]:
        """Nothing is told: whoever chose is answered, and cards find their place when drawn."""
        del state, event
        return ()
