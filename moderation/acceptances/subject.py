"""The policies' door: ties facts and rules together for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.acceptances.facts import gather
from moderation.acceptances.model import POLICY, Acceptance
from moderation.acceptances.ports import Acceptances, AcceptanceUnit
from moderation.acceptances.workflow import decide, evolve
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from moderation.acceptances.commands import Command
    from moderation.acceptances.events import Event
    from moderation.acceptances.workflow import Facts
    from moderation.kernel import Asked, Effect, Refused


@dataclass(frozen=True, slots=True)
class Policies:
    """Implements :class:`moderation.kernel.Subject`. The subject is the school whose policy it is.

    It has no state: who has accepted what is a fact.
    """

    schools: Schools

    @property
    def kind(self) -> str:
        return POLICY

    def subject_id(self, command: Command) -> str:
        return command.school

    def repository(self, unit: AcceptanceUnit) -> Store:
        return Store(unit.acceptances)

    async def facts(
        self, unit: AcceptanceUnit, state: Acceptance | None, command: Command, asked: Asked
    ) -> Facts:
        del state
        return await gather(unit, self.schools, command, asked)

    def decide(
        self, state: Acceptance | None, command: Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        del state
        return decide(command, facts, asked)

    def evolve(self, state: Acceptance | None, event: Event) -> Acceptance:
        del state
        return evolve(event)

    def effects(self, state: Acceptance, event: Event) -> tuple[Effect, ...]:
        """Nothing is told: whoever accepted is answered."""
        del state, event
        return ()


@dataclass(frozen=True, slots=True)
class Store:
    """Adds what was accepted."""

    acceptances: Acceptances

    async def get(self, subject_id: str) -> tuple[Acceptance, int] | None:
        del subject_id
        return None

    async def put(self, subject_id: str, state: Acceptance, expected: int) -> None:
        del subject_id, expected
        await self.acceptances.add(state)
