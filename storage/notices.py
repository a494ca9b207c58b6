"""Private messages, each said once to each identity of whoever is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import CorruptStore, Identity, PersonId, Platform, SubjectRef, Tell
from storage import delivery_tables as t
from storage.effects import tell_of
from storage.leases import PLATFORMS, UNREADABLE, Leases


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A private message to one identity of one person."""

    id: int
    tell: Tell
    person: PersonId
    identity: Identity
    attempts: int
    failures: int
    due_at: datetime
    first_at: datetime


WAITING: Final = t.notice.c.state == "ready"
"""To be sent. Built once, not for every unit."""


class Notices:
    """One row for each effect and identity: said once.

    Whoever has no identity is kept as somebody to be told in person.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leases = Leases(
            session,
            t.notice,
            waiting=WAITING,
            order=(t.notice.c.due_at, t.notice.c.id),
        )

    async def plan(
        self, effect: int, recipients: Iterable[tuple[PersonId, Identity | None]], now: datetime
    ) -> None:
        """Who is told, decided when the effect is done. Planning it again adds nobody twice."""
        for person, identity in recipients:
            row = {
                "effect_id": effect,
                "person_id": person,
                "platform": "" if identity is None else identity.platform.value,
                "identity": "" if identity is None else identity.id,
                "state": "in_person" if identity is None else "ready",
                "due_at": now,
                "attempts": 0,
            }
            insert = self._session.insert(t.notice).values(row)
            await self._session.execute(insert.on_conflict_do_nothing())

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[NoticeRow, ...]:
        """At most ``limit`` messages to send, ours until ``now + lease``.

        One that can't be read back is dead at once.
        """
        rows = await self._leases.claim(now, limit, owner, lease)
        if not rows:
            return ()
        select = sa.select(t.effect).where(t.effect.c.id.in_([row.effect_id for row in rows]))
        meant = {found.id: found for found in await self._session.execute(select)}
        found: list[NoticeRow] = []
        for row in rows:
            try:
                found.append(_notice(row, meant[row.effect_id]))
            except CorruptStore:
                await self._leases.settle({"id": row.id}, row.attempts, UNREADABLE)
        return tuple(found)

    async def done(self, notice: int, attempts: int, ref: str) -> bool:
        """It was said, in the message ``ref``."""
        return await self._leases.settle({"id": notice}, attempts, {"state": "done", "ref": ref})

    async def retry(self, notice: int, attempts: int, at: datetime, error: str) -> bool:
        """Try again at ``at``."""
        failures = t.notice.c.failures + 1
        values = {"due_at": at, "last_error": error, "failures": failures}
        return await self._leases.settle({"id": notice}, attempts, values)

    async def dead(self, notice: int, attempts: int, error: str) -> bool:
        """Give it up."""
        values = {"state": "dead", "last_error": error}
        return await self._leases.settle({"id": notice}, attempts, values)


def _notice(row: Row[Any], meant: Row[Any]) -> NoticeRow:
    if row.platform not in PLATFORMS:
        raise CorruptStore("a platform that this version doesn't know")
    return NoticeRow(
        id=row.id,
        tell=tell_of(SubjectRef(meant.subject_kind, meant.subject_id), meant.body),
        person=PersonId(row.person_id),
        identity=Identity(Platform(row.platform), row.identity),
        attempts=row.attempts,
        failures=row.failures,
        due_at=row.due_at,
        first_at=row.first_at,
    )
