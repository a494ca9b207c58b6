"""Keys are changed while others write, and whatever happens on the way nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import Conflict, PersonId, SubjectRef
from storage import schema, tables as t
from storage.audit.chain import Audit
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.faults import NotReady
from storage.rotation import PICTURES, Keyring
from storage.sealing import Sealing, columns
from storage.session import Session
from storage.unit_of_work import Units
from tests.databases import COMMANDS, plain_roster
from tests.fakes import samples as some
from tests.storage.everything import fill_the_rest, hire, write_everywhere


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


SIZE = os.environ.get("SIZE", "quick")
PEOPLE = {"quick": 60, "ci": 300, "full": 30_000}[SIZE]
BATCH = {"quick": 7, "ci": 20, "full": 100}[SIZE]
KILLS = {"quick": 1, "ci": 3, "full": 20}[SIZE]
PICTURE = b"the picture of Zephyrine Quillfeather, as it were"
OLD, NEW = Keys.new(), Keys.new()
BOTH_KEYS = Keys.from_text(f"{NEW.to_text()},{OLD.to_text()}")


def store(folder: Path, keys: Keys) -> FileBlobStore:
    return FileBlobStore(folder / "pictures", keys.seal, keys.open)


def units(database: Database, keys: Keys) -> Units:
    return Units(
        database,
        keys,
        packs={},
        commands=COMMANDS,
        now=lambda: some.NOON,
        roster=plain_roster,
    )


@pytest.fixture
async def filled(database: Database, tmp_path: Path) -> Database:
    """Everything sealed with the old key, a picture among it."""
    await schema.ready(database, OLD, Stamp.REAL)
    await write_everywhere(units(database, OLD))
    await fill_the_rest(database, OLD)
    await store(tmp_path, OLD).put(PICTURE)
    return database


def keyring(database: Database, folder: Path, keys: Keys = BOTH_KEYS) -> Keyring:
    return Keyring(database, keys, store(folder, keys), batch=BATCH)


async def lines(database: Database, key: Keys = NEW) -> list[tuple[str, str]]:
    async with units(database, BOTH_KEYS).read() as unit:
        history = await unit.audit.history(SubjectRef("keys", key.first_id.hex()))
    return [(line.actor_kind, line.tag) for line in history]


async def test_every_sealed_column_is_counted_and_opened(filled: Database, tmp_path: Path) -> None:
    usage = await keyring(filled, tmp_path).usage()

    assert set(usage.sealed) == {OLD.first_id}
    assert set(usage.sealed[OLD.first_id]) == {column.name for column in columns()} | {PICTURES}
    assert usage.remembered == {OLD.first_id}
    assert not usage.closed


async def test_after_a_rotation_the_old_key_can_be_dropped(
    filled: Database, tmp_path: Path
) -> None:
    await schema.ready(filled, BOTH_KEYS, Stamp.REAL)
    with pytest.raises(NotReady, match="SCHOOLGATE_KEYS"):
        await schema.ready(filled, NEW, Stamp.REAL)
    told: list[str] = []

    done = await keyring(filled, tmp_path).rotate(some.NOON, lambda place, *_: told.append(place))

    assert done.left == {}
    assert done.retired == (OLD.first_id,)
    assert set(done.renewed) == set(told) == {column.name for column in columns()} | {PICTURES}
    await schema.ready(filled, NEW, Stamp.REAL)
    usage = await keyring(filled, tmp_path, NEW).usage()
    assert set(usage.sealed) == {NEW.first_id}
    assert usage.remembered == {NEW.first_id}
    assert not usage.closed
    [blob] = store(tmp_path, NEW).paths()
    assert await store(tmp_path, NEW).get(blob) == PICTURE
    async with units(filled, NEW).read() as unit:
        found = await unit.people.get(some.ANN)
        assert found is not None
        assert found.name == some.CANARY
        assert not (await unit.audit.verify()).problems
    with pytest.raises(NotReady):  # whoever still has only the old one is told at the start
        await schema.ready(filled, OLD, Stamp.REAL)


async def test_a_pupils_number_may_still_stand_once_only(filled: Database, tmp_path: Path) -> None:
    await keyring(filled, tmp_path).rotate(some.NOON)
    twin = replace(some.pupil(3), number=some.pupil(2).number)
    async with units(filled, NEW).write() as unit:
        with pytest.raises(Exception, match="number_key"):
            await unit.rolls.save_pupils(some.OAK, (twin,))


async def test_the_record_keeps_who_did_it_and_a_second_time_does_nothing(
    filled: Database, tmp_path: Path
) -> None:
    await schema.ready(filled, BOTH_KEYS, Stamp.REAL)
    await keyring(filled, tmp_path).rotate(some.NOON)
    kept = [("operator", "keys:rotation_begun"), ("operator", "keys:rotated")]
    assert await lines(filled) == kept

    again = await keyring(filled, tmp_path).rotate(some.later(1))

    assert (again.renewed, again.left, again.retired) == ({}, {}, ())
    assert await lines(filled) == kept


async def test_a_key_that_sealed_nothing_left_is_retired_without_sealing_anew(
    database: Database, tmp_path: Path
) -> None:
    for keys in (OLD, BOTH_KEYS):
        await schema.ready(database, keys, Stamp.REAL)
    done = await keyring(database, tmp_path).rotate(some.NOON)
    assert done.retired == (OLD.first_id,)
    await schema.ready(database, NEW, Stamp.REAL)


async def test_what_was_written_since_it_was_read_stays(filled: Database) -> None:
    [column] = [column for column in columns() if column.table is t.person]
    async with filled.reading() as connection:
        page = await Sealing(Session(connection, BOTH_KEYS, writes=False)).page(column, 50)
    async with units(filled, OLD).write() as unit:
        await unit.people.save((replace(some.STAFF[0], name="Somebody Else"),))
        await unit.commit()
    async with filled.writing() as connection:
        session = Session(connection, BOTH_KEYS, writes=True)
        assert await Sealing(session).renew(column, page) == len(page) - 1
        await session.commit()
    async with units(filled, BOTH_KEYS).read() as unit:
        found = await unit.people.get(some.ANN)
    assert found is not None
    assert found.name == "Somebody Else"


@pytest.mark.ci("postgresql")
async def test_what_is_written_meanwhile_is_never_lost(
    filled: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Whoever writes is another process as far as the database is concerned."""
    crowd = [some.person(PersonId(f"w{number}")) for number in range(PEOPLE)]
    await hire(units(filled, OLD), crowd)
    other = Database(filled.url.render_as_string(hide_password=False))
    await other.open()
    await schema.ready(other, BOTH_KEYS, Stamp.REAL)
    writers, ended = units(other, BOTH_KEYS), asyncio.Event()
    written: Counter[PersonId] = Counter()
    conflicts = 0

    async def write() -> None:
        nonlocal conflicts
        number = 0
        while not ended.is_set():
            who = crowd[number * 7 % len(crowd)]
            number += 1
            try:
                async with writers.write() as unit:
                    named = replace(who, name=f"{who.id} {number}")
                    await unit.people.save((named,))
                    await unit.commit()
            except Conflict:
                conflicts += 1
            else:
                written[who.id] = number
            await asyncio.sleep(0.01)  # people aren't faster

    writing = asyncio.create_task(write())
    done = await keyring(filled, tmp_path).rotate(some.NOON)
    ended.set()
    await writing
    assert not done.left
    assert done.retired == (OLD.first_id,)
    async with units(other, NEW).read() as unit:
        for who, number in written.items():
            found = await unit.people.get(who)
            assert found is not None
            assert found.name == f"{who} {number}"
    await other.close()
    assert written
    assert conflicts == 0
    record_property("values sealed anew while others wrote", sum(done.renewed.values()))
    record_property("writes meanwhile, none lost", sum(1 for _ in written))


async def test_a_process_that_goes_on_sealing_with_the_old_key_is_noticed(
    filled: Database, tmp_path: Path
) -> None:
    await schema.ready(filled, BOTH_KEYS, Stamp.REAL)
    await keyring(filled, tmp_path).rotate(some.NOON)
    late = Keys.from_text(f"{OLD.to_text()},{NEW.to_text()}")
    async with units(filled, late).write() as unit:
        await unit.listings.save("l2", "pupils", "x", some.NOON)
        await unit.commit()
    await schema.ready(filled, late, Stamp.REAL)  # as its own probe does

    assert (await keyring(filled, tmp_path).counted()).total(OLD.first_id) == 1
    with pytest.raises(NotReady):
        await schema.ready(filled, NEW, Stamp.REAL)
    again = await keyring(filled, tmp_path).rotate(some.later(1))
    assert (again.renewed, again.retired) == ({"listing.body": 1}, (OLD.first_id,))
    await schema.ready(filled, NEW, Stamp.REAL)


async def test_what_does_not_open_is_told_and_left_as_it_is(
    filled: Database, tmp_path: Path
) -> None:
    async with filled.writing() as connection:
        broken = t.person.c.id == some.BOB
        body = (await connection.execute(sa.select(t.person.c.body).where(broken))).scalar_one()
        altered = bytes(body[:-1]) + bytes([body[-1] ^ 1])
        await connection.execute(t.person.update().where(broken).values(body=altered))
        await connection.commit()
    [(_, path)] = store(tmp_path, OLD).paths().items()
    path.write_bytes(path.read_bytes()[:-1])

    ring = keyring(filled, tmp_path)
    done = await ring.rotate(some.NOON)

    assert done.left == {"person.body": 1, PICTURES: 1}
    assert done.retired == ()
    usage = await ring.usage()
    assert usage.closed == {"person.body": 1, PICTURES: 1}
    assert usage.total(OLD.first_id) == 2


async def test_a_key_that_is_not_given_is_counted(filled: Database, tmp_path: Path) -> None:
    usage = await keyring(filled, tmp_path, NEW).usage()
    assert usage.total(OLD.first_id) == sum(usage.closed.values())
    assert OLD.first_id in usage.remembered


async def test_a_deleted_picture_does_not_come_back(tmp_path: Path) -> None:
    blobs = store(tmp_path, OLD)
    blob = await blobs.put(PICTURE)
    await blobs.delete(blob)
    assert not await store(tmp_path, BOTH_KEYS).reseal(blob)
    assert not blobs.paths()


ROTATE = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Database
from storage.rotation import Keyring

async def main(url, keys, folder):
    keys, database = Keys.from_text(keys), Database(url)
    await database.open()
    blobs = FileBlobStore(Path(folder) / "pictures", keys.seal, keys.open)
    ring = Keyring(database, keys, blobs, batch=3)
    await ring.rotate(datetime.now(UTC), lambda *seen: print(*seen, flush=True))

asyncio.run(main(*sys.argv[1:]))
"""


def killed_after(lines_seen: int, url: str, folder: Path) -> int:
    """Rotate in a process of its own, and kill it when it has told that much."""
    command = [sys.executable, "-c", ROTATE, url, BOTH_KEYS.to_text(), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(lines_seen):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        return process.wait()


@pytest.mark.ci("postgresql")
async def test_killed_in_the_middle_it_goes_on_the_next_time(
    filled: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    await schema.ready(filled, BOTH_KEYS, Stamp.REAL)
    crowd = tuple(some.person(PersonId(f"w{number}")) for number in range(60 * KILLS))
    async with units(filled, OLD).write() as unit:
        await unit.people.save(crowd)
        await unit.commit()
    url = filled.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        code = await asyncio.to_thread(killed_after, 2 + kill % 4, url, tmp_path)
        assert code == -signal.SIGKILL
        half = await keyring(filled, tmp_path).usage()
        assert not half.closed
        assert half.total(OLD.first_id)
        assert OLD.first_id in half.remembered
    done = await keyring(filled, tmp_path).rotate(some.NOON + timedelta(days=1))
    assert not done.left
    assert done.retired == (OLD.first_id,)
    async with units(filled, NEW).read() as unit:
        for person in crowd:
            assert await unit.people.get(person.id) == person
    async with filled.reading() as connection:
        report = await Audit(Session(connection, NEW, writes=False)).verify()
    assert not report.problems
    record_property("rotations killed and taken up again", KILLS)
