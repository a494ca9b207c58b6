"""The audit: an append-only hash chain over salted commitments, with its payloads beside it.

    commitment = HMAC-SHA-256(salt, canonical JSON of what happened)
    hash       = SHA-256(domain ‖ each field, 8 bytes of length before it), prev_hash among them

A payload can be erased with its salt: the chain still verifies and says nothing of it any more.
A chain proves little against whoever can rewrite all of it; checkpoints kept elsewhere will.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa

from moderation.kernel import Actor, CorruptStore, Identity, Operator, PersonId, Timer
from storage import delivery_tables as t
from storage.mapping import canonical


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.engine import Row

    from moderation.kernel import Asked, Event, SubjectRef
    from storage.session import Session


DOMAIN = b"schoolgate-audit-v1"
CHAIN_LOCK = 0x5C4001
"""PostgreSQL's advisory lock number for whoever appends. Taken last, held until the commit."""
SALT_BYTES = 32
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One thing that happened, as a person may read it.

    ``actor_kind`` is a chat platform, ``timer`` or ``operator``; ``payload`` is ``None`` once it
    has been erased.
    """

    seq: int
    at: datetime
    tag: str
    person: PersonId | None
    actor_kind: str
    actor_id: str
    version: int
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a walk over the chain found. ``problems`` name a sequence number and what is wrong."""

    events: int
    erased: int
    last_hash: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The fields of one event that its hash covers, in this order, without the hash itself."""

    seq: int
    prev_hash: str
    at: datetime
    actor_kind: str
    actor_id: str
    person_id: str
    tag: str
    subject_kind: str
    subject_id: str
    version: int
    commitment: str

    def hash(self) -> str:
        """Length-prefixed, so that no two events read alike."""
        digest = hashlib.sha256(DOMAIN)
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        for part in (
            str(self.seq),
            self.prev_hash,
            at,
            self.actor_kind,
            self.actor_id,
            self.person_id,
            self.tag,
            self.subject_kind,
            self.subject_id,
            str(self.version),
            self.commitment,
        ):
            exact = part.encode()
            digest.update(len(exact).to_bytes(8, "big") + exact)
        return digest.hexdigest()


def commitment(salt: bytes, payload: bytes) -> str:
    """What the chain knows of a payload."""
    return hmac.new(salt, payload, hashlib.sha256).hexdigest()


class Audit:
    """Appending, reading and walking the chain."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def append(
        self, asked: Asked, subject: SubjectRef, version: int, events: Sequence[Event]
    ) -> None:
        """One link for each event. The last thing a unit of work writes: it holds up the others."""
        if self._session.dialect == "postgresql":
            await self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
        newest = sa.select(t.audit_event.c.seq, t.audit_event.c.hash)
        newest = newest.order_by(t.audit_event.c.seq.desc()).limit(1)
        last = (await self._session.execute(newest)).one_or_none()
        seq, previous = (last.seq, last.hash) if last is not None else (0, "")
        actor_kind, actor_id = _actor(asked.by)
        for event in events:
            seq += 1
            salt, payload = secrets.token_bytes(SALT_BYTES), canonical(event)
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
            )
            previous = link.hash()
            await self._session.execute(t.audit_event.insert(), _row(link, previous))
            body = json.dumps({"salt": salt.hex(), "payload": payload.decode("ascii")}).encode()
            sealed = self._session.seal(t.audit_payload, str(seq), body)
            await self._session.execute(t.audit_payload.insert(), {"seq": seq, "body": sealed})

    async def history(self, subject: SubjectRef) -> tuple[AuditLine, ...]:
        """Everything that happened to one subject, oldest first."""
        which = sa.and_(
            t.audit_event.c.subject_kind == subject.kind, t.audit_event.c.subject_id == subject.id
        )
        return tuple([self._line(row) for row in await self._rows(which)])

    async def since(self, seq: int, limit: int) -> tuple[AuditLine, ...]:
        """What happened anywhere after ``seq``, oldest first."""
        return tuple(
            [self._line(row) for row in await self._rows(t.audit_event.c.seq > seq, limit)]
        )

    async def erase(self, seq: int) -> None:
        """Erase one payload with its salt. The chain still verifies."""
        await self._session.execute(t.audit_payload.delete().where(t.audit_payload.c.seq == seq))

    async def verify(self) -> ChainReport:
        """Walk the whole chain: order, hashes, and each payload that is still there."""
        problems: list[str] = []
        seq, previous, erased = 0, "", 0
        async for row in self._walk():
            seq += 1
            if row.seq != seq:
                problems.append(f"{row.seq}: a gap before it")
                seq = row.seq
            if row.prev_hash != previous:
                problems.append(f"{row.seq}: it doesn't follow the event before it")
            if _link(row).hash() != row.hash:
                problems.append(f"{row.seq}: it was altered")
            previous = row.hash
            if row.body is None:
                erased += 1
            elif not self._payload_fits(row):
                problems.append(f"{row.seq}: its payload was altered")
        return ChainReport(events=seq, erased=erased, last_hash=previous, problems=tuple(problems))

    async def _walk(self) -> AsyncIterator[Row[Any]]:
        after = 0
        while rows := await self._rows(t.audit_event.c.seq > after, PAGE):
            for row in rows:
                yield row
            after = rows[-1].seq

    async def _rows(
        self, which: sa.ColumnElement[bool], limit: int | None = None
    ) -> Sequence[Row[Any]]:
        select = (
            sa.select(t.audit_event, t.audit_payload.c.body)
            .outerjoin(t.audit_payload, t.audit_payload.c.seq == t.audit_event.c.seq)
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
