"""Rows from one database to another: PostgreSQL's into a SQLite file for a backup, and back.

The guards let rows in only in the order in which things happened, so they are taken away while rows
are copied, in the same transaction, and compared with this version's when they are back.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from storage import database as db, guards, schema
from storage.faults import NotReady
from storage.session import translated


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

ROWS_AT_ONCE: Final = 1000
ALWAYS: Final = """
    SELECT t.tgname AS name, t.tgrelid::regclass::text AS table FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND n.nspname = current_schema()
"""


def url_of(path: Path) -> str:
    """A SQLite file's address."""
    return f"sqlite:///{path}"


def path_of(url: str) -> Path:
    """The file at a SQLite address."""
    return Path(str(db.parsed(url).database))


@contextmanager
def connected(url: str, **options: object) -> Iterator[Connection]:
    """One transaction on a plain connection; kept when the block ends well."""
    parsed, fault = db.parsed(url), None
    engine = sa.create_engine(parsed, hide_parameters=True, poolclass=sa.pool.NullPool)
    if parsed.get_backend_name() == "sqlite":
        db.own_transactions(engine, "BEGIN IMMEDIATE")
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except sa.exc.DBAPIError as error:
        fault = translated(error)
    finally:
        engine.dispose()
    if fault is not None:
        raise fault


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """PostgreSQL as it stands at this moment, until the block is left; nobody waits for it."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with connected(url, **options) as connection:
        connection.execute(sa.text("SELECT 1 FROM alembic_version"))
        yield connection


def vacuumed(source: Path, target: Path) -> None:
    """A SQLite file as it stands at this moment, without what was deleted; ``target`` is 0600."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, db.PRIVATE))
    failed = None
    with closing(sqlite3.connect(source)) as connection:
        try:
            db.prepare(connection)
            connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            failed = type(error).__name__
    if failed is not None:
        raise NotReady(f"the database at {source} can't be copied ({failed}): it may be damaged")


def exported(source: Connection, target: Path, at: datetime) -> None:
    """Every row of this version's tables into a new SQLite file."""
    schema.upgrade(url_of(target), at=at)
    with connected(url_of(target)) as connection:
        triggers = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for trigger in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
        _copy(source, connection)
        for trigger in triggers:
            connection.exec_driver_sql(trigger.sql)


def imported(source: Path, url: str) -> None:
    """Every row of a SQLite file into a PostgreSQL of this version, instead of what is there.

    In one transaction: all of it, or nothing. Raises :class:`~storage.faults.NotReady` where a
    guard or a row is missing in the end, and :class:`~moderation.kernel.Conflict` where somebody
    else is at work.
    """
    with connected(url_of(source)) as rows, connected(url) as target:
        target.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        tables = schema.metadata.sorted_tables
        always = target.execute(sa.text(ALWAYS)).all()
        for table in tables:
            target.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        named = ", ".join(f'"{table.name}"' for table in tables)
        target.exec_driver_sql(f"TRUNCATE {named}")
        _copy(rows, target)
        for table in tables:
            _count_on(target, table)
        for guard in always:
            target.exec_driver_sql(f"ALTER TABLE {guard.table} ENABLE ALWAYS TRIGGER {guard.name}")
        if guards.missing(target) or counts(target) != counts(rows):
            raise NotReady("the rows could not be copied as they are: nothing was changed")


def counts(connection: Connection) -> Mapping[str, int]:
    """Rows of each table of this version."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in schema.metadata.sorted_tables
    }


def _copy(source: Connection, target: Connection) -> None:
    for table in schema.metadata.sorted_tables:
        target.execute(table.delete())
        rows = source.execution_options(yield_per=ROWS_AT_ONCE).execute(sa.select(table))
        for some in rows.partitions():
            batch: list[dict[str, Any]] = [dict(row._mapping) for row in some]  # noqa: SLF001 -- SQLAlchemy's public name for it
            target.execute(table.insert(), batch)


def _count_on(target: Connection, table: sa.Table) -> None:
    """Let a serial number go on after the last one copied."""
    [key, *others] = table.primary_key.columns
    if others or key.identity is None:
        return
    last = target.execute(sa.select(sa.func.max(key))).scalar_one()
    if last is not None:
        sequence = sa.func.pg_get_serial_sequence(table.name, key.name)
        target.execute(sa.select(sa.func.setval(sequence, last)))
