"""Posts, and the tables in which the two-person rule is structural."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import AccountId, BlobId, PersonId, PostId, SchoolId
from moderation.posts.model import LIVE, Posted, State
from storage import mapping, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Row

    from moderation.posts.model import Approval, Post, Publication, Revision
    from storage.session import Session


LIVE_STATES = [state.value for state in LIVE]
NEWEST_REVISION = sa.and_(
    t.revision.c.post_id == t.post.c.id, t.revision.c.number == t.post.c.revision_number
)
OLDEST_FIRST = (t.post.c.opened_at, t.post.c.id)
NEWEST_FIRST = (t.post.c.opened_at.desc(), t.post.c.id.desc())


class SqlPosts:
    """:class:`moderation.posts.ports.Posts` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[str, tuple[Post, int]] = {}

    async def get(self, subject_id: str) -> tuple[Post, int] | None:
        """The post, locked for this unit of work, and its version."""
        select = sa.select(t.post).where(t.post.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
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
        read, version = self._read.pop(state.id, (None, 0))
        # Locked since, and the version has just been found to be the one expected.
        before = read if version == expected else None
        await self._put_revision(state, before)
        await self._put_approvals(state, before)
        await self._put_publications(state, before)
        await self._put_indexes(state, before)

    async def _put_row(self, post: Post, expected: int) -> None:
        body = self._session.seal(t.post, post.id, mapping.post_body(post))
        row = mapping.post_row(post) | {"body": body}
        await self._session.put_version(t.post, {"id": post.id}, expected, row)

    async def _put_revision(self, post: Post, before: Post | None) -> None:
        if before is not None:
            stored = {before.revision.id: before.revision}
        else:
            newest = sa.select(t.revision).where(t.revision.c.post_id == post.id)
            stored = await self._revisions(newest.order_by(t.revision.c.number.desc()).limit(1))
        new = post.revision
        if new.id in stored:
            if stored[new.id] != new:
                raise RuleBroken("revision_is_insert_only")
            return
        run = self._session.execute
        await run(t.revision.insert(), mapping.revision_row(post))
        body = mapping.to_json(new.content).encode()
        sealed = self._session.seal(t.revision_body, new.id, body)
        await run(t.revision_body.insert(), {"revision_id": new.id, "body": sealed})
        for position, account in enumerate(new.content.accounts):
            row = {"revision_id": new.id, "account_id": account, "position": position}
            await run(t.revision_account.insert(), row)
        for author in sorted(new.authors):
            await self._put_hand(new.id, author, "author")

    async def _put_hand(self, revision: str, person: PersonId, capacity: str) -> None:
        row = {"revision_id": revision, "person_id": person, "capacity": capacity}
        await self._session.execute(t.hand.insert(), row)

    async def _put_approvals(self, post: Post, before: Post | None) -> None:
        stored: Sequence[Approval]
        if before is not None and before.revision.id == post.revision.id:
            stored = before.approvals
        else:
            stored = (await self._approvals([post.revision.id]))[post.revision.id]
        if not set(stored) <= set(post.approvals):
            raise RuleBroken("approval_is_insert_only")
        for approval in post.approvals:
            if approval not in stored:
                await self._put_hand(approval.revision, approval.person, "approver")
                await self._session.execute(t.approval.insert(), mapping.approval_row(approval))

    async def _put_publications(self, post: Post, before: Post | None) -> None:
        stored: Sequence[Publication]
        if before is not None and before.revision.id == post.revision.id:
            stored = before.publications
        else:
            stored = (await self._publications([post.revision.id]))[post.revision.id]
        if not set(stored) <= set(post.publications):
            raise RuleBroken("publication_is_insert_only")
        for publication in post.publications:
            if publication not in stored:
                row = mapping.publication_row(publication)
                await self._session.execute(t.publication.insert(), row)

    async def _put_indexes(self, post: Post, before: Post | None) -> None:
        """What is only there to be found by: it can always be made again from the post."""
        run = self._session.execute
        if before is None or before.waiting_for != post.waiting_for:
            await run(t.post_waiting.delete().where(t.post_waiting.c.post_id == post.id))
            for blob in sorted(post.waiting_for):
                await run(t.post_waiting.insert(), {"post_id": post.id, "blob": blob})
        if before is not None and before.postings == post.postings:
            return
        await run(t.posted.delete().where(t.posted.c.post_id == post.id))
        for said in post.postings:
            if said.said is Posted.YES:
                row = {"post_id": post.id, "account_id": said.account, "at": said.at}
                await self._session.upsert(t.posted, row)

    # -- finding ---------------------------------------------------------------------------------

    async def near(
        self, accounts: frozenset[AccountId], start: datetime, end: datetime, leaving_out: PostId
    ) -> tuple[PostId, ...]:
        """Ids in the order in which they go out; both ends of the window count."""
        on_these = (
            sa.select(t.revision_account.c.revision_id)
            .where(t.revision_account.c.account_id.in_(accounts))
            .scalar_subquery()
        )
        select = (
            sa.select(t.post.c.id)
            .join(t.revision, NEWEST_REVISION)
            .where(
                t.post.c.id != leaving_out,
                t.post.c.state.in_(LIVE_STATES),
                t.post.c.going_out_at.between(start, end),
                t.revision.c.id.in_(on_these),
            )
            .order_by(t.post.c.going_out_at, t.post.c.id)
        )
        return await self._ids(select)

    async def live(self, schools: frozenset[SchoolId]) -> tuple[Post, ...]:
        """Posts of these schools that are not final, oldest first."""
        select = sa.select(t.post).where(
            t.post.c.school.in_(schools), t.post.c.state.in_(LIVE_STATES)
        )
        return await self._posts(select.order_by(*OLDEST_FIRST))

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
        select = sa.select(t.revision).where(t.revision.c.post_id == post)
        return tuple((await self._revisions(select.order_by(t.revision.c.number))).values())

    async def _ids(self, select: sa.Select[tuple[str]]) -> tuple[PostId, ...]:
        return tuple(PostId(found) for found in (await self._session.execute(select)).scalars())

    async def _posts(self, select: sa.Select[Any]) -> tuple[Post, ...]:
        return await self._assembled((await self._session.execute(select)).all())

    # -- putting rows together -------------------------------------------------------------------

    async def _assembled(self, rows: Sequence[Row[Any]]) -> tuple[Post, ...]:
        """Posts in the order of their rows, with one query for each kind of part."""
        if not rows:
            return ()
        newest = (
            sa.select(t.revision)
            .join(t.post, NEWEST_REVISION)
            .where(t.post.c.id.in_([row.id for row in rows]))
        )
        revisions = await self._revisions(newest)
        by_number = {(found.post_id, found.number): found.id for found in await self._keys(newest)}
        approvals = await self._approvals(revisions)
        publications = await self._publications(revisions)
        return tuple(
            mapping.PostRows(
                post=row,
                body=self._session.unseal(t.post, row.id, row.body),
                revision=revisions[of],
                approvals=tuple(approvals[of]),
                publications=tuple(publications[of]),
            ).assemble()
            for row in rows
            for of in (by_number[row.id, row.revision_number],)
        )

    async def _keys(self, select: sa.Select[Any]) -> Sequence[Row[Any]]:
        columns = (t.revision.c.id, t.revision.c.post_id, t.revision.c.number)
        return (await self._session.execute(select.with_only_columns(*columns))).all()

    async def _revisions(self, select: sa.Select[Any]) -> dict[str, Revision]:
        rows = (await self._session.execute(select)).all()
        ids = [row.id for row in rows]
        words = sa.select(t.revision_body).where(t.revision_body.c.revision_id.in_(ids))
        bodies = {row.revision_id: row.body for row in await self._session.execute(words)}
        authors: dict[str, set[PersonId]] = defaultdict(set)
        hands = sa.select(t.hand).where(
            t.hand.c.revision_id.in_(ids), t.hand.c.capacity == "author"
        )
        for hand in await self._session.execute(hands):
            authors[hand.revision_id].add(PersonId(hand.person_id))
        return {
            row.id: mapping.revision_of(
                row,
                self._session.unseal(t.revision_body, row.id, bodies[row.id]),
                frozenset(authors[row.id]),
            )
            for row in rows
        }

    async def _approvals(self, revisions: Iterable[str]) -> Mapping[str, list[Approval]]:
        found: dict[str, list[Approval]] = defaultdict(list)
        select = (
            sa.select(t.approval)
            .where(t.approval.c.revision_id.in_(list(revisions)))
            .order_by(t.approval.c.at, t.approval.c.person_id)
        )
        for row in await self._session.execute(select):
            found[row.revision_id].append(mapping.approval_of(row))
        return found

    async def _publications(self, revisions: Iterable[str]) -> Mapping[str, list[Publication]]:
        found: dict[str, list[Publication]] = defaultdict(list)
        of_account = sa.and_(
            t.revision_account.c.revision_id == t.publication.c.revision_id,
            t.revision_account.c.account_id == t.publication.c.account_id,
        )
        select = (
            sa.select(t.publication)
            .join(t.revision_account, of_account)
            .where(t.publication.c.revision_id.in_(list(revisions)))
            .order_by(t.revision_account.c.position)
        )
        for row in await self._session.execute(select):
            found[row.revision_id].append(mapping.publication_of(row))
        return found
