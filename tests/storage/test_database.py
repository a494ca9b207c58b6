from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import Conflict
from moderation.posts.model import State
from storage.database import PRAGMAS, Database, EndsWhenClosed, check_place, prepare
from storage.faults import NotReady, StoreFault
from tests.databases import units_on
from tests.fakes import samples as some


if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.unit_of_work import Units


async def test_every_connection_has_its_settings(database: Database) -> None:
    if database.path is None:
        return
    for kind in (database.writing, database.reading):
        async with kind() as connection:
            for name, (_, wanted) in PRAGMAS.items():
                found = (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
                assert found == wanted, name


class Forgetful:
    """A connection whose database takes no notice of a PRAGMA."""

    isolation_level: object = "DEFERRED"

    def cursor(self) -> Forgetful:
        return self

    def execute(self, statement: str) -> None:
        self.asked = statement

    def fetchall(self) -> list[tuple[object]]:
        return [("delete",)]

    def close(self) -> None:
        pass


def test_a_setting_that_does_not_hold_stops_the_start() -> None:
    with pytest.raises(NotReady, match="journal_mode"):
        prepare(Forgetful())


async def test_a_reader_cannot_write(sql_units: Units) -> None:
    async with sql_units.read() as unit:
        with pytest.raises(StoreFault):
            await unit.people.save(some.STAFF)
    async with sql_units.read() as unit:
        with pytest.raises(StoreFault):
            await unit.commit()


async def test_an_ended_unit_does_nothing_more(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.commit()
        with pytest.raises(StoreFault):
            await unit.people.get(some.ANN)


async def test_a_reader_sees_one_moment(sql_units: Units) -> None:
    async with sql_units.read() as early:
        assert await early.people.get(some.ANN) is None
        async with sql_units.write() as unit:
            await unit.people.save(some.STAFF)
            await unit.commit()
        assert await early.people.get(some.ANN) is None
    async with sql_units.read() as late:
        assert await late.people.get(some.ANN) is not None


async def test_twenty_writers_at_once_all_get_through(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.commit()

    async def write(number: int) -> None:
        async with sql_units.write() as unit:
            name = f"p{number}"
            await unit.posts.put(name, some.post(name), 0)
            await unit.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    async with sql_units.read() as unit:
        assert len(await unit.posts.live(frozenset({some.OAK}))) == 20


async def test_of_many_writers_of_one_post_one_wins(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", some.post(), 0)
        await unit.commit()
    everybody_has_read = asyncio.Barrier(5)

    async def write() -> bool:
        async with sql_units.read() as unit:
            loaded = await unit.posts.get("p1")
        assert loaded is not None
        post, version = loaded
        await everybody_has_read.wait()
        async with sql_units.write() as unit:
            try:
                await unit.posts.put("p1", replace(post, state=State.WITHDRAWN), version)
            except Conflict:
                return False
            await unit.commit()
        return True

    assert sorted(await asyncio.gather(*(write() for _ in range(5)))) == [False] * 4 + [True]


async def test_cancelling_leaves_nothing_behind(database: Database) -> None:
    units = units_on(database)
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.commit()
    committed = 0

    async def write(name: str) -> None:
        nonlocal committed
        async with units.write() as unit:
            await unit.posts.put(name, some.post(name), 0)
            await unit.commit()
            committed += 1

    chance = random.Random(7)  # noqa: S311 -- where to cut, not a secret
    for number in range(60):
        task = asyncio.create_task(write(f"p{number}"))
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with units.write() as unit:  # nothing holds the lock or the connection
        await unit.posts.put("last", some.post("last"), 0)
        await unit.commit()
    async with units.read() as unit:
        posts = await unit.posts.live(frozenset({some.OAK}))
    assert committed <= len(posts) - 1 <= 60
    async with database.reading() as connection:
        halves = await connection.execute(
            sa.text("SELECT COUNT(*) FROM post WHERE id NOT IN (SELECT post_id FROM revision)")
        )
        assert halves.scalar_one() == 0


async def test_one_run_for_each_file(database: Database) -> None:
    if database.path is None:
        database.claim()
        return
    other = Database(f"sqlite:///{database.path}")
    database.claim()
    with pytest.raises(NotReady, match="another schoolgate run"):
        other.claim()
    await database.close()
    other.claim()
    await other.close()


async def test_another_process_that_writes_too_long_is_a_conflict(
    fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "busy_timeout", ("50", 50))
    database = Database(fresh_database())
    if database.path is None:
        return
    await database.open()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Conflict):
            async with units_on(database).write():
                pass
        other.execute("ROLLBACK")
    async with units_on(database).write() as unit:
        await unit.people.save(some.STAFF)
        await unit.commit()
    await database.close()


async def test_a_server_that_is_not_there_is_a_fault_without_words() -> None:
    database = Database("postgresql://nobody:secret@127.0.0.1:1/none")
    await database.open()
    with pytest.raises(StoreFault) as fault:
        async with units_on(database).write():
            pass
    assert "secret" not in str(fault.value)
    await database.close()


async def test_an_instant_without_a_zone_is_refused(sql_units: Units) -> None:
    naive = some.NOON.replace(tzinfo=None)
    async with sql_units.write() as unit:
        with pytest.raises(sa.exc.StatementError, match="without a time zone"):
            await unit.listings.save("l1", "x", "", naive)


MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
40 22 0:35 / /mnt/school\040share rw,relatime shared:2 - cifs //server/share rw
41 22 0:36 / /srv/nfs rw - nfs4 server:/export rw
42 41 0:37 / /srv/nfs/local rw - ext4 /dev/sdb rw
"""


@pytest.mark.parametrize("path", ["/mnt/school share/a.db", "/srv/nfs/deep/down/a.db"])
def test_a_network_file_system_is_refused(path: str) -> None:
    with pytest.raises(NotReady, match="network file system"):
        check_place(Path(path), MOUNTS)


@pytest.mark.parametrize("path", ["/data/a.db", "/srv/nfs/local/a.db", "/mnt/school/a.db"])
def test_a_local_disk_is_not(path: str) -> None:
    check_place(Path(path), MOUNTS)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "isn't a URL"),
        ("data/schoolgate.db", "isn't a URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://localhost/x", "mysql is not supported"),
    ],
)
def test_another_address_is_refused_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(NotReady, match=words):
        Database(url)


async def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="run schoolgate db upgrade"):
        await Database(f"sqlite:///{tmp_path}/none.db").open()


@pytest.mark.parametrize("factory", [sqlite3.Connection, EndsWhenClosed])
def test_a_connection_that_is_closed_lets_others_write(
    tmp_path: Path, factory: type[sqlite3.Connection]
) -> None:
    """Even while somebody still holds one of its statements; the library's own doesn't."""
    path = tmp_path / "some.db"
    cut_off = sqlite3.connect(path, isolation_level=None, factory=factory)
    cut_off.execute("PRAGMA journal_mode = WAL")
    cut_off.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY)")
    cut_off.execute("INSERT INTO thing VALUES (1), (2)")
    cut_off.execute("BEGIN IMMEDIATE")
    held = cut_off.execute("SELECT id FROM thing")
    assert held.fetchone() == (1,)
    cut_off.close()
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    if factory is EndsWhenClosed:
        other.execute("BEGIN IMMEDIATE")
    else:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    del held
    other.close()
