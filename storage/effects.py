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
    from collections.abc import Mapping, Sequence
    from datetime import timedelta
    from typing import Any

    from sqlalchemy.engine import Row

    from moderation.kernel import Asked
    from storage.commands import CommandCodec
    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """An effect that a worker has claimed. ``attempts`` is its fencing token, 1 the first time.

    ``first_at`` is when it was first tried.
    """

    id: int
    effect: Effect
    subject: SubjectRef
    version: int
    attempts: int
    first_at: datetime


def _waiting() -> sa.ColumnElement[bool]:
    earlier = t.effect.alias("earlier")
    blocked = sa.exists().where(
        earlier.c.subject_kind == t.effect.c.subject_kind,
        earlier.c.subject_id == t.effect.c.subject_id,
        earlier.c.kind != "later",
        earlier.c.state == "ready",
        earlier.c.id < t.effect.c.id,
    )
    return sa.and_(t.effect.c.state == "ready", sa.or_(t.effect.c.kind == "later", ~blocked))


WAITING: Final = _waiting()
"""To be done, and nothing of the same subject stands before it. Built once, not for every unit."""


class Effects:
    """Effects in the order in which they were asked for.

    For one subject, showing, telling and handing out keep that order: the next is claimed when the
    one before it is done or dead. Commands for later come as they fall due.
    """

    def __init__(self, session: Session, codec: CommandCodec) -> None:
        self._session = session
        self._codec = codec
        self._leases = Leases(
            session, t.effect, waiting=WAITING, order=(t.effect.c.due_at, t.effect.c.id)
        )

    async def add(
        self, asked: Asked, subject: SubjectRef, version: int, effects: Sequence[Effect]
    ) -> None:
        """Keep them. A :class:`~moderation.kernel.Later` whose key is known is kept once."""
        now: list[dict[str, object]] = []
        later: list[dict[str, object]] = []
        for position, effect in enumerate(effects):
            row = {
                "version": version,
                "state": "ready",
                "attempts": 0,
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
        """At most ``limit`` effects to be done now, ours until ``now + lease``.

        One that can't be read back is dead at once.
        """
        found: list[EffectRow] = []
        for row in await self._leases.claim(now, limit, owner, lease):
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
                    first_at=row.first_at,
                )
            )
        return tuple(found)

    async def done(self, effect: int, attempts: int) -> bool:
        """It is done. ``False``: somebody else has taken it over."""
        return await self._leases.settle({"id": effect}, attempts, {"state": "done"})

    async def retry(self, effect: int, attempts: int, at: datetime, error: str) -> bool:
        """Try again at ``at``. ``error`` is a code or a class, never words."""
        values = {"due_at": at, "last_error": error}
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
