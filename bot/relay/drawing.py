"""What a subject looks like, where its cards belong, and who is meant: one drawer for each kind.

A drawer reads today's truth and lets the room's ``present`` word it. A card in somebody's private
conversation is drawn for that person's eyes; a channel's card for everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from moderation.kernel import CorruptStore, PersonId, Platform, PostId
from moderation.people.ports import Schools
from moderation.people.queries import rights_for
from moderation.ports import Chat, Clock
from moderation.posts import present
from moderation.posts.audiences import audience, posters
from moderation.posts.effects import Message
from moderation.posts.model import State
from moderation.posts.queries import Sight, sight, view_of
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from moderation.kernel import Audience, Identity, SubjectRef, Tell
    from moderation.people.rights import Rights
    from moderation.ports import Conversation
    from moderation.posts.model import Post
    from moderation.views import Card
    from storage.unit_of_work import Unit

Places = Mapping["Conversation", PersonId | None]
"""Where a card belongs, and whose eyes it is drawn for (``None``: everybody's there)."""


class Drawer(Protocol):
    """One kind of subject."""

    async def places(self, subject: str) -> Places:
        """Where a card of the subject belongs today."""

    async def draw(self, subject: str, conversation: Conversation) -> Card | None:
        """The card as this conversation may see it; ``None`` where it no longer belongs."""

    async def audience(self, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The people meant, today."""

    async def notice(self, tell: Tell, person: PersonId) -> Card | None:
        """A private message as it is true now; ``None`` where there is nothing left to say."""


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
    """Private conversations with people, and shared ones of accounts and schools."""

    units: Units
    chats: Mapping[Platform, Chat]

    async def identity(self, unit: Unit, person: PersonId) -> Identity | None:
        """Where this person can be told things: their first identity that the bot can reach."""
        found = await unit.people.get(person)
        for identity in found.identities if found is not None else ():
            chat = self.chats.get(identity.platform)
            if chat is not None and await chat.private(identity) is not None:
                return identity
        return None

    async def private(self, unit: Unit, person: PersonId) -> Conversation | None:
        """The private conversation with a person, or ``None`` when the bot can't reach them."""
        identity = await self.identity(unit, person)
        chat = self.chats.get(identity.platform) if identity is not None else None
        return await chat.private(identity) if chat is not None and identity is not None else None

    async def private_places(self, unit: Unit, people: tuple[PersonId, ...]) -> Places:
        """One private conversation for each person who can be reached."""
        found: dict[Conversation, PersonId | None] = {}
        for person in people:
            conversation = await self.private(unit, person)
            if conversation is not None:
                found.setdefault(conversation, person)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """What drawing a post takes, for its card and for Ready to post alike."""

    units: Units
    schools: Schools
    clock: Clock
    reach: Reach

    async def stored(self, unit: Unit, subject: str) -> tuple[Post, int] | None:
        return await unit.posts.get(PostId(subject))

    async def rights(self, unit: Unit, post: Post) -> Rights:
        """Today's rights on the post's accounts."""
        pack = await unit.packs.pinned(post.revision.pack)
        return await rights_for(
            unit,
            self.schools,
            school=post.school,
            accounts=frozenset(post.content.accounts),
            settings=pack.settings,
            day=self.clock.now().astimezone(self.schools.zone).date(),
        )

    async def audience(self, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The people meant by an audience of this post."""
        async with self.units.read() as unit:
            stored = await self.stored(unit, subject)
            if stored is None:
                return ()
            return audience(which, stored[0], await self.rights(unit, stored[0]))

    async def notice(self, tell: Tell, person: PersonId) -> Card | None:
        """A private message about this post, for this person's eyes."""
        async with self.units.read() as unit:
            stored = await self.stored(unit, tell.subject.id)
            if stored is None:
                return None
            post, version = stored
            view = await view_of(
                unit, self.schools, post, version, viewer=person, now=self.clock.now()
            )
        return present.notice(Message(tell.message), post, view)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDrawer:
    """The card that a post is decided on.

    Its authors have it privately from the first word. Once it is in front of people it is in the
    accounts' conversations, else the school's, else privately with each who may say yes.
    """

    posts: Posts

    async def places(self, subject: str) -> Places:
        async with self.posts.units.read() as unit:
            stored = await self.posts.stored(unit, subject)
            if stored is None:
                return {}
            post, _version = stored
            reach = self.posts.reach
            found = dict(await reach.private_places(unit, tuple(sorted(post.authors))))
            if post.state is State.DRAFT:
                return found
            shared = await self._shared(unit, post)
            if shared:
                return {**dict.fromkeys(shared), **found}
            rights = await self.posts.rights(unit, post)
            deciding = await reach.private_places(unit, rights.approvers(post.authors))
            return {**deciding, **found}

    async def draw(self, subject: str, conversation: Conversation) -> Card | None:
        places = await self.places(subject)
        async with self.posts.units.read() as unit:
            stored = await self.posts.stored(unit, subject)
            if stored is None:
                return None
            post, version = stored
            shared = conversation in await self._shared(unit, post)
            if conversation not in places and not shared:
                return None
            viewer = places.get(conversation)
            view = await view_of(
                unit,
                self.posts.schools,
                post,
                version,
                viewer=viewer,
                now=self.posts.clock.now(),
            )
        if viewer is not None and sight(post, view.rights, viewer) is Sight.NOTHING:
            return None
        return present.card(post, view)

    async def audience(self, which: Audience, subject: str) -> tuple[PersonId, ...]:
        return await self.posts.audience(which, subject)

    async def notice(self, tell: Tell, person: PersonId) -> Card | None:
        return await self.posts.notice(tell, person)

    async def _shared(self, unit: Unit, post: Post) -> tuple[Conversation, ...]:
        """The accounts' conversations; where one has none, the school's stands in for it."""
        chats = self.posts.reach.chats
        found: list[Conversation] = []
        for account in post.content.accounts:
            place = await unit.accounts.conversation(account)
            place = place or await unit.accounts.conversation(post.school)
            if place is not None and place.platform in chats:
                found.append(place)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDrawer:
    """Ready to post: with each poster, privately."""

    posts: Posts

    async def places(self, subject: str) -> Places:
        async with self.posts.units.read() as unit:
            stored = await self.posts.stored(unit, subject)
            if stored is None or stored[0].state is not State.RELEASED:
                return {}
            rights = await self.posts.rights(unit, stored[0])
            people = posters(stored[0], rights)
            return await self.posts.reach.private_places(unit, people)

    async def draw(self, subject: str, conversation: Conversation) -> Card | None:
        """Drawn for the poster whose conversation it is, also once it is posted or called back."""
        async with self.posts.units.read() as unit:
            stored = await self.posts.stored(unit, subject)
            if stored is None:
                return None
            post, version = stored
            rights = await self.posts.rights(unit, post)
            places = await self.posts.reach.private_places(unit, posters(post, rights))
            viewer = places.get(conversation)
            if viewer is None:
                return None
            view = await view_of(
                unit,
                self.posts.schools,
                post,
                version,
                viewer=viewer,
                now=self.posts.clock.now(),
            )
        return present.ready(post, view)

    async def audience(self, which: Audience, subject: str) -> tuple[PersonId, ...]:
        return await self.posts.audience(which, subject)

    async def notice(self, tell: Tell, person: PersonId) -> Card | None:
        return await self.posts.notice(tell, person)
