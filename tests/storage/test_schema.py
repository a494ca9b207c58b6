from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from storage import guards, schema
from storage.acceptance_tables import acceptance
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.faults import NotReady
from storage.session import Duplicate, Session
from tests.databases import KEYS
from tests.fakes.samples import NOON


if TYPE_CHECKING:
    from collections.abc import Callable


STORAGE = Path(schema.__file__).parent


def tamper(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
            raw.execute(statement)
            raw.commit()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


async def opened(url: str) -> Database:
    database = Database(url)
    await database.open()
    return database


async def start(url: str, keys: Keys = KEYS, stamp: Stamp = Stamp.REAL) -> None:
    database = await opened(url)
    try:
        await schema.ready(database, keys, stamp)
    finally:
        await database.close()


async def test_a_new_database_is_as_this_version_says(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    assert schema.check(url) == ()
    assert schema.current(url) == schema.head()
    await start(url)


KEPT = {
    "INSERT INTO acceptance VALUES ('ann', 'step', '2026-09', '2026-11-18 12:00:00', 'slack')": (
        "UPDATE acceptance SET platform = 'teams'",
        "DELETE FROM acceptance",
    ),
    "INSERT INTO taken_down_picture VALUES ('00ff', 'p1', 'p1.1')": (
        "UPDATE taken_down_picture SET likeness = 'ff00'",
        "DELETE FROM taken_down_picture",
    ),
}


@pytest.mark.parametrize("row", KEPT)
async def test_what_was_taken_down_or_accepted_stays_known(
    fresh_database: Callable[[], str], row: str
) -> None:
    url = fresh_database()
    await start(url)
    tamper(url, row)
    table = row.split()[2]
    wrong = [*KEPT[row], *((f"TRUNCATE {table}",) if not url.startswith("sqlite") else ())]
    if url.startswith("sqlite") and table == "acceptance":
        wrong.append(row.replace("INSERT", "INSERT OR REPLACE").replace("'slack'", "'teams'"))
    for statement in wrong:
        with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match=f"{table}_is_|UNIQUE"):
            tamper(url, statement)


async def test_an_acceptance_that_is_there_is_a_duplicate_for_an_older_program_too(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    database = await opened(url)
    row = {"person_id": "ann", "policy": "step", "edition": "1", "at": NOON, "platform": "slack"}
    try:
        await schema.ready(database, KEYS, Stamp.REAL)
        async with database.writing() as connection:
            session = Session(connection, KEYS, writes=True)
            await session.execute(acceptance.insert(), row)
            with pytest.raises(Duplicate):
                await session.execute(acceptance.insert(), {**row, "platform": "teams"})
    finally:
        await database.close()


def test_upgrading_again_changes_nothing(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    schema.upgrade(url, stamp=Stamp.DEMO, at=NOON)
    assert schema.check(url) == ()


@pytest.mark.parametrize("guard", ["publication_by_two", "hand_is_kept", "audit_in_order"])
async def test_a_missing_guard_stops_the_start_and_is_not_made_again(
    fresh_database: Callable[[], str], guard: str
) -> None:
    url = fresh_database()
    table = next(known.table for known in guards.GUARDS if known.name == guard)
    on = "" if url.startswith("sqlite") else f" ON {table}"
    tamper(url, f"DROP TRIGGER {guard}{on}")
    for _ in range(2):
        with pytest.raises(NotReady, match=guard):
            await start(url)
        schema.upgrade(url, at=NOON)
    assert [problem for problem in schema.check(url) if guard in problem]


async def test_a_guard_with_its_words_changed_stops_the_start(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    if url.startswith("sqlite"):
        tamper(url, "DROP TRIGGER hand_is_kept")
        tamper(
            url,
            "CREATE TRIGGER hand_is_kept BEFORE DELETE ON hand WHEN 0 "
            "BEGIN SELECT RAISE(ABORT, 'hand_is_kept'); END",
        )
    else:
        tamper(
            url,
            "CREATE OR REPLACE FUNCTION hand_is_kept() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN OLD; END'",
        )
    with pytest.raises(NotReady, match="hand_is_kept"):
        await start(url)


async def test_a_guard_switched_off_stops_the_start(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    if url.startswith("postgresql"):
        for how in ("DISABLE TRIGGER", "ENABLE TRIGGER"):
            tamper(url, f"ALTER TABLE hand {how} hand_is_kept")
            with pytest.raises(NotReady, match="hand_is_kept"):
                await start(url)


def test_it_knows_every_table_whatever_else_is_imported() -> None:
    """In a process of its own: beside other tests, somebody has imported them all."""
    asked = "import sys; from storage import schema; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=STORAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    tables = {f"storage.{file.stem}" for file in STORAGE.glob("*tables.py")}
    assert tables <= set(ran.stdout.split())
    assert {module.__name__ for module in schema.MODULES} | {"storage.tables"} == tables


def test_a_changed_table_is_named(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    tamper(url, "ALTER TABLE watch ADD COLUMN note TEXT")
    (problem,) = schema.check(url)
    assert problem.endswith(": column watch note is there, and this version doesn't know it")


async def test_a_database_of_another_version_is_refused(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    tamper(url, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(NotReady, match=f"needs {schema.head()}: run schoolgate db upgrade"):
        await start(url)


async def test_a_stamp_is_for_life(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    with pytest.raises(NotReady, match="this is a real database"):
        await start(url, stamp=Stamp.DEMO)


def test_an_older_one_for_another_use_is_left_as_it_is(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    tamper(url, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(NotReady, match="so name another in"):
        schema.upgrade(url, stamp=Stamp.DEMO, at=NOON)
    assert schema.current(url) == "0000"


async def test_a_demo_is_stamped_when_it_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/demo.db"
    assert schema.current(url) is None
    assert schema.check(url) == ("there is no database yet: run schoolgate db upgrade",)
    schema.upgrade(url, stamp=Stamp.DEMO, at=NOON)
    await start(url, stamp=Stamp.DEMO)
    with pytest.raises(NotReady, match="this is a demo database"):
        await start(url)


async def test_another_key_stops_the_start(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    await start(url)
    with pytest.raises(NotReady, match="SCHOOLGATE_KEYS"):
        await start(url, Keys.new())
    rotated = Keys.from_text(f"{Keys.new().to_text()},{KEYS.to_text()}")
    await start(url, rotated)
    with pytest.raises(NotReady, match="SCHOOLGATE_KEYS"):
        await start(url, KEYS)


async def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "schoolgate.db"
    schema.upgrade(f"sqlite:///{path}", at=NOON)
    path.chmod(0o644)
    database = await opened(f"sqlite:///{path}")
    async with database.writing() as connection:
        await connection.commit()
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
    await database.close()
    assert set(modes) >= {"schoolgate.db", "schoolgate.db-wal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
