"""Drawing posts: the card they are decided on, and Ready to post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import Places, Reach, Told
from moderation.kernel import Audience, PersonId, PostId
from moderation.people.ports import Schools
from moderation.people.queries import rights_for
from moderation.ports import Clock
from moderation.posts import present
from moderation.posts.audiences import audience, posters
from moderation.posts.effects import Message
from moderation.posts.model import State
from moderation.posts.queries import Sight, sight, view_of


if TYPE_CHECKING:
    from moderation.kernel import Tell
    from moderation.people.rights import Rights
    from moderation.ports import Conversation
    from moderation.posts.model import Post
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """What drawing a post takes, for its card and for Ready to post alike."""

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

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The people meant by an audience of this post.

        Where the head can't be reached in a chat, whoever comes next in line is told as well.
        """
        stored = await self.stored(unit, subject)
        if stored is None:
            return ()
        rights = await self.rights(unit, stored[0])
        found = audience(which, stored[0], rights)
        if which is Audience.HEAD:
            found = await self._as_far_as_needed(unit, found, stored[0].authors, rights)
        return found

    async def _as_far_as_needed(
        self, unit: Unit, asked: tuple[PersonId, ...], authors: frozenset[PersonId], rights: Rights
    ) -> tuple[PersonId, ...]:
        """``asked`` and those who stand in, until one of them can be reached.

        Those who can't be stay among them: it is kept that they have to be told in person.
        """
        while not await self.reach.private_places(unit, asked):
            following = rights.head_for(authors | set(asked))
            more = (following,) if following is not None else rights.trust_leads()
            beyond = tuple(person for person in more if person not in asked)
            if not beyond:
                break
            asked = (*asked, *beyond)
        return asked

    async def _unreached(
        self, unit: Unit, reader: PersonId, authors: frozenset[PersonId], rights: Rights
    ) -> PersonId | None:
        """Who decides instead of the reader, where they can't be written to."""
        head = rights.head_for(authors)
        if head is None or rights.acts_as_head(reader, authors):
            return None
        return None if await self.reach.private(unit, head) is not None else head

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """A private message about this post, for this person's eyes; none behind the wall."""
        stored = await self.stored(unit, tell.subject.id)
        if stored is None:
            return None
        post, version = stored
        view = await view_of(unit, self.schools, post, version, viewer=person, now=self.clock.now())
        if not view.rights.roles(person):
            # An author who has gone to another school, or away: its posts are theirs no more.
            return None
        message = Message(tell.message)
        if not present.notice_is_for(message, post, person):
            return None
        unreached = None
        if present.decides_as_head(message):
            unreached = await self._unreached(unit, person, post.authors, view.rights)
        shown = present.notice(message, post, view, tell.arg, unreached=unreached)
        return Told(shown, lasts=present.notice_lasts(message, post, view, tell.arg))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDrawer:
    """The card that a post is decided on.

    Its authors have it privately from the first word. Once it is in front of people it is in the
    accounts' conversations, else the school's, else privately with each who may say yes.
    """

    posts: Posts

    async def places(self, unit: Unit, subject: str) -> Places:
        stored = await self.posts.stored(unit, subject)
        if stored is None:
            return {}
        post, _version = stored
        reach = self.posts.reach
        rights = await self.posts.rights(unit, post)
        found = dict(await reach.private_places(unit, tuple(sorted(post.authors))))
        if sight(post, rights, None) is not Sight.ALL:
            # Nobody else has ever seen a draft, so nobody needs to see it end.
            return found
        shared = await self._shared(unit, post)
        if shared:
            return {**dict.fromkeys(shared), **found}
        deciding = await reach.private_places(unit, rights.approvers(post.authors))
        return {**deciding, **found}

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        stored = await self.posts.stored(unit, subject)
        if stored is None:
            return None
        post, version = stored
        viewer = None
        if conversation not in await self._shared(unit, post):
            viewer = await self._whose(unit, post, conversation)
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
        if viewer is not None and sight(post, view.rights, viewer) is Sight.NOTHING:
            return None
        return present.card(post, view)

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        return await self.posts.audience(unit, which, subject)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        return await self.posts.notice(unit, tell, person)

    async def _whose(self, unit: Unit, post: Post, conversation: Conversation) -> PersonId | None:
        """An author's eyes, or of one who decides; also once it has gone back to its author."""
        reach = self.posts.reach
        rights = await self.posts.rights(unit, post)
        authors = await reach.private_places(unit, tuple(sorted(post.authors)))
        if conversation in authors:
            return authors[conversation]
        return (await reach.private_places(unit, rights.approvers())).get(conversation)

    async def _shared(self, unit: Unit, post: Post) -> tuple[Conversation, ...]:
        """The accounts' conversations; where one has none, the school's stands in for it."""
        found: list[Conversation] = []
        for account in post.content.accounts:
            found += await self.posts.reach.homes(unit, account, post.school)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDrawer:
    """Ready to post: with each poster, privately."""

    posts: Posts

    async def places(self, unit: Unit, subject: str) -> Places:
        stored = await self.posts.stored(unit, subject)
        if stored is None or stored[0].state is not State.RELEASED:
            return {}
        rights = await self.posts.rights(unit, stored[0])
        people = posters(stored[0], rights)
        return await self.posts.reach.private_places(unit, people)

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """Drawn for the poster whose conversation it is, also once it is posted or called back."""
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

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        return await self.posts.audience(unit, which, subject)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        return await self.posts.notice(unit, tell, person)
