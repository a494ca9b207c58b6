"""A backup taken while others write, looked through, and put in place: whole or not at all."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import stat
import tarfile
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PersonId, SubjectRef
from storage import copying, schema
from storage.archive import BadArchive
from storage.backup import Place, TargetThere
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Stamp
from storage.restoring import is_empty
from storage.unit_of_work import Units
from tests.databases import BOTH, makes
from tests.fakes import samples as some
from tests.storage.backups.making import (
    KEYS,
    NEWEST,
    PICTURE,
    backed_up,
    blobs_in,
    looked_through,
    opened,
    restored,
    units,
)
from tests.storage.everything import hire


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection


SIZE = os.environ.get("SIZE", "quick")
CROWD = {"quick": 200, "ci": 2_000, "full": 50_000}[SIZE]
PICTURES = {"quick": 10, "ci": 50, "full": 500}[SIZE]
PICTURE_BYTES = {"quick": 5_000, "ci": 100_000, "full": 2_000_000}[SIZE]
FLIPS = {"quick": 10, "ci": 100, "full": 1000}[SIZE]
WARM = 3


async def test_a_backup_is_one_private_file_without_a_key(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "made" / "school.backup"
    made = await backed_up(place, file)

    assert made.problems == ()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["school.backup"]
    with tarfile.open(file, "r:") as tar:
        names = tar.getnames()
    assert names[0] == "schoolgate.db"
    assert names[-2:] == ["manifest.json", "manifest.sealed"]
    assert len(names) == 4
    content = file.read_bytes()
    key = KEYS.to_text()
    for secret in (key.encode(), *(part.encode() for part in some.CANARY.split())):
        assert secret not in content
    assert await looked_through(file, tmp_path) == ()


@pytest.mark.ci("postgresql")
async def test_it_never_writes_over_another_unless_told(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    file.write_bytes(b"something precious")
    with pytest.raises(TargetThere):
        await backed_up(place, file)
    assert file.read_bytes() == b"something precious"
    await backed_up(place, file, over=True)
    assert await looked_through(file, tmp_path) == ()


@pytest.mark.parametrize("onto", BOTH)
@pytest.mark.ci("postgresql")
async def test_what_is_restored_is_what_was_there(
    place: Place, tmp_path: Path, onto: str, request: pytest.FixtureRequest
) -> None:
    """From each kind of database onto each kind."""
    file = tmp_path / "school.backup"
    made = await backed_up(place, file)
    other = Place(url=makes(request, onto)(), data=tmp_path / "other")
    assert is_empty(other)

    assert await restored(file, other) is None

    assert schema.check(other.url) == ()
    database = await opened(other)
    await schema.ready(database, KEYS, Stamp.REAL)
    [blob] = blobs_in(other).paths()
    assert await blobs_in(other).get(blob) == PICTURE
    async with units(database).read() as unit:
        found = await unit.people.get(some.ANN)
        assert found is not None
        assert found.name == some.CANARY
        report = await unit.audit.verify()
        history = await unit.audit.history(SubjectRef("backup", NEWEST.isoformat()))
    assert not report.problems
    assert [(line.actor_kind, line.tag) for line in history] == [("operator", "backup:restored")]
    with copying.connected(other.url) as connection:
        counts = dict(copying.counts(connection))
    told_in_the_record = dict.fromkeys(("audit_event", "audit_payload"), 1)
    assert {name: rows - told_in_the_record.get(name, 0) for name, rows in counts.items()} == {
        name: rows for name, rows in made.manifest.rows.items() if name in counts
    }
    # And everything goes on: serial numbers after the last one, and the guards in place.
    async with units(database).write() as unit:
        assert await unit.sandbox.append("after", "C1", "x")
        await unit.posts.put("p2", some.post("p2"), 0)
        await unit.commit()
    await database.close()


@dataclass
class Staff:
    """Writes posts, each with a listing, and has pictures looked at, until they go home."""

    units: Units
    blobs: FileBlobStore
    home: asyncio.Event = field(default_factory=asyncio.Event)
    warm: asyncio.Event = field(default_factory=asyncio.Event)
    posts: int = 1
    slowest: float = 0.0

    async def post(self) -> None:
        while not self.home.is_set():
            began, name = time.monotonic(), f"n{self.posts}"
            async with self.units.write() as unit:
                await unit.posts.put(name, some.post(name), 0)
                await unit.listings.save(name, "pupils", "x", some.NOON)
                await unit.commit()
            self.posts += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if self.posts > WARM:
                self.warm.set()

    async def look_at_pictures(self) -> None:
        number = 0
        while not self.home.is_set():
            number += 1
            original = await self.blobs.put(f"original {number}".encode())
            async with self.units.write() as unit:
                await unit.inspections.arrive(original)
                await unit.commit()
            clean = await self.blobs.put(f"clean {number}".encode())
            seen = replace(some.inspection(original), clean=clean)
            async with self.units.write() as unit:
                await unit.inspections.add(seen)
                await unit.inspections.add(replace(seen, blob=clean))
                await unit.commit()
            await self.blobs.delete(original)


@pytest.mark.ci("postgresql")
async def test_taken_while_others_write_it_is_one_moment(
    place: Place, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    database = await opened(place)
    await hire(units(database), [some.person(PersonId(f"w{one}")) for one in range(CROWD)])
    for number in range(PICTURES):
        await blobs_in(place).put(number.to_bytes(4, "big") + os.urandom(PICTURE_BYTES))
    staff = Staff(units(database), blobs_in(place))
    working = [asyncio.create_task(work) for work in (staff.post(), staff.look_at_pictures())]
    await staff.warm.wait()
    before, file = staff.posts, tmp_path / "school.backup"

    began = time.monotonic()
    made = await backed_up(place, file)
    took = time.monotonic() - began
    staff.home.set()
    await asyncio.gather(*working)
    await database.close()

    rows = made.manifest.rows
    assert made.problems == ()
    assert rows["revision"] == rows["post"] == rows["listing"] >= before
    began = time.monotonic()
    await restored(file, Place(url=copying.url_of(tmp_path / "x.db"), data=tmp_path / "x"))
    record_property("backup, MB", round(made.size / 1e6, 1))
    record_property("backup and check under load, s", round(took, 1))
    record_property("check and restore, s", round(time.monotonic() - began, 1))
    record_property("posts written meanwhile", staff.posts - before)
    record_property("slowest write meanwhile, ms", round(staff.slowest * 1000))


async def test_a_picture_let_go_while_names_are_given_is_still_in_it(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL: the moment of the rows and the names of the pictures have a time between them."""
    place = Place(url=makes(request, "postgresql")(), data=tmp_path / "data")
    database = await opened(place)
    await schema.ready(database, KEYS, Stamp.REAL)
    blob = await blobs_in(place).put(b"waits")
    async with units(database).write() as unit:
        await unit.inspections.arrive(blob)
        await unit.commit()
    await database.close()
    deleting = threading.Thread(target=lambda: asyncio.run(blobs_in(place).delete(blob)))
    moment = copying.snapshot

    @contextmanager
    def and_then_it_is_deleted(url: str) -> Iterator[Connection]:
        with moment(url) as rows:
            deleting.start()
            deleting.join(0.3)
            yield rows

    monkeypatch.setattr(copying, "snapshot", and_then_it_is_deleted)
    file = tmp_path / "school.backup"
    made = await backed_up(place, file)
    deleting.join()
    assert made.problems == ()
    assert await looked_through(file, tmp_path) == ()
    assert not blobs_in(place).paths()


async def test_whatever_byte_is_altered_it_is_noticed(
    place: Place, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    file = tmp_path / "school.backup"
    await backed_up(place, file)
    whole, chance = file.read_bytes(), random.Random(11)  # noqa: S311 -- where to cut, not a secret
    used = _bytes_that_count(file)
    for _ in range(FLIPS):
        altered = bytearray(whole)
        altered[chance.choice(used)] ^= 1 << chance.randrange(8)
        file.write_bytes(altered)
        with pytest.raises(BadArchive):
            await looked_through(file, tmp_path)
    for _ in range(FLIPS):
        file.write_bytes(whole[: chance.randrange(max(used))])
        with pytest.raises(BadArchive):
            await looked_through(file, tmp_path)
    record_property("backups with one altered bit, all noticed", FLIPS)
    record_property("backups cut short, all noticed", FLIPS)


def _bytes_that_count(file: Path) -> list[int]:
    """Content, not tar's padding and times."""
    with tarfile.open(file, "r:") as tar:
        return [
            offset
            for entry in tar
            for offset in range(entry.offset_data, entry.offset_data + entry.size)
        ]


@pytest.mark.parametrize("kind", ["text", "empty", "compressed", "link", "outside", "stranger"])
async def test_something_else_is_no_backup(tmp_path: Path, kind: str) -> None:
    file, inside = tmp_path / "school.backup", tmp_path / "schoolgate.db"
    inside.write_bytes(b"x" * 600)
    entry = tarfile.TarInfo("schoolgate.db")
    match kind:
        case "text":
            file.write_text("no archive at all\n" * 100, encoding="ascii")
        case "empty":
            file.write_bytes(b"")
        case "compressed":
            with tarfile.open(file, "w:gz") as tar:
                tar.add(inside, "schoolgate.db")
        case "link":
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            with tarfile.open(file, "w") as tar:
                tar.addfile(entry)
        case "outside":
            with tarfile.open(file, "w") as tar:
                tar.add(inside, "../schoolgate.db")
        case _:
            with tarfile.open(file, "w") as tar:
                tar.add(inside, "schoolgate.db")
    with pytest.raises(BadArchive):
        await looked_through(file, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []
    assert not (tmp_path / "work" / ".." / "..").joinpath("schoolgate.db").exists()


@pytest.mark.ci("postgresql")
async def test_with_another_key_it_says_which_is_missing(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    await backed_up(place, file)
    with pytest.raises(BadArchive, match="SCHOOLGATE_KEYS"):
        await looked_through(file, tmp_path, Keys.new())
    later = Keys.from_text(f"{Keys.new().to_text()},{KEYS.to_text()}")
    assert await looked_through(file, tmp_path, later) == ()


async def alter(place: Place, statement: str) -> None:
    """As somebody would who can write to the database itself."""
    with closing(sqlite3.connect(place.file)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TRIGGER publication_by_two", "the guard publication_by_two is missing"),
        ("UPDATE person SET body = x'0102' WHERE id = 'bob'", "person.body can't be opened"),
        ("DELETE FROM person WHERE id = 'ann'", "refer to rows that aren't there"),
        ("DELETE FROM audit_payload", "the record is broken"),
        ("DROP INDEX ix_post_state", "the tables aren't as this version says"),
    ],
)
async def test_what_was_wrong_before_is_told_and_still_kept(
    sqlite_place: Place, tmp_path: Path, statement: str, told: str
) -> None:
    await alter(sqlite_place, statement)
    file = tmp_path / "school.backup"
    made = await backed_up(sqlite_place, file)
    assert told in "; ".join(made.problems)
    assert told in "; ".join(await looked_through(file, tmp_path))
    with pytest.raises(BadArchive):
        await restored(file, Place(url=copying.url_of(tmp_path / "x.db"), data=tmp_path / "x"))
    assert not (tmp_path / "x.db").exists()


async def test_a_picture_that_is_missing_is_told(sqlite_place: Place, tmp_path: Path) -> None:
    blob = await blobs_in(sqlite_place).put(b"waits")
    database = await opened(sqlite_place)
    async with units(database).write() as unit:
        await unit.inspections.arrive(blob)
        await unit.commit()
    await database.close()
    await blobs_in(sqlite_place).delete(blob)
    made = await backed_up(sqlite_place, tmp_path / "school.backup")
    assert made.problems == ("1 pictures that posts speak of are missing",)
