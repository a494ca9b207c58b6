"""Posts, and the tables in which the two-person rule is structural."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import AccountId, BlobId, PersonId, PostId, SchoolId
from moderation.posts.model import (
    GOING_OUT,
    LIVE,
    Approval,
    Posted,
    Posting,
    Publication,
    Revision,
    State,
)
from moderation.posts.ports import Near
from storage import mapping, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Row

    from moderation.posts.model import Post
    from storage.session import Session


LIVE_STATES = sorted(LIVE)
GOING_OUT_STATES = sorted(GOING_OUT)
NEWEST_REVISION = sa.and_(
    t.revision.c.post_id == t.post.c.id, t.revision.c.number == t.post.c.revision_number
)
OLDEST_FIRST = (t.post.c.opened_at, t.post.c.id)
NEWEST_FIRST = (t.post.c.opened_at.desc(), t.post.c.id.desc())

# Of every decision. Built once: building one takes as long as asking it.
POST: Final = sa.select(t.post).where(t.post.c.id == sa.bindparam("post"))
WORDS: Final = sa.select(t.revision, t.revision_body.c.body).join(
    t.revision_body, t.revision_body.c.revision_id == t.revision.c.id
)
EVERY: Final = WORDS.where(t.revision.c.post_id == sa.bindparam("post"))
OLDEST_NUMBER_FIRST: Final = EVERY.order_by(t.revision.c.number)
LAST: Final = EVERY.order_by(t.revision.c.number.desc()).limit(1)
NEWEST: Final = WORDS.join(t.post, NEWEST_REVISION).where(
    t.post.c.id.in_(sa.bindparam("posts", expanding=True))
)
HANDS: Final = (
    # Who wrote it and who said yes to it; the columns of a yes are empty for the former.
    sa.select(
        t.hand,
        *(column for column in t.approval.c if column.name not in t.hand.c),
    )
    .outerjoin(
        t.approval,
        sa.and_(
            t.approval.c.revision_id == t.hand.c.revision_id,
            t.approval.c.person_id == t.hand.c.person_id,
        ),
    )
    .where(t.hand.c.revision_id.in_(sa.bindparam("revisions", expanding=True)))
    .order_by(t.approval.c.at, t.hand.c.person_id)
)
PUBLICATIONS: Final = (
    sa.select(t.publication)
    .join(
        t.revision_account,
        sa.and_(
            t.revision_account.c.revision_id == t.publication.c.revision_id,
            t.revision_account.c.account_id == t.publication.c.account_id,
        ),
    )
    .where(t.publication.c.revision_id.in_(sa.bindparam("revisions", expanding=True)))
    .order_by(t.revision_account.c.position)
)
_FIRST = (
    sa.select(t.post.c.id, t.post.c.going_out_at, t.revision.c.id.label("revision_id"))
    .join(t.revision, NEWEST_REVISION)
    .where(
        t.post.c.id != sa.bindparam("leaving_out"),
        t.post.c.state.in_(GOING_OUT_STATES),
        t.post.c.going_out_at.between(sa.bindparam("start"), sa.bindparam("end")),
        sa.exists().where(
            t.revision_account.c.revision_id == t.revision.c.id,
            t.revision_account.c.account_id.in_(sa.bindparam("accounts", expanding=True)),
        ),
    )
    .order_by(t.post.c.going_out_at, t.post.c.id)
    .limit(sa.bindparam("limit"))
    .subquery()
)
NEAR: Final = sa.select(_FIRST, t.revision_account.c.account_id).join(
    t.revision_account, t.revision_account.c.revision_id == _FIRST.c.revision_id
)
STOPS_WAITING: Final = t.post_waiting.delete().where(
    t.post_waiting.c.post_id == sa.bindparam("post")
)
NOT_POSTED: Final = t.posted.delete().where(t.posted.c.post_id == sa.bindparam("post"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A revision as it is stored, and every yes to it."""

    post: str
    revision: Revision
    approvals: tuple[Approval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What stands beside a post's own row. ``None`` for what isn't known."""

    revision: Revision | None = None
    approvals: tuple[Approval, ...] = ()
    publications: tuple[Publication, ...] = ()
    waiting_for: frozenset[BlobId] | None = frozenset()
    postings: tuple[Posting, ...] | None = ()


class SqlPosts:
    """:class:`moderation.posts.ports.Posts` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, tuple[Post, int]] = {}

    async def get(self, subject_id: str) -> tuple[Post, int] | None:
        """The post, locked for this unit of work, and its version."""
        return await self._session.once(("post", subject_id), lambda: self._get(subject_id))

    async def _get(self, subject_id: str) -> tuple[Post, int] | None:
        select = self._session.locked(POST)
        row = (await self._session.execute(select, {"post": subject_id})).one_or_none()
        if row is None:
            return None
        [post] = await self._assembled([row])
        if self._session.writes:
            self._read[subject_id] = post, row.version
        return post, row.version

    # -- writing ---------------------------------------------------------------------------------

    async def put(self, subject_id: str, state: Post, expected: int) -> None:
        """Store what is new: a revision with its authors, approvals, publications; then the row."""
        if subject_id != state.id:
            raise RuleBroken("a post is stored under its own id")
        await self._put_row(state, expected)
        stored = await self._stored(state.id, expected)
        if await self._put_revision(state, stored):
            # Nobody can have said anything to a revision that has just been made.
            stored = replace(stored, approvals=(), publications=())
        await self._put_approvals(state, stored)
        await self._put_publications(state, stored)
        await self._put_indexes(state, stored)

    async def _put_row(self, post: Post, expected: int) -> None:
        body = self._session.seal(t.post, post.id, mapping.post_body(post))
        row = mapping.post_row(post) | {"body": body}
        await self._session.put_version(t.post, {"id": post.id}, expected, row)

    async def _stored(self, post: str, expected: int) -> _Stored:
        """Asked after the row was put, so that nobody else changes it any more."""
        if expected == 0:
            return _Stored()
        read, version = self._read.pop(post, (None, 0))
        if read is not None and version == expected:  # as it was read, for it is locked since then
            return _Stored(
                revision=read.revision,
                approvals=read.approvals,
                publications=read.publications,
                waiting_for=read.waiting_for,
                postings=read.postings,
            )
        [newest] = await self._written(LAST, {"post": post})
        publications = await self._publications([newest.revision.id])
        return _Stored(
            revision=newest.revision,
            approvals=newest.approvals,
            publications=tuple(publications[newest.revision.id]),
            waiting_for=None,
            postings=None,
        )

    async def _put_revision(self, post: Post, stored: _Stored) -> bool:
        """Store the newest revision; whether it is one that wasn't there."""
        new = post.revision
        if stored.revision is not None and stored.revision.id == new.id:
            if stored.revision != new:
                raise RuleBroken("revision_is_insert_only")
            return False
        run = self._session.execute
        await run(t.revision.insert(), mapping.revision_row(post))
        body = mapping.to_json(new.content).encode()
        sealed = self._session.seal(t.revision_body, new.id, body)
        await run(t.revision_body.insert(), {"revision_id": new.id, "body": sealed})
        accounts = [
            {"revision_id": new.id, "account_id": account, "position": position}
            for position, account in enumerate(new.content.accounts)
        ]
        if accounts:
            await run(t.revision_account.insert(), accounts)
        hands = [_hand(new.id, author, "author") for author in sorted(new.authors)]
        if hands:
            await run(t.hand.insert(), hands)
        return True

    async def _put_approvals(self, post: Post, stored: _Stored) -> None:
        if not set(stored.approvals) <= set(post.approvals):
            raise RuleBroken("approval_is_insert_only")
        new = [approval for approval in post.approvals if approval not in stored.approvals]
        if not new:
            return
        hands = [_hand(approval.revision, approval.person, "approver") for approval in new]
        await self._session.execute(t.hand.insert(), hands)
        await self._session.execute(t.approval.insert(), list(map(mapping.approval_row, new)))

    async def _put_publications(self, post: Post, stored: _Stored) -> None:
        if not set(stored.publications) <= set(post.publications):
            raise RuleBroken("publication_is_insert_only")
        new = [one for one in post.publications if one not in stored.publications]
        if new:
            rows = list(map(mapping.publication_row, new))
            await self._session.execute(t.publication.insert(), rows)

    async def _put_indexes(self, post: Post, stored: _Stored) -> None:
        """What is only there to be found by: it can always be made again from the post."""
        run, key = self._session.execute, {"post": post.id}
        if stored.waiting_for != post.waiting_for:
            await run(STOPS_WAITING, key)
            blobs = [{"post_id": post.id, "blob": blob} for blob in sorted(post.waiting_for)]
            if blobs:
                await run(t.post_waiting.insert(), blobs)
        if stored.postings != post.postings:
            await run(NOT_POSTED, key)
            for said in post.postings:
                if said.said is Posted.YES:
                    row = {"post_id": post.id, "account_id": said.account, "at": said.at}
                    await self._session.upsert(t.posted, row)

    # -- finding ---------------------------------------------------------------------------------

    async def near(
        self,
        accounts: frozenset[AccountId],
        start: datetime,
        end: datetime,
        leaving_out: PostId,
        limit: int,
    ) -> tuple[Near, ...]:
        """In the order in which they go out; both ends of the window count."""
        asked = {
            "accounts": sorted(accounts),
            "start": start,
            "end": end,
            "leaving_out": leaving_out,
            "limit": limit,
        }
        found: dict[tuple[datetime, str], set[AccountId]] = defaultdict(set)
        for row in await self._session.execute(NEAR, asked):
            found[row.going_out_at, row.id].add(AccountId(row.account_id))
        return tuple(
            Near(PostId(post), frozenset(found[at, post]), at) for at, post in sorted(found)
        )

    async def live(self, schools: frozenset[SchoolId]) -> tuple[Post, ...]:
        """Posts of these schools that are not final, oldest first."""
        select = sa.select(t.post).where(
            t.post.c.school.in_(schools), t.post.c.state.in_(LIVE_STATES)
        )
        return await self._posts(select.order_by(*OLDEST_FIRST))

    async def some(self, posts: frozenset[PostId]) -> tuple[Post, ...]:
        """Those of them that exist, oldest first."""
        select = sa.select(t.post).where(t.post.c.id.in_(sorted(posts)))
        return await self._posts(select.order_by(*OLDEST_FIRST)) if posts else ()

    async def recent(self, school: SchoolId, limit: int) -> tuple[Post, ...]:
        """The newest ``limit`` posts of a school, newest first."""
        select = sa.select(t.post).where(t.post.c.school == school)
        return await self._posts(select.order_by(*NEWEST_FIRST).limit(limit))

    async def by_author(self, person: PersonId, limit: int) -> tuple[Post, ...]:
        """The newest posts that this person wrote some part of, newest first."""
        select = (
            sa.select(t.post)
            .join(t.revision, NEWEST_REVISION)
            .join(t.hand, t.hand.c.revision_id == t.revision.c.id)
            .where(t.hand.c.person_id == person, t.hand.c.capacity == "author")
        )
        return await self._posts(select.order_by(*NEWEST_FIRST).limit(limit))

    async def waiting_for(self, blob: BlobId) -> tuple[PostId, ...]:
        """Live posts that wait for this picture to be looked at, oldest first."""
        select = (
            sa.select(t.post.c.id)
            .join(t.post_waiting, t.post_waiting.c.post_id == t.post.c.id)
            .where(t.post_waiting.c.blob == blob, t.post.c.state.in_(LIVE_STATES))
        )
        return await self._ids(select.order_by(*OLDEST_FIRST))

    async def waiting(self) -> tuple[PostId, ...]:
        """Live posts that wait for any picture to be looked at, oldest first."""
        some = sa.select(t.post_waiting.c.post_id)
        select = sa.select(t.post.c.id).where(
            t.post.c.id.in_(some), t.post.c.state.in_(LIVE_STATES)
        )
        return await self._ids(select.order_by(*OLDEST_FIRST))

    async def released(self) -> tuple[PostId, ...]:
        """Posts handed out and not yet posted everywhere, oldest first."""
        select = sa.select(t.post.c.id).where(t.post.c.state == State.RELEASED.value)
        return await self._ids(select.order_by(*OLDEST_FIRST))

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        """Every revision, oldest first."""
        written = await self._written(OLDEST_NUMBER_FIRST, {"post": post})
        return tuple(found.revision for found in written)

    async def _ids(self, select: sa.Select[tuple[str]]) -> tuple[PostId, ...]:
        return tuple(PostId(found) for found in (await self._session.execute(select)).scalars())

    async def _posts(self, select: sa.Select[Any]) -> tuple[Post, ...]:
        return await self._assembled((await self._session.execute(select)).all())

    # -- putting rows together -------------------------------------------------------------------

    async def _assembled(self, rows: Sequence[Row[Any]]) -> tuple[Post, ...]:
        """Posts in the order of their rows, with one query for each kind of part."""
        if not rows:
            return ()
        newest = {
            found.post: found
            for found in await self._written(NEWEST, {"posts": [row.id for row in rows]})
        }
        publications = await self._publications([found.revision.id for found in newest.values()])
        return tuple(
            mapping.PostRows(
                post=row,
                body=self._session.unseal(t.post, row.id, row.body),
                revision=found.revision,
                approvals=found.approvals,
                publications=tuple(publications[found.revision.id]),
            ).assemble()
            for row in rows
            for found in (newest[row.id],)
        )

    async def _written(
        self, select: sa.Select[Any], parameters: Mapping[str, object]
    ) -> tuple[_Written, ...]:
        """``select`` is one of those made from ``WORDS``; in its order."""
        rows = (await self._session.execute(select, parameters)).all()
        authors: dict[str, set[PersonId]] = defaultdict(set)
        approvals: dict[str, list[Approval]] = defaultdict(list)
        for hand in await self._session.execute(HANDS, {"revisions": [row.id for row in rows]}):
            if hand.capacity == "author":
                authors[hand.revision_id].add(PersonId(hand.person_id))
            elif hand.digest is not None:  # a hand whose yes is there
                approvals[hand.revision_id].append(mapping.approval_of(hand))
        return tuple(
            _Written(
                post=row.post_id,
                revision=mapping.revision_of(
                    row,
                    self._session.unseal(t.revision_body, row.id, row.body),
                    frozenset(authors[row.id]),
                ),
                approvals=tuple(approvals[row.id]),
            )
            for row in rows
        )

    async def _publications(self, revisions: Collection[str]) -> Mapping[str, list[Publication]]:
        found: dict[str, list[Publication]] = defaultdict(list)
        for row in await self._session.execute(PUBLICATIONS, {"revisions": list(revisions)}):
            found[row.revision_id].append(mapping.publication_of(row))
        return found


def _hand(revision: str, person: PersonId, capacity: str) -> dict[str, object]:
    return {"revision_id": revision, "person_id": person, "capacity": capacity}
