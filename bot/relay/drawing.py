"""What a subject looks like, where its cards belong, and who is meant: one drawer for each kind.

A drawer reads today's truth and lets the room's ``present`` word it. A card in somebody's private
conversation is drawn for that person's eyes; a channel's card for everybody's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from moderation.kernel import CorruptStore, PersonId, Platform
from moderation.ports import Chat, Conversation
from moderation.views import Card
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from moderation.kernel import AccountId, Audience, Identity, SchoolId, SubjectRef, Tell
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A private message. It ``lasts`` while a change of its subject may change what it says."""

    card: Card
    lasts: bool = False


Places = Mapping[Conversation, PersonId | None]
"""Where a card belongs, and whose eyes it is drawn for (``None``: everybody's there)."""


class Drawer(Protocol):
    """One kind of subject."""

    async def places(self, unit: Unit, subject: str) -> Places:
        """Where a card of the subject belongs today."""

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """The card as this conversation may see it; ``None`` where it no longer belongs."""

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The people meant, today."""

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """A private message as it is true now; ``None`` where there is nothing left to say."""


class NoCard:
    """Of a subject that only tells: no card of it stays anywhere."""

    __slots__ = ()

    async def places(self, unit: Unit, subject: str) -> Places:
        """Nowhere."""
        del unit, subject
        return {}

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """Nothing."""
        del unit, subject, conversation
        return None


class NoAudience:
    """Of a subject whose messages name whom they are for."""

    __slots__ = ()

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """Nobody."""
        del unit, which, subject
        return ()


class Asked(Protocol):
    """What is put to people privately."""

    @property
    def asked(self) -> tuple[PersonId, ...]:
        """Who can answer it today."""


class PutToPeople(NoAudience, ABC):
    """Of a subject whose card itself asks, privately."""

    __slots__ = ()
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        """With everybody who can answer it today."""
        page = await self._page(unit, subject)
        return {} if page is None else await self.reach.private_places(unit, page.asked)

    @abstractmethod
    async def _page(self, unit: Unit, subject: str) -> Asked | None:
        """The subject as it stands, ``None`` where there is none."""


class NoNotice:
    """Of a subject that only has cards."""

    __slots__ = ()

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """Nothing."""
        del unit, tell, person
        return None


@dataclass(frozen=True, slots=True)
class Drawers:
    """Drawers by the subject's kind."""

    by_kind: Mapping[str, Drawer]

    def of(self, subject: SubjectRef) -> Drawer:
        """Raises :class:`~moderation.kernel.CorruptStore` for a kind nobody draws."""
        drawer = self.by_kind.get(subject.kind)
        if drawer is None:
            raise CorruptStore(subject.kind)
        return drawer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Private conversations with people, and shared ones of accounts and schools.

    ``closed`` are shared ones in which somebody from outside might read, each with why, in words.
    No card is shown there, and one that stands there loses what it holds.
    """

    units: Units
    chats: Mapping[Platform, Chat]
    closed: dict[Conversation, str] = field(default_factory=dict)

    async def homes(self, unit: Unit, *places: AccountId | SchoolId) -> tuple[Conversation, ...]:
        """On each platform, the conversation of the first of ``places`` that has an open one."""
        found: dict[Platform, Conversation] = {}
        for place in places:
            for conversation in await unit.homes.conversations(place):
                if conversation.platform in self.chats and conversation not in self.closed:
                    found.setdefault(conversation.platform, conversation)
        return tuple(found.values())

    async def private(self, unit: Unit, person: PersonId) -> Conversation | None:
        """The private conversation with a person, or ``None`` when the bot can't reach them."""
        return (await self.told_at(unit, person))[1]

    async def told_at(
        self, unit: Unit, person: PersonId
    ) -> tuple[Identity, Conversation] | tuple[None, None]:
        """Where this person can be told things: their first identity that the bot can reach."""
        found = await unit.people.get(person)
        for identity in found.identities if found is not None else ():
            chat = self.chats.get(identity.platform)
            conversation = await chat.private(identity) if chat is not None else None
            if conversation is not None:
                return identity, conversation
        return None, None

    async def private_places(self, unit: Unit, people: tuple[PersonId, ...]) -> Places:
        """One private conversation for each person who can be reached."""
        found: dict[Conversation, PersonId | None] = {}
        for person in people:
            conversation = await self.private(unit, person)
            if conversation is not None:
                found.setdefault(conversation, person)
        return found
