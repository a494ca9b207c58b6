"""Every sealed value of the database, found by the columns that say that they are sealed.

Counted by the key that sealed them, read page by page, and sealed anew where nobody was faster.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import CorruptStore
from moderation.people.model import Pupil
from storage import mapping, schema, tables as t
from storage.columns import SEALED
from storage.crypto import place
from storage.rolls import number_key


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Row

    from storage.crypto import Keys
    from storage.session import Session


KeyId = bytes
"""Four bytes that say nothing about their key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """One column, and the one that names the row which its values are sealed for."""

    table: sa.Table
    column: sa.Column[bytes]
    row: sa.Column[Any]

    @property
    def name(self) -> str:
        """``table.column``."""
        return f"{self.table.name}.{self.column.name}"

    def place(self, row: str) -> bytes:
        """What a value of this row is bound to."""
        return place(self.table.name, self.column.name, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedValue:
    """A value as it stands. ``key`` is its row's primary key."""

    key: tuple[object, ...]
    row: str
    body: bytes = field(repr=False)


@cache
def columns() -> tuple[SealedColumn, ...]:
    """Every sealed column of this version, but the keys' own check values."""
    return tuple(
        SealedColumn(table=table, column=column, row=_row_of(table, column))
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if SEALED in column.info and table is not t.key_check
    )


def opens(keys: Keys, sealed: SealedColumn, value: SealedValue) -> bool:
    """Whether one of ``keys`` opens it in its place."""
    try:
        keys.open(value.body, sealed.place(value.row))
    except CorruptStore:
        return False
    return True


def _row_of(table: sa.Table, column: sa.Column[bytes]) -> sa.Column[Any]:
    named = column.info[SEALED]
    if named is not None:
        return table.c[named]
    [key] = table.primary_key.columns
    return key


class Sealing:
    """The sealed values in one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def counts(self) -> Mapping[str, Mapping[KeyId, int]]:
        """For each column that holds any: how many values which key sealed."""
        found: dict[str, Mapping[KeyId, int]] = {}
        for sealed in columns():
            select = (
                sa.select(_key_id(sealed).label("key_id"), sa.func.count().label("held"))
                .where(sealed.column.is_not(None))
                .group_by(_key_id(sealed))
            )
            rows = (await self._session.execute(select)).all()
            if rows:
                found[sealed.name] = {bytes(row.key_id): row.held for row in rows}
        return found

    async def page(
        self,
        sealed: SealedColumn,
        limit: int,
        *,
        after: SealedValue | None = None,
        stale: bool = False,
    ) -> tuple[SealedValue, ...]:
        """The next ``limit`` values; with ``stale`` only what the first key did not seal."""
        keys = list(sealed.table.primary_key.columns)
        select = sa.select(*keys, sealed.row.label("_row"), sealed.column.label("_body"))
        select = select.where(sealed.column.is_not(None)).order_by(*keys).limit(limit)
        if stale:
            select = select.where(_key_id(sealed) != self._session.keys.first_id)
        if after is not None:
            last = [sa.literal(part, key.type) for key, part in zip(keys, after.key, strict=True)]
            select = select.where(sa.tuple_(*keys) > sa.tuple_(*last))
        return tuple(_value(row, len(keys)) for row in await self._session.execute(select))

    async def renew(self, sealed: SealedColumn, values: Iterable[SealedValue]) -> int:
        """Seal each with the first key where it still stands as it was read; how many did.

        What somebody else holds or has changed is left alone: they sealed it anew, or the next
        round finds it. Never waits for another transaction. Raises
        :class:`~moderation.kernel.CorruptStore` for a value that doesn't open.
        """
        keys = list(sealed.table.primary_key.columns)
        renewed = 0
        for value in values:
            here = [key == part for key, part in zip(keys, value.key, strict=True)]
            here.append(sealed.column == value.body)
            ours = self._session.skip_locked(sa.select(sa.literal(1)).where(*here))
            if (await self._session.execute(ours)).one_or_none() is None:
                continue
            update = sealed.table.update().where(*here).values(self._anew(sealed, value))
            renewed += (await self._session.execute(update)).rowcount
        return renewed

    def _anew(self, sealed: SealedColumn, value: SealedValue) -> dict[str, object]:
        keys, where = self._session.keys, sealed.place(value.row)
        plaintext = keys.open(value.body, where)
        row: dict[str, object] = {sealed.column.name: keys.seal(plaintext, where)}
        if sealed.table is t.pupil:
            # Made with the same key as the body, from what is in it.
            pupil = mapping.from_json(plaintext, Pupil)
            row["number_key"] = number_key(pupil, self._session.lookup)
        return row

    # -- the keys that a start must be given -----------------------------------------------------

    async def remember(self) -> None:
        """From now on every start must be given the first key."""
        keys = self._session.keys
        where = place(t.key_check.name, "body", keys.first_id.hex())
        row = {"key_id": keys.first_id, "body": keys.seal(schema.KEY_CHECK, where)}
        insert = self._session.insert(t.key_check).values(row)
        await self._session.execute(insert.on_conflict_do_nothing(index_elements=["key_id"]))

    async def remembered(self) -> frozenset[KeyId]:
        """Keys that have sealed here. All of them must be given at a start."""
        found = await self._session.execute(sa.select(t.key_check.c.key_id))
        return frozenset(map(bytes, found.scalars()))

    async def alone(self) -> None:
        """Until the end of this unit nobody else writes a sealed value.

        Raises :class:`~moderation.kernel.Conflict` where somebody is just writing: PostgreSQL gives
        up before it would take a waiting writer for a deadlock (after a second).
        """
        if self._session.dialect == "postgresql":
            names = ", ".join(dict.fromkeys(sealed.table.name for sealed in columns()))
            await self._session.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
            await self._session.execute(sa.text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))

    async def forget(self, keys: Iterable[KeyId]) -> None:
        """These needn't be given any more. For whoever has seen that they seal nothing."""
        gone = t.key_check.c.key_id.in_(list(keys))
        await self._session.execute(t.key_check.delete().where(gone))


def _key_id(sealed: SealedColumn) -> sa.ColumnElement[bytes]:
    # Bytes 2 to 5, counted from 1: storage.crypto.key_of in SQL. No parameters, to be grouped by.
    start, length = (sa.literal_column(number, sa.Integer()) for number in ("2", "4"))
    return sa.func.substr(sealed.column, start, length, type_=sa.LargeBinary())


def _value(row: Row[Any], keys: int) -> SealedValue:
    return SealedValue(key=tuple(row[:keys]), row=str(row[keys]), body=bytes(row[keys + 1]))
