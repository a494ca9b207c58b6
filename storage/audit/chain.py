"""The record: an append-only hash chain over salted commitments, with its payloads beside it.

What a link is stands in :mod:`storage.audit.links`. A chain proves little against whoever can
rewrite all of it: what does is a signed checkpoint (:mod:`storage.audit.notes`) kept elsewhere.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, assert_never

import sqlalchemy as sa

from moderation.kernel import Actor, CorruptStore, Identity, Operator, PersonId, Timer
from storage import delivery_tables as t
from storage.audit.links import Link, commitment, new_link_salt, new_salt
from storage.audit.notes import Note
from storage.audit.whose import Whose
from storage.mapping import canonical


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.engine import Row

    from moderation.kernel import Asked, Event, SchoolId, SubjectRef
    from storage.session import Session


CHAIN_LOCK = 0x5C4001
"""PostgreSQL's advisory lock number for whoever appends. Taken last, held until the commit."""
PAGE = 500
NEWEST: Final = (
    sa.select(t.audit_event.c.seq, t.audit_event.c.hash)
    .order_by(t.audit_event.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One thing that happened, as a person may read it.

    ``actor_kind`` is a chat platform, ``timer`` or ``operator``; ``payload`` is ``None`` where it
    is missing.
    """

    seq: int
    at: datetime
    tag: str
    person: PersonId | None
    actor_kind: str
    actor_id: str
    version: int
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the number and the hash of its last line; 0 and "" when empty."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a walk over the chain found. ``problems`` name a line's number and what is wrong."""

    head: Head
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line with all that proves it. ``salt`` and ``payload`` are ``None`` where it is missing."""

    link: Link
    hash: str
    salt: bytes | None
    payload: bytes | None


class Audit:
    """Appending, reading and walking the chain."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- writing ---------------------------------------------------------------------------------

    async def append(
        self, asked: Asked, subject: SubjectRef, version: int, events: Sequence[Event]
    ) -> None:
        """One link for each event. The last thing a unit of work writes: it holds up the others."""
        head = await self.head(alone=True)
        seq, previous = head.seq, head.hash
        actor_kind, actor_id = _actor(asked.by)
        links: list[dict[str, object]] = []
        payloads: list[dict[str, object]] = []
        for event in events:
            seq += 1
            salt, payload = new_salt(), canonical(event)
            link = Link(
                seq=seq,
                prev_hash=previous,
                at=asked.at,
                actor_kind=actor_kind,
                actor_id=actor_id,
                person_id=asked.person or "",
                tag=event.tag,
                subject_kind=subject.kind,
                subject_id=subject.id,
                version=version,
                commitment=commitment(salt, payload),
                link_salt=new_link_salt(),
            )
            previous = link.hash()
            links.append(_row(link, previous))
            body = json.dumps({"salt": salt.hex(), "payload": payload.decode("ascii")}).encode()
            sealed = self._session.seal(t.audit_payload, str(seq), body)
            payloads.append({"seq": seq, "body": sealed})
        if events:
            await self._session.execute(t.audit_event.insert(), links)
            await self._session.execute(t.audit_payload.insert(), payloads)

    # -- reading ---------------------------------------------------------------------------------

    async def head(self, *, alone: bool = False) -> Head:
        """Where the chain ends. ``alone``: nobody else appends until this unit of work is over."""
        if alone and self._session.dialect == "postgresql":
            await self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
        last = (await self._session.execute(NEWEST)).one_or_none()
        return Head(0, "") if last is None else Head(last.seq, last.hash)

    async def history(self, subject: SubjectRef) -> tuple[AuditLine, ...]:
        """Everything that happened to one subject, oldest first."""
        return await self._session.once(("history", subject), lambda: self._history(subject))

    async def _history(self, subject: SubjectRef) -> tuple[AuditLine, ...]:
        which = sa.and_(
            t.audit_event.c.subject_kind == subject.kind, t.audit_event.c.subject_id == subject.id
        )
        return tuple([self._line(row) for row in await self._rows(which)])

    async def newest(self, tag: str) -> AuditLine | None:
        """The last time that this happened, to anything."""
        which = t.audit_event.c.tag == tag
        last = sa.select(sa.func.max(t.audit_event.c.seq)).where(which).scalar_subquery()
        rows = await self._rows(t.audit_event.c.seq == last)
        return self._line(rows[0]) if rows else None

    async def lines(self) -> AsyncIterator[StoredLine]:
        """The whole chain with its payloads, oldest first."""
        async for row in self._walk(0):
            salt, payload = self._opened(row) if row.body is not None else (None, None)
            yield StoredLine(link=_link(row), hash=row.hash, salt=salt, payload=payload)

    async def whose(self, trust: SchoolId) -> Whose:
        """Which school each line belongs to, as of this unit of work."""
        return await Whose.read(self._session, trust)

    async def verify(self, notes: Iterable[Note] = (), start: Head | None = None) -> ChainReport:
        """Walk the chain: order, hashes, payloads, and whether it is what ``notes`` say it was.

        ``start`` is where to begin, for what was walked before.
        """
        walk = _Walk(notes, start or Head(0, ""))
        if start is not None and await self._hash_of(start.seq) != start.hash:
            walk.wrong(start.seq, "it isn't what it was when it was looked at before")
        async for row in self._walk(walk.seq):
            walk.step(_link(row), row.hash)
            if row.body is None:
                walk.wrong(row.seq, "what happened is missing")
            elif not self._payload_fits(row):
                walk.wrong(row.seq, "its payload was altered")
        return walk.ended()

    # -- inner -----------------------------------------------------------------------------------

    async def _hash_of(self, seq: int) -> str:
        which = sa.select(t.audit_event.c.hash).where(t.audit_event.c.seq == seq)
        return (await self._session.execute(which)).scalar_one_or_none() or ""

    async def _walk(self, after: int) -> AsyncIterator[Row[Any]]:
        while rows := await self._rows(t.audit_event.c.seq > after, PAGE):
            for row in rows:
                yield row
            after = rows[-1].seq

    async def _rows(
        self, which: sa.ColumnElement[bool], limit: int | None = None
    ) -> Sequence[Row[Any]]:
        select = (
            sa.select(t.audit_event, t.audit_payload.c.body)
            .outerjoin(t.audit_payload)
            .where(which)
            .order_by(t.audit_event.c.seq)
            .limit(limit)
        )
        return (await self._session.execute(select)).all()

    def _line(self, row: Row[Any]) -> AuditLine:
        return AuditLine(
            seq=row.seq,
            at=row.at,
            tag=row.tag,
            person=PersonId(row.person_id) if row.person_id else None,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            version=row.version,
            payload=None if row.body is None else json.loads(self._opened(row)[1]),
        )

    def _opened(self, row: Row[Any]) -> tuple[bytes, bytes]:
        body = json.loads(self._session.unseal(t.audit_payload, str(row.seq), row.body))
        return bytes.fromhex(body["salt"]), body["payload"].encode("ascii")

    def _payload_fits(self, row: Row[Any]) -> bool:
        try:
            salt, payload = self._opened(row)
        except CorruptStore:
            return False
        return hmac.compare_digest(commitment(salt, payload), row.commitment)


@dataclass(slots=True)
class _Walk:
    """Follows the lines one by one, and collects what is wrong."""

    notes: Iterable[Note]
    start: Head
    seq: int = field(init=False)
    previous: str = field(init=False)
    problems: list[tuple[int, str]] = field(init=False, default_factory=list)
    saw: dict[int, list[Note]] = field(init=False, default_factory=lambda: defaultdict(list))
    """Checkpoints by the line they end with, until that line comes by."""

    def __post_init__(self) -> None:
        self.seq, self.previous = self.start.seq, self.start.hash
        for note in self.notes:
            if note.seq > self.start.seq:
                self.saw[note.seq].append(note)

    def wrong(self, seq: int, what: str) -> None:
        self.problems.append((seq, what))

    def step(self, link: Link, own_hash: str) -> None:
        if link.seq != self.seq + 1:
            self.wrong(link.seq, "a gap before it")
        if link.prev_hash != self.previous:
            self.wrong(link.seq, "it doesn't follow the line before it")
        if link.hash() != own_hash:
            self.wrong(link.seq, "it was altered")
        for note in self.saw.pop(link.seq, ()):
            if note.hash != own_hash:
                self.wrong(link.seq, f"it isn't what the checkpoint of {told(note)} saw")
        self.seq, self.previous = link.seq, own_hash

    def ended(self) -> ChainReport:
        for note in (note for notes in self.saw.values() for note in notes):
            self.wrong(note.seq, f"it is missing, and the checkpoint of {told(note)} saw it")
        said = tuple(f"{seq}: {what}" for seq, what in sorted(self.problems))
        return ChainReport(head=Head(self.seq, self.previous), problems=said)


def told(note: Note) -> str:
    """A checkpoint's moment in a sentence."""
    return f"{note.at:%Y-%m-%d %H:%M} UTC"


def _link(row: Row[Any]) -> Link:
    return Link(
        seq=row.seq,
        prev_hash=row.prev_hash,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        person_id=row.person_id,
        tag=row.tag,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        version=row.version,
        commitment=row.commitment,
        link_salt=row.link_salt or "",
    )


def _row(link: Link, own_hash: str) -> dict[str, object]:
    return {name: getattr(link, name) for name in Link.__slots__} | {"hash": own_hash}


def _actor(by: Actor) -> tuple[str, str]:
    match by:
        case Identity(platform=platform, id=identity):
            return platform.value, identity
        case Timer():
            return "timer", ""
        case Operator():
            return "operator", ""
        case _ as never:
            assert_never(never)
