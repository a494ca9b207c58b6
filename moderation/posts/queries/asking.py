"""The questions themselves: frozen, each answered for one person at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.kernel import AccountId, PersonId, PostId, SubjectRef
from moderation.people.queries import FoundPupil, found_pupil, rights_for
from moderation.posts import commands as ask
from moderation.posts.events import PupilsSeen
from moderation.posts.model import LIVE, POST, State
from moderation.posts.queries.reading import Reader, accounts_of, names_of, school_name, sees
from moderation.posts.queries.seeing import Sight, sees_history, sight
from moderation.posts.queries.views import (
    PicturedPupil,
    PostPage,
    QueuePage,
    RefusalView,
    Target,
    WhoPage,
)
from moderation.posts.signing import missing


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from moderation.kernel import Asked
    from moderation.people.model import Pupil
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights
    from moderation.posts.model import Post
    from moderation.posts.ports import PostsUnit


MOST_QUEUED = 10
"""Posts of a queue that are looked up at once; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """One post. ``None`` for one that doesn't exist, or that the reader may not know of."""

    post: PostId

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> PostPage | None:
        """The newest version, with as much as the reader may see."""
        reader = Reader.of(unit, schools, asked)
        page = await reader.page(self.post) if reader is not None else None
        return None if page is None or sees(page) is Sight.NOTHING else page


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to one post: for the head, governors, trust lead, its authors and approvers."""

    post: PostId

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> PostPage | None:
        """The page whose view holds the whole history, or ``None``."""
        reader = Reader.of(unit, schools, asked)
        page = await reader.page(self.post) if reader is not None else None
        if page is None or not sees_history(page.post, page.view.rights, page.view.viewer):
            return None
        return page


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What the reader wrote and is not yet posted or over, newest first."""

    limit: int = 20

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> tuple[PostPage, ...]:
        """At most ``limit`` posts."""
        reader = Reader.of(unit, schools, asked)
        if reader is None:
            return ()
        written = await unit.posts.by_author(reader.person, self.limit)
        return await reader.pages(post.id for post in written if post.state in LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The posts that the reader can decide now, oldest first; last those that others look at now.

    ``after`` is the post that was decided or left for later: the one behind it comes first, and
    behind the last one the queue begins anew.
    """

    after: PostId | None = None

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> QueuePage:
        """The first post with its view, up to nine more, and how many there are in all."""
        reader = Reader.of(unit, schools, asked)
        if reader is None:
            return QueuePage(first=None, after=0)
        live = await unit.posts.live(await reader.places())
        waiting = [
            post.id
            for post in live
            if post.state in {State.IN_REVIEW, State.DRAFT}
            and _decidable(post, await reader.rights(post), reader.person, late=reader.late(post))
        ]
        place: dict[PostId | None, int] = {post.id: at for at, post in enumerate(live)}
        passed = place.get(self.after, -1)
        waiting.sort(key=lambda post: (place[post] <= passed, place[post]))
        pages = await reader.pages(waiting[:MOST_QUEUED])
        if not pages:
            return QueuePage(first=None, after=0)
        ordered = sorted(pages, key=lambda page: _with_somebody_else(page, reader.person))
        return QueuePage(first=ordered[0], after=len(waiting) - 1, rest=tuple(ordered[1:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCards:
    """Posts that were handed out and that the reader may post."""

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> tuple[PostPage, ...]:
        """Oldest first."""
        reader = Reader.of(unit, schools, asked)
        if reader is None:
            return ()
        live = await unit.posts.live(await reader.places())
        mine = []
        for post in live:
            if post.state is State.RELEASED:
                rights = await reader.rights(post)
                if any(rights.may_post(reader.person, account) for account in post.outstanding):
                    mine.append(post.id)
        return await reader.pages(mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The open accounts that the reader may propose to, by platform and name."""

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> tuple[Target, ...]:
        """Empty where the reader may not propose anywhere."""
        reader = Reader.of(unit, schools, asked)
        if reader is None:
            return ()
        found: list[Target] = []
        for school in sorted(await reader.places()):
            pack = await unit.packs.current(school)
            for account in await unit.accounts.of_school(school):
                rights = await rights_for(
                    unit,
                    schools,
                    school=school,
                    accounts=frozenset({account.id}),
                    settings=pack.settings,
                    day=reader.day,
                )
                if not account.closed(reader.day) and rights.may_propose(reader.person):
                    target = Target(
                        account=account.id,
                        school=school,
                        platform=account.platform,
                        name=account.name,
                        limit=account.text_limit,
                    )
                    found.append(target)
        return tuple(sorted(found, key=lambda item: (item.platform, item.name, item.account)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsIn:
    """The people in the pictures of one post, in full, for who decides about it.

    Asked through :meth:`moderation.service.Service.note`: that somebody looked is recorded.
    """

    post: PostId

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> WhoPage | None:
        """``None`` for whoever may not see the whole post, or only reads it."""
        reader = Reader.of(unit, schools, asked)
        page = await reader.page(self.post) if reader is not None else None
        if reader is None or page is None or sees(page) is not Sight.ALL:
            return None
        rights, post = page.view.rights, page.post
        if reader.person not in post.authors and not (
            rights.may_approve(reader.person, post.authors) or rights.may_stop(reader.person)
        ):
            return None
        shown = await _pictured(unit, schools, post)
        await _seen(unit, asked, page)
        return WhoPage(
            page=page,
            pupils=tuple(map(_in_full, shown)),
            staff=tuple(sorted(page.view.names[who] for who in post.content.pictured.staff)),
            unshown=tuple(one.name for one in rights.people if not one.may_be_shown),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The pupils in the pictures of one post, as a proposer sees them, for who corrects it.

    Asked through :meth:`moderation.service.Service.note`: that somebody who didn't write it looked
    is recorded.
    """

    post: PostId

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> tuple[FoundPupil, ...]:
        """None for whoever may not change the post."""
        reader = Reader.of(unit, schools, asked)
        page = await reader.page(self.post) if reader is not None else None
        if reader is None or page is None or not may_change(page):
            return ()
        shown = await _pictured(unit, schools, page.post)
        if shown and reader.person not in page.post.authors:
            await _seen(unit, asked, page)
        return tuple(map(found_pupil, shown))


def may_change(page: PostPage) -> bool:
    """Whether its reader is an author, or somebody who approves and would become one."""
    who, rights, post = page.view.viewer, page.view.rights, page.post
    if who is None or sees(page) is not Sight.ALL:
        return False
    return who in post.authors or rights.is_approver(who)


async def _pictured(unit: PostsUnit, schools: Schools, post: Post) -> list[Pupil]:
    places = schools.ids() if post.school == schools.trust else (post.school,)
    declared = post.content.pictured.pupils
    return [
        pupil
        for place in places
        for pupil in await unit.rolls.pupils(place)
        if pupil.key in declared
    ]


async def _seen(unit: PostsUnit, asked: Asked, page: PostPage) -> None:
    """On record: who has looked at who is in the pictures."""
    ref = SubjectRef(POST, page.post.id)
    await unit.record(asked, ref, page.view.version, (PupilsSeen(),), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """What the sentences of a refusal need; :func:`why_not` asks it for a command.

    ``accounts`` are those of the content that the command brought, if it brought any.
    """

    post: PostId
    accounts: tuple[AccountId, ...] = ()

    async def read(self, unit: PostsUnit, asked: Asked, schools: Schools) -> RefusalView:
        """A view that holds for a stranger too, and hides what may not be known."""
        stored = await unit.posts.get(self.post)
        post = stored[0] if stored is not None else None
        spoken_of = self.accounts or (post.content.accounts if post is not None else ())
        accounts = await accounts_of(unit, spoken_of)
        places = [account.school for account in accounts.values()] or [schools.trust]
        school = post.school if post is not None else places[0]
        pack = (
            await unit.packs.pinned(post.revision.pack)
            if post is not None
            else await unit.packs.current(school)
        )
        day = asked.at.astimezone(schools.zone).date()
        rights = await rights_for(
            unit,
            schools,
            school=school,
            accounts=frozenset(accounts),
            settings=pack.settings,
            day=day,
        )
        return RefusalView(
            viewer=asked.person,
            names=names_of(rights),
            accounts=accounts,
            school=school_name(schools, school),
            rights=rights,
            now=asked.at,
            zone=schools.zone,
            post=post,
            pack=pack,
            hidden=_hidden(post, rights, asked),
            elsewhere=post is None and school != schools.trust and _a_stranger(rights, asked),
        )


async def waiting_counts(
    unit: PostsUnit, schools: Schools, people: Iterable[PersonId], now: datetime
) -> Mapping[PersonId, int]:
    """How many posts wait for each of these people, without looking anything else up."""
    counts = dict.fromkeys(people, 0)
    live = await unit.posts.live(frozenset({schools.trust, *schools.ids()}))
    # Rights don't depend on who asks: one reader's memory serves them all.
    reader = Reader(unit, schools, PersonId(""), now)
    for post in live:
        if post.state in {State.IN_REVIEW, State.DRAFT}:
            rights = await reader.rights(post)
            for person in counts:
                counts[person] += _decidable(post, rights, person, late=reader.late(post))
    return counts


async def decidable_by(
    unit: PostsUnit, schools: Schools, posts: Iterable[Post], person: PersonId, now: datetime
) -> tuple[Post, ...]:
    """Those of the posts that this person would find in their queue."""
    reader = Reader(unit, schools, person, now)
    return tuple(
        [
            post
            for post in posts
            if post.state in {State.IN_REVIEW, State.DRAFT}
            and _decidable(post, await reader.rights(post), person, late=reader.late(post))
        ]
    )


def why_not(command: ask.Command) -> WhyNot:
    """The question to ask after this command was refused."""
    match command:
        case ask.Propose(content=content) | ask.Revise(content=content):
            return WhyNot(post=command.post, accounts=content.accounts)
        case _:
            return WhyNot(post=command.post)


def _hidden(post: Post | None, rights: Rights, asked: Asked) -> bool:
    """Whether the reader may not even know that the post exists. A stranger is told as much."""
    if post is None or asked.person is None:
        return False
    return sight(post, rights, asked.person) is Sight.NOTHING


def _a_stranger(rights: Rights, asked: Asked) -> bool:
    """Whether the reader, whom Schoolgate knows, is nobody at this school."""
    person = asked.person
    return person is not None and not rights.roles(person)


def _decidable(post: Post, rights: Rights, person: PersonId, *, late: bool) -> bool:
    """It is this person's turn to say yes or no; or a point of a draft waits for them as the head.

    The head may always say yes. It is the head's turn where the head's yes is needed, where the
    head was asked, and where the page's own moderators are too few or ``late``.
    """
    if post.state is State.DRAFT:
        return bool(post.asked_points) and rights.acts_as_head(person, post.authors)
    said = any(approval.person == person for approval in post.approvals)
    if said or not rights.may_approve(person, post.authors):
        return False
    said_no = any(veto.person == person for veto in post.vetoes)
    asked = late or said_no or bool(post.questions)
    return asked or rights.moderates(person) or person in missing(post, rights).asked


def _with_somebody_else(page: PostPage, reader: PersonId) -> bool:
    return page.view.in_hand is not None and page.view.in_hand.person != reader


def _in_full(pupil: Pupil) -> PicturedPupil:
    name = pupil.name
    called = name.preferred_forename or name.legal_forename
    family = name.preferred_surname or name.legal_surname
    return PicturedPupil(name=f"{called} {family}", year=name.year_group, form=name.form)
