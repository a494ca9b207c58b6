"""What is handed to a connection's thread, told by aiosqlite's own log: one line for each."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from storage import schema, tables as t
from storage.database import Database, Stamp
from tests.databases import units_on
from tests.fakes import samples as some


if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection


PEOPLE = [{"id": f"p{number}", "body": b"sealed"} for number in range(3)]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'some.db'}"
    await asyncio.to_thread(schema.upgrade, url, stamp=Stamp.DEMO, at=some.NOON)
    database = Database(url)
    await database.open()
    yield database
    await database.close()


class Crossings:
    """How often something was handed over since this was asked last."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        caplog.set_level(logging.DEBUG, "aiosqlite")

    def made(self) -> int:
        lines = [one.message for one in self._caplog.records if one.name == "aiosqlite"]
        self._caplog.clear()
        return sum(line.startswith("executing ") for line in lines)


@pytest.fixture
def crossings(opened: Database, caplog: pytest.LogCaptureFixture) -> Crossings:
    assert opened.path  # opening it quietens that log
    return Crossings(caplog)


async def test_a_statement_crosses_once_and_a_transaction_twice_more(
    opened: Database, crossings: Crossings
) -> None:
    async with opened.writing() as connection:
        crossings.made()
        await connection.execute(t.person.insert(), PEOPLE[0])
        assert crossings.made() == 1
        await connection.execute(t.person.insert(), PEOPLE[1:])
        assert crossings.made() == 1
        assert len((await connection.execute(sa.select(t.person))).all()) == 3
        assert crossings.made() == 1
        await connection.commit()
        assert crossings.made() == 1
    assert crossings.made() == 0  # what is committed needs no undoing
    async with opened.reading() as connection:
        assert crossings.made() > 0  # a new connection's settings
    async with opened.reading() as connection:
        crossings.made()
        await connection.execute(sa.select(t.person))
    assert crossings.made() == 2  # the question, and the end of its snapshot


async def _ids(connection: AsyncConnection) -> list[str]:
    return list((await connection.execute(sa.select(t.person.c.id))).scalars())


async def test_what_is_not_committed_is_undone(opened: Database) -> None:
    async with opened.writing() as connection:
        await connection.execute(t.person.insert(), PEOPLE)
    async with opened.writing() as connection:
        assert await _ids(connection) == []
        await connection.execute(t.person.insert(), PEOPLE[0])
        await connection.rollback()
        assert await _ids(connection) == []
        await connection.commit()


async def test_a_statement_says_how_many_rows_it_changed(opened: Database) -> None:
    everybody = t.person.update().values(body=b"other")
    async with opened.writing() as connection:
        assert (await connection.execute(everybody)).rowcount == 0
        assert (await connection.execute(t.person.insert(), PEOPLE)).rowcount == 3
        assert (await connection.execute(everybody)).rowcount == 3
        which = everybody.where(t.person.c.id != "p1").returning(t.person.c.id)
        changed = await connection.execute(which)
        assert sorted(changed.scalars()) == ["p0", "p2"]
        assert (await connection.execute(which)).rowcount == 2
        gone = t.person.delete().where(t.person.c.id == sa.bindparam("which"))
        await connection.execute(gone, [{"which": "p0"}, {"which": "p2"}])
        assert await _ids(connection) == ["p1"]


async def test_a_row_has_the_number_that_it_was_given(opened: Database) -> None:
    async with opened.writing() as connection:
        for number in (1, 2):
            row = {"blob": f"b{number}", "state": "waiting"}
            made = await connection.execute(t.picture.insert(), row)
            assert made.inserted_primary_key == (number,)


async def test_rows_may_be_left_unread_and_names_are_known_without_rows(opened: Database) -> None:
    async with opened.writing() as connection:
        empty = await connection.execute(sa.select(t.person))
        assert list(empty.keys()) == ["id", "body"]
        assert empty.all() == []
        await connection.execute(t.person.insert(), PEOPLE)
        found = await connection.execute(sa.select(t.person.c.id).order_by(t.person.c.id))
        assert found.fetchmany(2) == [("p0",), ("p1",)]
        assert found.fetchone() == ("p2",)
        assert found.fetchone() is None
        left = await connection.execute(sa.select(t.person))
        assert left.first() is not None
        await connection.commit()


async def test_a_mistake_is_the_databases_own_and_leaves_the_transaction(opened: Database) -> None:
    async with opened.writing() as connection:
        await connection.execute(t.person.insert(), PEOPLE[0])
        with pytest.raises(sa.exc.IntegrityError, match=r"UNIQUE constraint failed: person\.id"):
            await connection.execute(t.person.insert(), PEOPLE[0])
        with pytest.raises(sa.exc.IntegrityError):
            await connection.execute(t.person.insert(), PEOPLE)
        with pytest.raises(sa.exc.OperationalError, match="no such table"):
            await connection.exec_driver_sql("SELECT * FROM no_such")
        assert await _ids(connection) == ["p0"]
        await connection.commit()


async def test_whoever_is_cut_off_within_a_statement_keeps_nobody_waiting(
    opened: Database,
) -> None:
    """The statement runs to its end, on its thread; then its transaction is gone."""
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
    begun = asyncio.Event()

    async def writes() -> None:
        async with opened.writing() as connection:
            await connection.execute(t.person.insert(), PEOPLE)
            begun.set()
            await connection.exec_driver_sql(slow + "SELECT max(i) FROM n")

    task = asyncio.create_task(writes())
    await begun.wait()
    await asyncio.sleep(0)  # so that the statement has been handed over
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert opened.in_use() == 0
    async with units_on(opened).write() as unit:
        assert await unit.people.get(some.ANN) is None
        await unit.people.save(some.STAFF)
        await unit.commit()
    async with opened.reading() as connection:
        assert not {row["id"] for row in PEOPLE} & set(await _ids(connection))
