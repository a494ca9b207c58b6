"""Cards that follow their subject, one for each conversation that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import Platform, SubjectRef
from moderation.ports import Conversation
from storage import delivery_tables as t
from storage.leases import PLATFORMS, UNREADABLE, Leases


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card of a subject. ``ref`` is ``None`` where it was never shown.

    ``failures`` counts tries in a row that came to nothing; ``first_at`` is when the first of them
    was made, ``None`` where nothing is being tried.
    """

    subject: SubjectRef
    conversation: Conversation
    wanted: int
    shown: int
    ref: str | None
    attempts: int
    failures: int
    first_at: datetime | None


WAITING: Final = sa.and_(
    t.card.c.state == sa.literal_column("'open'"), t.card.c.shown < t.card.c.wanted
)
"""Behind what is wanted. Written out, so that a database sees that it has an index over these."""
ORDER: Final = (t.card.c.due_at, t.card.c.subject_id, t.card.c.conversation)


class Cards:
    """One row for each subject and conversation.

    An event raises ``wanted``; the relay draws today's truth while ``shown < wanted``. Order,
    several changes at once and several platforms follow from that by themselves.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leases = Leases(
            session,
            t.card,
            waiting=WAITING,
            order=ORDER,
        )

    async def want(
        self, subject: SubjectRef, conversation: Conversation, version: int, now: datetime
    ) -> None:
        """The card there must show at least ``version``."""
        await self.want_all(subject, (conversation,), version, now)

    async def want_all(
        self,
        subject: SubjectRef,
        conversations: Iterable[Conversation],
        version: int,
        now: datetime,
    ) -> None:
        """The same for several at once.

        One that was given up is open again for a newer version, with as many tries as a new one.
        """
        rows = [
            {
                **_card_key(subject, conversation),
                "wanted": version,
                "shown": 0,
                "failures": 0,
                "state": "open",
                "due_at": now,
                "attempts": 0,
            }
            for conversation in conversations
        ]
        if not rows:
            return
        insert = self._session.insert(t.card).values(rows)
        newer = sa.case((t.card.c.wanted < version, version), else_=t.card.c.wanted)
        anew = sa.and_(t.card.c.state == "dead", t.card.c.wanted < version)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=[column.name for column in t.card.primary_key],
                set_={
                    "wanted": newer,
                    "state": sa.case((anew, "open"), else_=t.card.c.state),
                    "failures": sa.case((anew, 0), else_=t.card.c.failures),
                    "first_at": sa.case((anew, None), else_=t.card.c.first_at),
                },
            )
        )

    async def again(
        self, subject: SubjectRef, now: datetime, *, on: Platform | None = None
    ) -> None:
        """Draw its cards once more where they stand, though nothing has changed in the subject.

        On one platform, or on all.

        What is wanted stays the subject's own version, so that its next change is newer.
        """
        update = t.card.update().where(
            t.card.c.subject_kind == subject.kind,
            t.card.c.subject_id == subject.id,
            t.card.c.state == "open",
            t.card.c.ref.is_not(None),
            t.card.c.shown >= t.card.c.wanted,
            sa.true() if on is None else t.card.c.platform == on.value,
        )
        values = {"shown": t.card.c.wanted - 1, "due_at": now}
        await self._session.execute(update.values(values))

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[CardRow, ...]:
        """At most ``limit`` cards that are behind, ours until ``now + lease``.

        One on a platform that this version doesn't know is dead at once.
        """
        found: list[CardRow] = []
        for row in await self._leases.claim(now, limit, owner, lease):
            if row.platform in PLATFORMS:
                found.append(_card(row))
            else:
                key = {column.name: getattr(row, column.name) for column in t.card.primary_key}
                await self._leases.settle(key, row.attempts, UNREADABLE)
        return tuple(found)

    async def shown(
        self,
        subject: SubjectRef,
        conversation: Conversation,
        version: int,
        ref: str,
        attempts: int,
    ) -> bool:
        """``version`` stands there now, in the message ``ref``."""
        values = {
            "shown": version,
            "ref": ref,
            "failures": 0,
            "first_at": None,
            "last_error": None,
        }
        return await self._leases.settle(_card_key(subject, conversation), attempts, values)

    async def gone(
        self, subject: SubjectRef, conversation: Conversation, attempts: int, at: datetime
    ) -> bool:
        """The message is no longer there: show a new one at ``at``."""
        values = {"ref": None, "shown": 0, "due_at": at, "failures": t.card.c.failures + 1}
        return await self._leases.settle(_card_key(subject, conversation), attempts, values)

    async def retry(
        self,
        subject: SubjectRef,
        conversation: Conversation,
        attempts: int,
        at: datetime,
        error: str,
    ) -> bool:
        """Try again at ``at``."""
        values = {"due_at": at, "last_error": error, "failures": t.card.c.failures + 1}
        return await self._leases.settle(_card_key(subject, conversation), attempts, values)

    async def redraw(self, subject: SubjectRef, conversation: Conversation) -> None:
        """Draw it once more, whoever is at it: what stands there may be older than what is noted.

        For a worker that has sent although its lease had gone to another. The other's lease ends
        as well, so that it notes nothing either.
        """
        values = {
            "shown": 0,
            "attempts": t.card.c.attempts + 1,
            "lease_owner": None,
            "lease_until": None,
        }
        here = [t.card.c[name] == value for name, value in _card_key(subject, conversation).items()]
        await self._session.execute(t.card.update().where(*here).values(values))

    async def redraw_all(self, conversation: Conversation, now: datetime) -> None:
        """Draw everything anew that stands in one conversation."""
        here = (
            t.card.c.platform == conversation.platform.value,
            t.card.c.conversation == conversation.id,
            t.card.c.state == "open",
        )
        values = {"shown": 0, "due_at": now}
        await self._session.execute(t.card.update().where(*here).values(values))

    async def renew(self, kind: str, subjects: Iterable[str]) -> None:
        """Draw these subjects once more, where a card of theirs stands or is on its way.

        One that was given up has as many tries again as a new one.
        """
        here = (
            t.card.c.subject_kind == kind,
            t.card.c.subject_id.in_(tuple(subjects)),
            sa.or_(t.card.c.shown < t.card.c.wanted, t.card.c.ref != ""),
        )
        dead = t.card.c.state == "dead"
        values = {
            "wanted": t.card.c.wanted + 1,
            "state": "open",
            "failures": sa.case((dead, 0), else_=t.card.c.failures),
            "first_at": sa.case((dead, None), else_=t.card.c.first_at),
        }
        await self._session.execute(t.card.update().where(*here).values(values))

    async def sooner(self, subject: SubjectRef, due: datetime) -> None:
        """Show its cards for the first time at ``due``, not later."""
        here = (
            t.card.c.subject_kind == subject.kind,
            t.card.c.subject_id == subject.id,
            t.card.c.ref.is_(None),
            t.card.c.due_at > due,
        )
        await self._session.execute(t.card.update().where(*here).values(due_at=due))

    async def standing_in(self, conversation: Conversation) -> tuple[SubjectRef, ...]:
        """What has a card in one conversation."""
        select = sa.select(t.card.c.subject_kind, t.card.c.subject_id).where(
            t.card.c.platform == conversation.platform.value,
            t.card.c.conversation == conversation.id,
        )
        order = (t.card.c.subject_kind, t.card.c.subject_id)
        rows = (await self._session.execute(select.order_by(*order))).all()
        return tuple(SubjectRef(row.subject_kind, row.subject_id) for row in rows)

    async def dead(
        self, subject: SubjectRef, conversation: Conversation, attempts: int, error: str
    ) -> bool:
        """The platform will never take it; the next change of the subject tries anew."""
        values = {"state": "dead", "last_error": error}
        return await self._leases.settle(_card_key(subject, conversation), attempts, values)

    async def of(self, subject: SubjectRef) -> tuple[CardRow, ...]:
        """Every card of a subject, wherever it is."""
        select = sa.select(t.card).where(
            t.card.c.subject_kind == subject.kind,
            t.card.c.subject_id == subject.id,
            t.card.c.platform.in_(PLATFORMS),
        )
        order = (t.card.c.platform, t.card.c.conversation)
        return tuple(map(_card, await self._session.execute(select.order_by(*order))))

    async def conversations_of(self, subject: SubjectRef) -> tuple[Conversation, ...]:
        """Where a subject has a card."""
        return tuple(card.conversation for card in await self.of(subject))


def _card_key(subject: SubjectRef, conversation: Conversation) -> dict[str, object]:
    return {
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "platform": conversation.platform.value,
        "conversation": conversation.id,
    }


def _card(row: Row[Any]) -> CardRow:
    return CardRow(
        subject=SubjectRef(row.subject_kind, row.subject_id),
        conversation=Conversation(Platform(row.platform), row.conversation),
        wanted=row.wanted,
        shown=row.shown,
        ref=row.ref,
        attempts=row.attempts,
        failures=row.failures,
        first_at=row.first_at,
    )
