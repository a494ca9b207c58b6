"""Looking at a copy of a database and its pictures, as a folder holds them: is all of it sound?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import archive, copying, schema
from storage.audit.chain import Audit
from storage.blobs import FileBlobStore
from storage.database import Database
from storage.media import SqlInspections
from storage.rotation import PICTURES, Keyring
from storage.session import Session


if TYPE_CHECKING:
    from pathlib import Path

    from storage.crypto import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a SQLite file of any version of ours holds, counted without a key."""

    revision: str
    stamp: str
    rows: Mapping[str, int]
    events: int
    last_hash: str
    keys: tuple[str, ...]


def facts_of(path: Path) -> Facts:
    """Count. Raises :class:`sqlite3.Error` for a file that isn't a database of ours."""
    with closing(sqlite3.connect(path)) as connection:

        def one(statement: str, otherwise: str = "") -> str:
            row = connection.execute(statement).fetchone()
            return otherwise if row is None else str(row[0])

        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        rows = {
            name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- a name from the schema itself
            for (name,) in sorted(tables)
        }
        keys = connection.execute("SELECT key_id FROM key_check ORDER BY key_id").fetchall()
        return Facts(
            revision=one("SELECT version_num FROM alembic_version"),
            stamp=one("SELECT stamp FROM installation"),
            rows=rows,
            events=int(one("SELECT COUNT(*) FROM audit_event")),
            last_hash=one("SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1"),
            keys=tuple(key.hex() for (key,) in keys),
        )


def whole(path: Path) -> tuple[str, ...]:
    """SQLite's own look at the file: pages, indexes, checks, references."""
    problem: str | None = None
    try:
        with closing(sqlite3.connect(path)) as connection:
            [(found,), *_] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        problem = f"the database can't be read ({type(error).__name__})"
        found, loose = "ok", []
    if problem is not None:
        return (problem,)
    problems = [] if found == "ok" else ["the database is damaged: its integrity check fails"]
    if loose:
        problems.append(f"{len(loose)} rows refer to rows that aren't there")
    return tuple(problems)


def settled(path: Path) -> None:
    """One file again, without a journal beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


async def examined(folder: Path, keys: Keys) -> tuple[str, ...]:
    """Everything that is wrong with a copy of this version, in plain sentences.

    Integrity, references, tables and guards; then the record's chain, every sealed value and every
    picture with ``keys``. Leaves one file behind.
    """
    path = folder / archive.DATABASE
    problems = await asyncio.to_thread(whole, path)
    if not problems:
        problems = await asyncio.to_thread(schema.check, copying.url_of(path))
    if not problems:
        problems = await _opened(path, folder, keys)
        await asyncio.to_thread(settled, path)
    return problems


async def _opened(path: Path, folder: Path, keys: Keys) -> tuple[str, ...]:
    blobs = FileBlobStore(folder / archive.PICTURES, keys.seal, keys.open)
    database = Database(copying.url_of(path))
    await database.open()
    try:
        async with database.reading() as connection:
            session = Session(connection, keys, writes=False)
            chain = await Audit(session).verify()
        usage = await Keyring(database, keys, blobs).usage()
        problems = [f"the record is broken at {problem}" for problem in chain.problems[:1]]
        problems += [f"{count} in {place} can't be opened" for place, count in usage.closed.items()]
        if not usage.closed.get("picture.body"):
            async with database.reading() as connection:
                needed = await SqlInspections(Session(connection, keys, writes=False)).needed()
            if missing := len(needed - blobs.paths().keys()):
                problems.append(f"{missing} {PICTURES} that posts speak of are missing")
    finally:
        await database.close()
    return tuple(problems)
