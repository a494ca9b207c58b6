"""Publications on their way to a publisher: each handed out at most once by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import AccountId, PostId
from storage import delivery_tables as t, tables
from storage.leases import Leases


if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One publication to be handed to a publisher."""

    post: PostId
    revision: str
    account: AccountId
    attempts: int
    failures: int
    due_at: datetime
    first_at: datetime | None


WAITING: Final = t.release.c.state == "ready"
"""To be handed out. Built once, not for every unit."""


class Releases:
    """At most once by itself.

    ``ready`` → ``sending`` → ``done`` | ``rejected`` | ``ambiguous``. Only what certainly did not
    go out becomes ``ready`` again; what may have waits as ``ambiguous`` for a person. The row
    points at its publication, so that nothing unapproved can be handed out.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leases = Leases(
            session,
            t.release,
            waiting=WAITING,
            order=(t.release.c.due_at, t.release.c.post_id, t.release.c.account_id),
            taken="sending",
        )

    async def plan(self, post: PostId, account: AccountId, now: datetime) -> None:
        """Hand out the newest version of a post on one account, once.

        Raises :class:`~storage.faults.RuleBroken` where it has no publication.
        """
        newest = (
            sa.select(tables.revision.c.id)
            .where(tables.revision.c.post_id == post)
            .order_by(tables.revision.c.number.desc())
            .limit(1)
        )
        revision = (await self._session.execute(newest)).scalar_one_or_none()
        known = sa.select(t.release.c.state).where(
            t.release.c.revision_id == revision, t.release.c.account_id == account
        )
        if (await self._session.execute(known)).one_or_none() is not None:
            return
        row = {
            "revision_id": revision or "",
            "account_id": account,
            "post_id": post,
            "state": "ready",
            "due_at": now,
            "attempts": 0,
        }
        await self._session.execute(t.release.insert(), row)

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[ReleaseRow, ...]:
        """At most ``limit`` releases to hand out. Each is ``sending`` from now on."""
        return tuple(map(_release, await self._leases.claim(now, limit, owner, lease)))

    async def done(self, release: ReleaseRow, ref: str) -> bool:
        """It is with the posters, or in the folder."""
        return await self._settle(release, {"state": "done", "ref": ref})

    async def rejected(self, release: ReleaseRow, error: str) -> bool:
        """The publisher will never take it."""
        return await self._settle(release, {"state": "rejected", "last_error": error})

    async def ambiguous(self, release: ReleaseRow, error: str) -> bool:
        """It may or may not have gone out: a person says."""
        return await self._settle(release, {"state": "ambiguous", "last_error": error})

    async def retry(self, release: ReleaseRow, at: datetime, error: str) -> bool:
        """It certainly did not go out: try again at ``at``."""
        failures = t.release.c.failures + 1
        values = {"state": "ready", "due_at": at, "last_error": error, "failures": failures}
        return await self._settle(release, values)

    async def wait(self, release: ReleaseRow, at: datetime, why: str) -> bool:
        """Nothing was tried: look at it again at ``at``, with as many tries left as before."""
        values = {"state": "ready", "due_at": at, "last_error": why, "first_at": None}
        return await self._settle(release, values)

    async def lapsed(self, now: datetime) -> tuple[ReleaseRow, ...]:
        """Releases whose worker never came back. They are ``ambiguous`` from now on."""
        update = (
            t.release.update()
            .where(t.release.c.state == "sending", t.release.c.lease_until <= now)
            .values(state="ambiguous", lease_owner=None, lease_until=None, last_error="lapsed")
            .returning(*t.release.c)
        )
        return tuple(map(_release, (await self._session.execute(update)).all()))

    async def cancel(self, post: PostId) -> int:
        """Nothing of this post that still waits is handed out any more. Returns how many."""
        update = (
            t.release.update()
            .where(t.release.c.post_id == post, t.release.c.state == "ready")
            .values(state="cancelled")
        )
        return int((await self._session.execute(update)).rowcount)

    async def answered(self, post: PostId, account: AccountId, *, appeared: bool) -> bool:
        """What a person says of an ambiguous one; where it did not appear, it is done by hand."""
        update = (
            t.release.update()
            .where(
                t.release.c.post_id == post,
                t.release.c.account_id == account,
                t.release.c.state == "ambiguous",
            )
            .values(state="done" if appeared else "rejected")
        )
        return bool((await self._session.execute(update)).rowcount)

    async def states(self, post: PostId) -> dict[AccountId, str]:
        """Where each account's newest release of a post stands."""
        select = (
            sa.select(t.release.c.account_id, t.release.c.state)
            .join(tables.revision, tables.revision.c.id == t.release.c.revision_id)
            .where(t.release.c.post_id == post)
            .order_by(tables.revision.c.number)
        )
        rows = await self._session.execute(select)
        return {AccountId(row.account_id): row.state for row in rows}

    async def _settle(self, release: ReleaseRow, values: dict[str, object]) -> bool:
        key = {"revision_id": release.revision, "account_id": release.account}
        return await self._leases.settle(key, release.attempts, values)


def _release(row: Row[Any]) -> ReleaseRow:
    return ReleaseRow(
        post=PostId(row.post_id),
        revision=row.revision_id,
        account=AccountId(row.account_id),
        attempts=row.attempts,
        failures=row.failures,
        due_at=row.due_at,
        first_at=row.first_at,
    )
