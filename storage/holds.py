"""The hold of each place, its reason sealed, and the lock that keeps it while somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.holds.model import Hold
from moderation.posts.model import Pause
from storage import hold_tables as t, mapping
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from moderation.kernel import SchoolId
    from storage.session import Session


HOLD_LOCK = 0x5C4010


class SqlHolds:
    """A :class:`moderation.holds.ports.Holds` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Hold, int] | None:
        """The place's hold and its version; a unit that writes has it alone until it ends."""
        await self._lock(sa.func.pg_advisory_xact_lock(HOLD_LOCK))
        row = (
            await self._session.execute(sa.select(t.hold).where(t.hold.c.school == subject_id))
        ).one_or_none()
        return None if row is None else (self._hold(row.school, row.body), row.version)

    async def put(self, subject_id: str, state: Hold, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if subject_id != state.school:
            raise RuleBroken("a hold is stored under its school")
        body = self._session.seal(t.hold, subject_id, mapping.to_json(state).encode())
        row = {"paused": int(state.paused), "body": body}
        await self._session.put_version(t.hold, {"school": subject_id}, expected, row)

    async def over(self, places: tuple[SchoolId, ...]) -> Pause | None:
        """The oldest pause in force over any of these places."""
        return await self._session.once(("pause", places), lambda: self._over(places))

    async def _over(self, places: tuple[SchoolId, ...]) -> Pause | None:
        # A row that isn't there yet can't be locked; whoever pauses waits for all who have looked.
        await self._lock(sa.func.pg_advisory_xact_lock_shared(HOLD_LOCK))
        select = sa.select(t.hold).where(t.hold.c.school.in_(places), t.hold.c.paused == 1)
        rows = (await self._session.execute(select)).all()
        holds = sorted((self._hold(row.school, row.body) for row in rows), key=lambda it: it.at)
        return next((Pause(place=it.school, by=it.by, since=it.at) for it in holds), None)

    async def _lock(self, lock: sa.Function[None]) -> None:
        """SQLite has one writer at a time anyway."""
        if self._session.writes and self._session.dialect == "postgresql":
            await self._session.execute(sa.select(lock))

    def _hold(self, school: str, body: bytes) -> Hold:
        return mapping.from_json(self._session.unseal(t.hold, school, body), Hold)
