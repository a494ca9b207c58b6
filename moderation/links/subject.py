"""The links' door. The account becomes the person's in the transaction that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.kernel import CorruptStore
from moderation.links import commands as ask, events as happened
from moderation.links.effects import effects
from moderation.links.facts import FactFinder
from moderation.links.model import LINK, Link, State, link_of
from moderation.links.ports import LinksUnit
from moderation.links.workflow import decide, evolve


if TYPE_CHECKING:
    from moderation.kernel import Asked, Effect, Refused
    from moderation.links.events import Event
    from moderation.links.workflow import Facts


@dataclass(frozen=True, slots=True)
class Links:
    """Implements :class:`moderation.kernel.Subject`: one link for each chat account that asks."""

    finder: FactFinder
    called: str = ""
    """What the account is called, for the link that is asked for: no event tells it."""

    def taking(self, command: ask.Command) -> Links:
        """For one command."""
        called = command.called if isinstance(command, ask.RequestLink) else ""
        return replace(self, called=called)

    @property
    def kind(self) -> str:
        return LINK

    def subject_id(self, command: ask.Command) -> str:
        return link_of(command.identity) if isinstance(command, ask.RequestLink) else command.link

    def repository(self, unit: LinksUnit) -> Store:
        return Store(unit)

    async def facts(
        self, unit: LinksUnit, state: Link | None, command: ask.Command, asked: Asked
    ) -> Facts:
        return await self.finder.gather(unit, state, command, asked)

    def decide(
        self, state: Link | None, command: ask.Command, facts: Facts, asked: Asked
    ) -> tuple[Event, ...] | Refused:
        return decide(state, command, facts, asked)

    def evolve(self, state: Link | None, event: Event) -> Link:
        link = evolve(state, event)
        asked = isinstance(event, happened.Requested)
        return replace(link, called=self.called) if asked else link

    def effects(self, state: Link, event: Event) -> tuple[Effect, ...]:
        return effects(state, event)


@dataclass(frozen=True, slots=True)
class Store:
    """The links; putting one that was just made writes the person as well."""

    unit: LinksUnit

    async def get(self, subject_id: str) -> tuple[Link, int] | None:
        # A file that is imported meanwhile would write the person as they were.
        await self.unit.batches.alone()
        return await self.unit.links.get(subject_id)

    async def put(self, subject_id: str, state: Link, expected: int) -> None:
        if state.state is State.LINKED:
            person = await self.unit.people.get(state.person)
            if person is None:
                raise CorruptStore("a link is made of nobody")
            mine = (*person.identities, state.identity)
            await self.unit.people.save((replace(person, identities=mine),))
        await self.unit.links.put(subject_id, state, expected)
