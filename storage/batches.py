"""Imports that were received: their counts and ids, and while they wait, what the file says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from moderation.imports.model import Accounts, Batch, Consents, Kind, People, Pupils, State
from storage import mapping, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from sqlalchemy.engine import Row

    from moderation.imports.model import Content
    from storage.session import Session


CONTENT: dict[Kind, type[Content]] = {
    Kind.PEOPLE: People,
    Kind.ACCOUNTS: Accounts,
    Kind.PUPILS: Pupils,
    Kind.CONSENTS: Consents,
}
IMPORT_LOCK = 0x5C4003
"""PostgreSQL's advisory lock number for whoever decides an import. Taken first."""
OLDEST_FIRST = (t.import_batch.c.received_at, t.import_batch.c.id)


class SqlBatches:
    """:class:`moderation.imports.ports.Batches` in a database, sealed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def alone(self) -> None:
        """One import at a time: PostgreSQL by a lock, SQLite because it has one writer anyway."""
        if self._session.dialect == "postgresql":
            lock = sa.select(sa.func.pg_advisory_xact_lock(IMPORT_LOCK))
            await self._session.execute(lock)

    async def get(self, subject_id: str) -> tuple[Batch, int] | None:
        """The batch with its records while it waits, locked for this unit of work."""
        select = sa.select(t.import_batch).where(t.import_batch.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        if row is None:
            return None
        batch = self._without_records(row)
        if row.content is None:
            return batch, row.version
        records = self._session.unseal(t.import_batch, row.id, row.content, "content")
        content = cast("Content", mapping.from_json(records, CONTENT[batch.kind]))
        return replace(batch, content=content), row.version

    async def put(self, subject_id: str, state: Batch, expected: int) -> None:
        """Store it; its records only while it waits."""
        if subject_id != state.id:
            raise RuleBroken("a batch is stored under its own id")
        seal = self._session.seal
        body = mapping.to_json(replace(state, content=None)).encode()
        content = None
        if state.state is State.WAITING and state.content is not None:
            records = mapping.to_json(state.content).encode()
            content = seal(t.import_batch, state.id, records, "content")
        row = {
            "kind": state.kind.value,
            "state": state.state.value,
            "received_at": state.received_at,
            "body": seal(t.import_batch, state.id, body),
            "content": content,
        }
        await self._session.put_version(t.import_batch, {"id": state.id}, expected, row)

    async def waiting(self, kind: Kind) -> tuple[Batch, ...]:
        """Those that wait for somebody's yes, without their records, oldest first."""
        return await self._batches(
            t.import_batch.c.kind == kind.value,
            t.import_batch.c.state == State.WAITING.value,
        )

    async def newer(self, batch: Batch) -> tuple[Batch, ...]:
        """Those of the same kind received after this one, without their records, oldest first."""
        return await self._batches(
            t.import_batch.c.kind == batch.kind.value,
            sa.tuple_(*OLDEST_FIRST)
            > sa.tuple_(
                sa.literal(batch.received_at, t.import_batch.c.received_at.type),
                sa.literal(batch.id),
            ),
        )

    async def _batches(self, *which: sa.ColumnElement[bool]) -> tuple[Batch, ...]:
        select = sa.select(t.import_batch).where(*which).order_by(*OLDEST_FIRST)
        return tuple([self._without_records(row) for row in await self._session.execute(select)])

    def _without_records(self, row: Row[Any]) -> Batch:
        return mapping.from_json(self._session.unseal(t.import_batch, row.id, row.body), Batch)
