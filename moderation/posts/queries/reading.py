"""Looking up what goes with a post: people, rights, pictures, history. Database reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from moderation.kernel import PersonId, SubjectRef
from moderation.people.ports import Schools
from moderation.people.queries import belongs_to, rights_for
from moderation.people.rights import Rights
from moderation.posts.evolution import in_hand
from moderation.posts.model import LIVE, POST
from moderation.posts.ports import PostsUnit
from moderation.posts.queries.past import past_of
from moderation.posts.queries.seeing import Sight, sees_history, sight
from moderation.posts.queries.views import Conflict, PostPage, PostView


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from moderation.accounts.model import Account
    from moderation.checks.names.roster import Roster
    from moderation.kernel import AccountId, Asked, PostId, SchoolId
    from moderation.policies.model import Pack
    from moderation.posts.model import Pause, Post
    from moderation.posts.ports import AuditLine


async def view_of(
    unit: PostsUnit,
    schools: Schools,
    post: Post,
    version: int,
    *,
    viewer: PersonId | None,
    now: datetime,
) -> PostView:
    """Everything that the cards of one post show beside the post, for one reader or a channel.

    Who may see it is not decided here: :func:`~moderation.posts.queries.seeing.sight` is, and
    ``present`` shows no more than that.
    """
    pack = await unit.packs.pinned(post.revision.pack)
    accounts = await accounts_of(unit, post.content.accounts)
    day = now.astimezone(schools.zone).date()
    rights = await rights_for(
        unit,
        schools,
        school=post.school,
        accounts=frozenset(accounts),
        settings=pack.settings,
        day=day,
    )
    history = await unit.audit.history(SubjectRef(POST, post.id))
    pause = await _pause(unit, schools, post)
    return PostView(
        viewer=viewer,
        names=await _names(unit, rights, _mentioned(post, history, pause)),
        accounts=accounts,
        school=school_name(schools, post.school),
        rights=rights,
        now=now,
        zone=schools.zone,
        version=version,
        pack=pack,
        pictures=await unit.inspections.get(
            frozenset(item.blob for item in post.content.attachments)
        ),
        pictured=await _pictured(unit, schools, post),
        choosy=bool(post.content.attachments)
        and not all(person.may_be_shown for person in rights.people),
        conflicts=await _conflicts(unit, post, pack),
        past=past_of(history),
        history=history if sees_history(post, rights, viewer) else (),
        pause=pause,
        in_hand=in_hand(history, now),
    )


MOST_NEAR = 4
"""A busy morning's posts all lie near each other; nobody would read all of them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One person asking, in one unit of work."""

    unit: PostsUnit
    schools: Schools
    person: PersonId
    now: datetime
    known: dict[object, Rights] = field(default_factory=dict)
    """Rights read already: a school's posts share a few sets of accounts."""
    patience: dict[str, timedelta] = field(default_factory=dict)
    """By pack, how long the moderators have before the head is asked."""

    @classmethod
    def of(cls, unit: PostsUnit, schools: Schools, asked: Asked) -> Reader | None:
        """``None`` for a stranger, who sees nothing."""
        return None if asked.person is None else cls(unit, schools, asked.person, asked.at)

    @property
    def day(self) -> date:
        return self.now.astimezone(self.schools.zone).date()

    async def page(self, post_id: PostId) -> PostPage | None:
        """The post with its view for this reader, however much of it they may see."""
        stored = await self.unit.posts.get(post_id)
        if stored is None:
            return None
        post, version = stored
        view = await view_of(
            self.unit, self.schools, post, version, viewer=self.person, now=self.now
        )
        return PostPage(post, view)

    async def pages(self, posts: Iterable[PostId]) -> tuple[PostPage, ...]:
        """Several, leaving out what this reader may not see."""
        found = [await self.page(post) for post in posts]
        return tuple(page for page in found if page is not None and sees(page) is Sight.ALL)

    async def places(self) -> frozenset[SchoolId]:
        """The schools (and the trust) that this reader belongs to today."""
        person = await self.unit.people.get(self.person)
        return frozenset() if person is None else belongs_to(person, self.schools, self.day)

    async def rights(self, post: Post) -> Rights:
        """Today's rights about one post, without looking anything else up."""
        wanted = (post.school, post.revision.pack, frozenset(post.content.accounts))
        if wanted not in self.known:
            pack = await self.unit.packs.pinned(post.revision.pack)
            self.patience[post.revision.pack] = timedelta(hours=pack.settings.ask_head_after_hours)
            accounts = await accounts_of(self.unit, post.content.accounts)
            self.known[wanted] = await rights_for(
                self.unit,
                self.schools,
                school=post.school,
                accounts=frozenset(accounts),
                settings=pack.settings,
                day=self.day,
            )
        return self.known[wanted]

    def late(self, post: Post) -> bool:
        """Whether the clock has asked the head about it; once its rights have been read."""
        patience = self.patience.get(post.revision.pack)
        return patience is not None and self.now >= post.entered_at + patience


def sees(page: PostPage) -> Sight:
    """How much the page's own reader may see of it."""
    return sight(page.post, page.view.rights, page.view.viewer)


def school_name(schools: Schools, school: SchoolId) -> str:
    """As app.yaml writes it; the id of a school that is no longer there."""
    found = schools.get(school)
    return str(school) if found is None else found.name


async def accounts_of(
    unit: PostsUnit, accounts: Iterable[AccountId]
) -> Mapping[AccountId, Account]:
    """Those of the accounts that the register has."""
    found: dict[AccountId, Account] = {}
    for account_id in accounts:
        account = await unit.accounts.get(account_id)
        if account is not None:
            found[account_id] = account
    return found


def names_of(rights: Rights) -> dict[PersonId, str]:
    """Everybody at the school, as the school writes them."""
    return {person.id: person.name for person in rights.people}


async def _names(
    unit: PostsUnit, rights: Rights, mentioned: Iterable[PersonId]
) -> Mapping[PersonId, str]:
    names = names_of(rights)
    for who in mentioned:
        if who not in names:
            former = await unit.people.get(who)
            if former is not None:
                names[who] = former.name
    return names


async def _pause(unit: PostsUnit, schools: Schools, post: Post) -> Pause | None:
    if post.state not in LIVE:
        return None
    return await unit.holds.over(tuple(dict.fromkeys((post.school, schools.trust))))


def _mentioned(
    post: Post, history: tuple[AuditLine, ...], pause: Pause | None
) -> Iterator[PersonId]:
    """Everybody whom a card of this post may name, some perhaps gone since."""
    yield from post.authors
    yield from post.content.pictured.staff
    if pause is not None:
        yield pause.by
    yield post.revision.by
    said: tuple[PersonId | None, ...] = (
        *(item.person for item in post.approvals),
        *(item.person for item in post.vetoes),
        *(item.person for item in post.disputes),
        *(item.person for item in post.allowances),
        *(item.person for item in post.questions),
        *(item.person for item in post.postings),
        *(item.person for item in history),
        post.change_request.person if post.change_request is not None else None,
        post.removal_asked.person if post.removal_asked is not None else None,
    )
    yield from (who for who in said if who is not None)


async def _pictured(unit: PostsUnit, schools: Schools, post: Post) -> tuple[str, ...]:
    pupils = post.content.pictured.pupils
    if not pupils:
        return ()
    roster = await _roster(unit, schools, post.school)
    labels = {roster.label(pupil) for pupil in pupils} if roster is not None else set()
    return tuple(sorted(labels - {""}))


async def _roster(unit: PostsUnit, schools: Schools, school: SchoolId) -> Roster | None:
    """A post of the trust may show pupils of every school."""
    if school == schools.trust:
        return await unit.rolls.others(school)
    return await unit.rolls.roster(school)


async def _conflicts(unit: PostsUnit, post: Post, pack: Pack) -> tuple[Conflict, ...]:
    """R12: other posts for the same accounts within the pack's minutes; at most a handful."""
    if post.state not in LIVE:
        return ()
    near = timedelta(minutes=pack.settings.conflict_minutes)
    at, accounts = post.going_out_at, frozenset(post.content.accounts)
    others = await unit.posts.near(accounts, at - near, at + near, post.id, MOST_NEAR)
    return tuple(
        Conflict(other.post, account, other.going_out_at)
        for other in others
        for account in [one for one in post.content.accounts if one in other.accounts][:1]
    )
