"""The outbox: what a decision asks for, written in its own transaction, done by the relay later.

A row says what is meant (show this, tell them, hand that out, do this later) and for which
subject, never to which people or in which words: the relay finds that out when it does it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, assert_never

import sqlalchemy as sa

from moderation.kernel import (
    AccountId,
    Audience,
    CorruptStore,
    Effect,
    HandOut,
    Later,
    PersonId,
    Show,
    SubjectRef,
    Tell,
)
from storage import delivery_tables as t
from storage.leases import Leases


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timedelta
    from typing import Any

    from sqlalchemy.engine import Row

    from moderation.kernel import Asked
    from storage.commands import CommandCodec
    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """An effect that a worker has claimed. ``attempts`` is its fencing token, 1 the first time.

    ``due_at`` is when it fell due, ``first_at`` when it was first tried, and ``failures`` how often
    that came to nothing.
    """

    id: int
    effect: Effect
    subject: SubjectRef
    version: int
    attempts: int
    failures: int
    due_at: datetime
    first_at: datetime


ANEW: Final = 0
"""In place of a version: the subject hasn't changed, but what its cards say has."""
READY: Final = t.effect.c.state == sa.literal_column("'ready'")
"""Written out: only so does a database see that an index over the ready ones alone will do."""
COMMAND: Final = sa.and_(READY, t.effect.c.kind == sa.literal_column("'later'"))


def _unblocked() -> sa.ColumnElement[bool]:
    earlier = t.effect.alias("earlier")
    blocked = sa.exists().where(
        earlier.c.subject_kind == t.effect.c.subject_kind,
        earlier.c.subject_id == t.effect.c.subject_id,
        earlier.c.kind != "later",
        earlier.c.state == "ready",
        earlier.c.id < t.effect.c.id,
    )
    return sa.and_(READY, t.effect.c.kind != sa.literal_column("'later'"), ~blocked)


UNBLOCKED: Final = _unblocked()
"""To be done, and nothing of the same subject stands before it. Built once, not for every unit."""
ORDER: Final = (t.effect.c.due_at, t.effect.c.id)


class Effects:
    """Effects in the order in which they were asked for.

    For one subject, showing, telling and handing out keep that order: the next is claimed when the
    one before it is done or dead. Commands for later come as they fall due.
    """

    def __init__(self, session: Session, codec: CommandCodec) -> None:
        self._session = session
        self._codec = codec
        self._leases = Leases(session, t.effect, waiting=UNBLOCKED, order=ORDER)
        self._commands = Leases(session, t.effect, waiting=COMMAND, order=ORDER)

    async def add(
        self, asked: Asked, subject: SubjectRef, version: int, effects: Sequence[Effect]
    ) -> None:
        """Keep them. A :class:`~moderation.kernel.Later` whose key is known is kept once.

        So is showing the same subject: whoever does it shows how it stands then. Of another subject
        than the one that changed the version isn't known: its cards are drawn :data:`ANEW`.
        """
        now: list[dict[str, object]] = []
        later: list[dict[str, object]] = []
        shown: set[SubjectRef] = set()
        for position, effect in enumerate(effects):
            if isinstance(effect, Show):
                if effect.subject in shown:
                    continue
                shown.add(effect.subject)
            other = isinstance(effect, Show) and effect.subject.id != subject.id
            row = {
                "version": ANEW if other else version,
                "state": "ready",
                "attempts": 0,
                "failures": 0,
                "due_at": asked.at,
                "key": f"{subject.kind}/{subject.id}/{version}/{position}",
                **self._encoded(effect, subject),
            }
            (later if isinstance(effect, Later) else now).append(row)
        if later:
            insert = self._session.insert(t.effect).on_conflict_do_nothing(index_elements=["key"])
            await self._session.execute(insert, later)
        if now:
            await self._session.execute(t.effect.insert(), now)

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[EffectRow, ...]:
        """At most ``limit`` to be shown, told or handed out now, ours until ``now + lease``.

        One that can't be read back is dead at once.
        """
        return await self._read(await self._leases.claim(now, limit, owner, lease))

    async def claim_commands(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> tuple[EffectRow, ...]:
        """The same for commands whose time has come."""
        return await self._read(await self._commands.claim(now, limit, owner, lease))

    async def _read(self, rows: Sequence[Row[Any]]) -> tuple[EffectRow, ...]:
        found: list[EffectRow] = []
        for row in rows:
            try:
                effect = self._decoded(row)
            except CorruptStore:
                # One row that a newer version can't read must not hold up all the others.
                await self.dead(row.id, row.attempts, CorruptStore.__name__)
                continue
            found.append(
                EffectRow(
                    id=row.id,
                    effect=effect,
                    subject=SubjectRef(row.subject_kind, row.subject_id),
                    version=row.version,
                    attempts=row.attempts,
                    failures=row.failures,
                    due_at=row.due_at,
                    first_at=row.first_at,
                )
            )
        return tuple(found)

    async def done(self, *effects: EffectRow) -> int:
        """They are done. How many: others were taken over by somebody else."""
        return await self._leases.settle_all(_fenced(effects), {"state": "done"})

    async def give_back(self, *effects: EffectRow) -> int:
        """Nothing was tried: they are anybody's again, at once."""
        return await self._leases.settle_all(_fenced(effects), {})

    async def retry(self, effect: int, attempts: int, at: datetime, error: str) -> bool:
        """Try again at ``at``. ``error`` is a code or a class, never words."""
        failures = t.effect.c.failures + 1
        values = {"due_at": at, "last_error": error, "failures": failures}
        return await self._leases.settle({"id": effect}, attempts, values)

    async def dead(self, effect: int, attempts: int, error: str) -> bool:
        """Give it up; a person must look."""
        values = {"state": "dead", "last_error": error}
        return await self._leases.settle({"id": effect}, attempts, values)

    async def waiting(self, now: datetime) -> int:
        """How many are due and not done."""
        due = sa.and_(t.effect.c.state == "ready", t.effect.c.due_at <= now)
        select = sa.select(sa.func.count()).select_from(t.effect).where(due)
        return int((await self._session.execute(select)).scalar_one())

    # -- effect ↔ row ----------------------------------------------------------------------------

    def _encoded(self, effect: Effect, recorded: SubjectRef) -> dict[str, object]:
        match effect:
            case Show(subject=subject):
                return _row("show", subject, {})
            case Tell():
                body = {
                    "audience": effect.audience.value,
                    "message": effect.message,
                    "arg": effect.arg,
                    "person": effect.person,
                }
                return _row("tell", effect.subject, body)
            case HandOut(subject=subject, account=account):
                return _row("hand_out", subject, {"account": account})
            case Later(command=command, due=due, key=key):
                body = {"command": self._codec.encode(command), "key": key}
                return _row("later", recorded, body) | {"due_at": due, "key": f"later/{key}"}
            case _ as never:
                assert_never(never)

    def _decoded(self, row: Row[Any]) -> Effect:
        with suppress(ValueError, KeyError, TypeError):  # no JSON, other fields, another word
            return self._meant(row)
        raise CorruptStore("an effect can't be read back")

    def _meant(self, row: Row[Any]) -> Effect:
        subject = SubjectRef(row.subject_kind, row.subject_id)
        body = json.loads(row.body)
        match row.kind:
            case "show":
                return Show(subject)
            case "tell":
                return _tell(subject, body)
            case "hand_out":
                return HandOut(subject, AccountId(body["account"]))
            case "later":
                return Later(self._codec.decode(body["command"]), row.due_at, body["key"])
            case _:
                raise CorruptStore("an effect of an unknown kind")


def _fenced(effects: Iterable[EffectRow]) -> list[tuple[object, int]]:
    return [(effect.id, effect.attempts) for effect in effects]


def tell_of(subject: SubjectRef, body: str) -> Tell:
    """A private message as it was meant. Raises :class:`~moderation.kernel.CorruptStore`."""
    with suppress(ValueError, KeyError, TypeError):
        return _tell(subject, json.loads(body))
    raise CorruptStore("a private message can't be read back")


def _tell(subject: SubjectRef, body: Mapping[str, str | None]) -> Tell:
    person = body["person"]
    return Tell(
        audience=Audience(body["audience"] or ""),
        message=body["message"] or "",
        subject=subject,
        arg=body["arg"] or "",
        person=None if person is None else PersonId(person),
    )


def _row(kind: str, subject: SubjectRef, body: Mapping[str, object]) -> dict[str, object]:
    return {
        "kind": kind,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "body": json.dumps(body, sort_keys=True),
    }
