"""What the relay delivers: cards that follow their subject, notices once, releases at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import (
    AccountId,
    CorruptStore,
    Identity,
    PersonId,
    Platform,
    PostId,
    SubjectRef,
    Tell,
)
from moderation.ports import Conversation
from storage import delivery_tables as t, tables
from storage.effects import tell_of
from storage.leases import Leases


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session


PLATFORMS = frozenset(platform.value for platform in Platform)
UNREADABLE = {"state": "dead", "last_error": CorruptStore.__name__}
"""Of one row that another version wrote, or somebody altered: it must not hold up the others."""


# -- cards ---------------------------------------------------------------------------------------


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
            waiting=sa.and_(t.card.c.state == "open", t.card.c.shown < t.card.c.wanted),
            order=(t.card.c.due_at, t.card.c.subject_id, t.card.c.conversation),
        )

    async def want(
        self, subject: SubjectRef, conversation: Conversation, version: int, now: datetime
    ) -> None:
        """The card there must show at least ``version``.

        One that was given up is open again for a newer version, with as many tries as a new one.
        """
        row = {
            **_card_key(subject, conversation),
            "wanted": version,
            "shown": 0,
            "failures": 0,
            "state": "open",
            "due_at": now,
            "attempts": 0,
        }
        insert = self._session.insert(t.card).values(row)
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


# -- notices -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A private message to one identity of one person."""

    id: int
    tell: Tell
    person: PersonId
    identity: Identity
    attempts: int
    first_at: datetime


class Notices:
    """One row for each effect and identity: said once.

    Whoever has no identity is kept as somebody to be told in person.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leases = Leases(
            session,
            t.notice,
            waiting=t.notice.c.state == "ready",
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
        values = {"due_at": at, "last_error": error}
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
        first_at=row.first_at,
    )


# -- releases ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One publication to be handed to a publisher."""

    post: PostId
    revision: str
    account: AccountId
    attempts: int
    first_at: datetime | None


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
            waiting=t.release.c.state == "ready",
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
        values = {"state": "ready", "due_at": at, "last_error": error}
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
        first_at=row.first_at,
    )
