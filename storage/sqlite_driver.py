# ruff: noqa: SLF001 -- a part of SQLAlchemy's adapter, made of its other parts
"""One crossing for each statement, where SQLAlchemy's own way to SQLite crosses four times.

aiosqlite keeps a thread for every connection, so that a wait for a lock or a disk never stops the
event loop; whatever is to be done is handed to that thread and waited for. SQLAlchemy's adapter
hands over making the cursor, executing, fetching and closing one after the other, and each wakes
two threads. Here they are one function. All else is left as it is: the dialect, its pool, its
errors, and what happens to the connection of a task that is cut off.

Whoever is cut off while a statement runs doesn't stop it: it ends on its thread and its cursor is
closed; then comes the closing of the connection, which stands behind it in the thread's queue.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import EMPTY_DICT, await_


if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Outcome:
    """What a statement leaves behind: its cursor's attributes (PEP 249), and its rows.

    It stands where the adapter keeps aiosqlite's cursor.
    """

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()
    arraysize: int = 1


def _execute(connection: sqlite3.Connection, statement: str, parameters: Any) -> Outcome:  # noqa: ANN401 -- PEP 249: a sequence or a mapping
    cursor = connection.cursor()
    try:
        cursor.execute(statement, parameters or ())
        # Fetched first: before that, what a statement with RETURNING changed isn't counted.
        rows = cursor.fetchall() if cursor.description else ()
        return Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        # Not left to whoever collects the garbage: an open one keeps a closed connection's lock.
        cursor.close()


def _executemany(connection: sqlite3.Connection, statement: str, rows: Any) -> Outcome:  # noqa: ANN401
    cursor = connection.cursor()
    try:
        cursor.executemany(statement, rows)
        return Outcome(None, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Holds what came back. There is nothing of SQLite's in it, so closing it costs nothing."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._soft_closed_memoized = EMPTY_DICT
        self._keep(Outcome())

    def _keep(self, outcome: Outcome) -> None:
        # What the adapter asks of aiosqlite's cursor is all there.
        self._cursor = outcome  # type: ignore[assignment]
        self._rows = deque(outcome.rows)

    def close(self) -> None:
        """Forget the rows that nobody has fetched."""
        self._rows.clear()

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401
        """Run one statement and take all its rows."""
        self._on_thread(_execute, operation, parameters)

    def executemany(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401
        """Run a statement once for each set of parameters."""
        self._on_thread(_executemany, operation, seq_of_parameters)

    def _on_thread(self, run: Callable[..., Outcome], statement: str, parameters: Any) -> None:  # noqa: ANN401
        # No lock as in the adapter's own: the thread takes one at a time, and each is whole.
        driver = self._connection
        try:
            # aiosqlite shows no other way to run a function on its thread.
            self._keep(await_(driver._execute(run, driver._conn, statement, parameters)))
        except Exception as error:  # noqa: BLE001 -- the adapter sorts out whose it is
            self._adapt_connection._handle_exception(error)


class Connection(AsyncAdapt_aiosqlite_connection):
    """One whose cursors cross once."""

    __slots__ = ()
    _cursor_cls = Cursor  # type: ignore[assignment]

    def rollback(self) -> None:
        """Undo the transaction; without one, nothing is asked of the thread."""
        if self._connection._connection and self._connection.in_transaction:
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What ``create_async_engine`` takes as its ``module``."""

    def connect(self, *args: Any, **options: Any) -> Connection:  # noqa: ANN401
        """As the adapter connects, with our cursors."""
        made = super().connect(*args, **options)
        return Connection(self, made._connection)


def driver() -> Driver:
    """aiosqlite, through one crossing for each statement."""
    return Driver(aiosqlite, sqlite3)
