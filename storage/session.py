"""One connection of one unit of work: translated faults, sealed values, dialect differences."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from moderation.kernel import Conflict, SchoolgateError
from storage import guards
from storage.crypto import place
from storage.faults import RuleBroken, StoreFault


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence

    from sqlalchemy import Executable, Select, Table, Update
    from sqlalchemy.engine import CursorResult
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.crypto import Keys


T = TypeVar("T")
SelectT = TypeVar("SelectT", bound="Select[Any]")

GUARD_NAMES = frozenset(
    {guard.name for guard in guards.GUARDS}
    | {f"{table}_is_never_emptied" for table in guards.NEVER_EMPTIED}
)
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock timeout."""
BROKEN = frozenset({"23502", "23503", "23514"})
SQLITE_CONSTRAINT = re.compile(r"(UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(?:: (.*))?")


MOST_KNOWN = 500
"""What a unit of work keeps in mind; one that walks over everything must not hold all of it."""


class Duplicate(RuleBroken):
    """A key that is there already. ``rule`` names the constraint or the columns, never a value."""


class Session:
    """What the repositories write with. Closed by the unit of work, after which it refuses."""

    def __init__(self, connection: AsyncConnection, keys: Keys, *, writes: bool) -> None:
        self._connection = connection
        self._keys = keys
        self._open = True
        self._known: dict[Hashable, Any] = {}
        self.writes = writes
        self.dialect = connection.dialect.name

    @property
    def keys(self) -> Keys:
        """What seals and opens here."""
        return self._keys

    def close(self) -> None:
        """Nothing more goes through here."""
        self._open = False

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run it. Raises what :func:`translated` makes of the driver's exception."""
        if not self._open:
            raise StoreFault("UnitEnded")
        try:
            return await self._connection.execute(statement, parameters)
        except DBAPIError as error:
            fault = translated(error)
        # Outside the handler, so that the driver's words don't ride along as the context.
        raise fault

    async def once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What ``read`` finds. A unit that only reads asks once: its snapshot can't change."""
        if self.writes:
            return await read()
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = await read()
        found: T = self._known[key]
        return found

    def know(self, key: Hashable, found: object) -> None:
        """Something was found by another way than that of :meth:`once`."""
        if not self.writes and len(self._known) < MOST_KNOWN:
            self._known.setdefault(key, found)

    async def commit(self) -> None:
        """Make everything last, and close."""
        self._open = False
        try:
            await self._connection.commit()
        except DBAPIError as error:
            fault = translated(error)
        else:
            return
        raise fault

    # -- sealing ---------------------------------------------------------------------------------

    def seal(self, table: Table, row: str, plaintext: bytes, column: str = "body") -> bytes:
        """``plaintext`` for this place alone."""
        return self._keys.seal(plaintext, place(table.name, column, row))

    def unseal(self, table: Table, row: str, sealed: bytes, column: str = "body") -> bytes:
        """What was sealed for this place, or :class:`~moderation.kernel.CorruptStore`."""
        return self._keys.open(bytes(sealed), place(table.name, column, row))

    def lookup(self, value: str, purpose: str) -> bytes:
        """A keyed digest for a unique key."""
        return self._keys.lookup(value.encode(), purpose)

    # -- where the databases differ --------------------------------------------------------------

    def locked(self, select: SelectT) -> SelectT:
        """Lock the rows for this unit of work.

        PostgreSQL: FOR UPDATE. SQLite ignores that clause; there the writer already holds the
        whole file (BEGIN IMMEDIATE). A unit that only reads locks nothing.
        """
        if self.writes and self.dialect == "postgresql":
            locked: SelectT = _for_update(select)
            return locked
        return select

    def skip_locked(self, select: SelectT) -> SelectT:
        """Lock the rows that nobody else holds; for workers that share a queue."""
        if self.dialect == "postgresql":
            return select.with_for_update(skip_locked=True)
        return select

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that knows ON CONFLICT."""
        return _insert(self.dialect, table)

    async def put_version(
        self, table: Table, key: Mapping[str, object], expected: int, row: Mapping[str, object]
    ) -> None:
        """Store ``row`` as version ``expected + 1`` over version ``expected`` (0: a new one).

        Raises :class:`~moderation.kernel.Conflict` where another writer was first.
        """
        values = {**row, "version": expected + 1}
        if expected == 0:
            try:
                await self.execute(table.insert(), {**key, **values})
            except Duplicate:
                raise Conflict("another writer was first") from None
            return
        update = _version(table, tuple(key))
        known = {f"known_{name}": value for name, value in key.items()}
        done = await self.execute(update, {**values, **known, "known_version": expected})
        if done.rowcount != 1:
            raise Conflict("another writer was first")

    async def upsert(self, table: Table, *rows: Mapping[str, object]) -> None:
        """Insert each row, or change every other column of the one with the same primary key."""
        if not rows:
            return
        await self.execute(_upsert(self.dialect, table, tuple(rows[0])), list(rows))


# Built once each: building a statement takes longer than SQLAlchemy needs to run it.


@lru_cache(maxsize=64)
def _for_update(select: SelectT) -> SelectT:
    return select.with_for_update()


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _version(table: Table, key: tuple[str, ...]) -> Update:
    known = [table.c[name] == bindparam(f"known_{name}") for name in (*key, "version")]
    return table.update().where(*known)


@cache
def _upsert(
    dialect: str, table: Table, names: tuple[str, ...]
) -> postgresql.Insert | sqlite.Insert:
    keys = [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


def translated(error: DBAPIError) -> SchoolgateError:
    """A fault of ours that names a constraint or a class, and quotes nothing."""
    origin = error.orig
    code = getattr(origin, "sqlstate", None)
    kind = type(origin).__name__
    if code is None:
        return _sqlite(str(origin), kind)
    diagnosis = getattr(origin, "diag", None)
    if code == guards.REFUSAL:
        name = getattr(diagnosis, "message_primary", "")
        return RuleBroken(name if name in GUARD_NAMES else "a guard")
    constraint = getattr(diagnosis, "constraint_name", None) or code
    if code == "23505":
        return Duplicate(constraint)
    if code in BROKEN:
        return RuleBroken(constraint)
    if code in TRY_AGAIN:
        return Conflict("another transaction was in the way")
    return StoreFault(kind, code)


def _sqlite(words: str, kind: str) -> SchoolgateError:
    if words in GUARD_NAMES:
        return RuleBroken(words)
    if "database is locked" in words:
        return Conflict("another process is writing")
    found = SQLITE_CONSTRAINT.fullmatch(words)
    if found is None:
        return StoreFault(kind)
    name = found[2] or found[1].lower()
    return Duplicate(name) if found[1] == "UNIQUE" else RuleBroken(name)
