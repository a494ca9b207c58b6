"""Private messages that may still change: redrawn where they stand until they have moved on.

A row is made when a message is planned, so that no change of its subject slips between drawing it
and noting that it was sent. It goes as soon as the message says its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import CorruptStore, Identity, PersonId, Platform, SubjectRef, Tell
from moderation.ports import Conversation
from storage import delivery_tables as t
from storage.effects import tell_of
from storage.leases import Leases
from storage.notice_tables import open_notice


if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNoticeRow:
    """A message that shows less than is wanted. ``ref`` is where it stands in ``conversation``."""

    id: int
    tell: Tell
    person: PersonId
    identity: Identity
    conversation: Conversation
    ref: str
    wanted: int
    attempts: int
    failures: int


WAITING: Final = sa.and_(open_notice.c.ref.is_not(None), open_notice.c.shown < open_notice.c.wanted)
"""Behind what is wanted. Built once, not for every unit."""


class OpenNotices:
    """One row for each message that was planned and has not said its last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leases = Leases(
            session,
            open_notice,
            waiting=WAITING,
            order=(open_notice.c.due_at, open_notice.c.notice_id),
        )

    async def plan(self, effect: int, now: datetime) -> None:
        """Follow every message of this effect that is still to be sent. Again changes nothing."""
        select = (
            sa.select(t.notice.c.id, t.effect.c.subject_kind, t.effect.c.subject_id)
            .join(t.effect, t.effect.c.id == t.notice.c.effect_id)
            .where(t.notice.c.effect_id == effect, t.notice.c.state == "ready")
        )
        for found in (await self._session.execute(select)).all():
            row = {
                "notice_id": found.id,
                "subject_kind": found.subject_kind,
                "subject_id": found.subject_id,
                "wanted": 0,
                "shown": 0,
                "failures": 0,
                "due_at": now,
                "attempts": 0,
            }
            insert = self._session.insert(open_notice).values(row)
            await self._session.execute(insert.on_conflict_do_nothing())

    async def sent(self, notice: int, conversation: str, ref: str, version: int) -> None:
        """The message stands there, as of this version of its subject."""
        values = {"conversation": conversation, "ref": ref, "shown": version}
        update = open_notice.update().where(open_notice.c.notice_id == notice)
        await self._session.execute(update.values(values))

    async def want(self, subject: SubjectRef, version: int) -> None:
        """What was said about this subject must show at least ``version``."""
        update = open_notice.update().where(
            open_notice.c.subject_kind == subject.kind,
            open_notice.c.subject_id == subject.id,
            open_notice.c.wanted < version,
        )
        await self._session.execute(update.values(wanted=version))

    async def again(self, subject: SubjectRef) -> None:
        """What was said about this subject is drawn once more, though nothing has changed in it.

        What is wanted stays the subject's own version, so that its next change is newer.
        """
        update = open_notice.update().where(
            open_notice.c.subject_kind == subject.kind,
            open_notice.c.subject_id == subject.id,
            open_notice.c.ref.is_not(None),
            open_notice.c.shown >= open_notice.c.wanted,
        )
        await self._session.execute(update.values(shown=open_notice.c.wanted - 1))

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[OpenNoticeRow, ...]:
        """At most ``limit`` messages that are behind, ours until ``now + lease``.

        One that can't be read back is followed no longer.
        """
        rows = await self._leases.claim(now, limit, owner, lease)
        if not rows:
            return ()
        ids = [row.notice_id for row in rows]
        select = (
            sa.select(t.notice, t.effect.c.body)
            .join(t.effect, t.effect.c.id == t.notice.c.effect_id)
            .where(t.notice.c.id.in_(ids))
        )
        meant = {found.id: found for found in await self._session.execute(select)}
        found: list[OpenNoticeRow] = []
        for row in rows:
            try:
                found.append(_row(row, meant[row.notice_id]))
            except CorruptStore:
                await self.close(row.notice_id)
        return tuple(found)

    async def shown(self, notice: int, attempts: int, version: int) -> bool:
        """``version`` stands there now."""
        values = {"shown": version, "failures": 0, "last_error": None}
        return await self._leases.settle({"notice_id": notice}, attempts, values)

    async def retry(self, notice: int, attempts: int, at: datetime, error: str) -> bool:
        """Try again at ``at``."""
        values = {"due_at": at, "last_error": error, "failures": open_notice.c.failures + 1}
        return await self._leases.settle({"notice_id": notice}, attempts, values)

    async def close(self, notice: int) -> None:
        """It has said its last, or can't be changed any more."""
        await self._session.execute(open_notice.delete().where(open_notice.c.notice_id == notice))


def _row(row: Row[Any], meant: Row[Any]) -> OpenNoticeRow:
    if meant.platform not in {platform.value for platform in Platform}:
        raise CorruptStore("a platform that this version doesn't know")
    identity = Identity(Platform(meant.platform), meant.identity)
    return OpenNoticeRow(
        id=row.notice_id,
        tell=tell_of(SubjectRef(row.subject_kind, row.subject_id), meant.body),
        person=PersonId(meant.person_id),
        identity=identity,
        conversation=Conversation(identity.platform, row.conversation),
        ref=row.ref,
        wanted=row.wanted,
        attempts=row.attempts,
        failures=row.failures,
    )
