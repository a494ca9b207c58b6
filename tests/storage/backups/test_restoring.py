"""A backup put in the place of what is there: told first, whole or not at all."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PersonId, PostId
from moderation.posts.model import State
from storage import copying, schema
from storage.archive import BadArchive
from storage.backup import Place
from storage.database import Stamp
from storage.faults import NotReady
from storage.restoring import NotEmpty, put_in_place, unpacked
from tests.databases import makes
from tests.fakes import samples as some
from tests.storage.backups.making import (
    KEYS,
    NEWEST,
    backed_up,
    blobs_in,
    opened,
    restored,
    units,
)


if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.ci("postgresql")
async def test_what_is_there_is_replaced_only_when_told(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    await backed_up(place, file)
    database = await opened(place)
    async with units(database).write() as unit:
        await unit.people.save((some.person(PersonId("late")),))
        await unit.commit()
    await database.close()
    late = await blobs_in(place).put(b"late")

    with pytest.raises(NotEmpty):
        await restored(file, place)
    assert await _has(place, PersonId("late"))
    serving = await opened(place)
    serving.claim()
    async with serving.reading():
        with pytest.raises(NotReady, match=r"running|using"):
            await restored(file, place, over=True)
    await serving.close()
    assert await _has(place, PersonId("late"))

    aside = await restored(file, place, over=True)

    assert not await _has(place, PersonId("late"))
    assert await _has(place, some.ANN)
    assert late not in blobs_in(place).paths()
    assert len(list(place.data.glob("pictures.before-*/*/*"))) == 1
    if place.is_sqlite:
        assert aside is not None
        assert await _has(Place(url=copying.url_of(aside), data=place.data), PersonId("late"))
        assert stat.S_IMODE(place.file.stat().st_mode) == 0o600


async def _has(place: Place, person: PersonId) -> bool:
    database = await opened(place)
    async with units(database).read() as unit:
        found = await unit.people.get(person)
    await database.close()
    return found is not None


async def test_a_damaged_file_can_be_replaced(sqlite_place: Place, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    await backed_up(sqlite_place, file)
    for name in ("-wal", "-shm"):
        sqlite_place.file.with_name(sqlite_place.file.name + name).unlink(missing_ok=True)
    sqlite_place.file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(NotEmpty):
        await restored(file, sqlite_place)
    assert await restored(file, sqlite_place, over=True) is not None
    assert await _has(sqlite_place, some.ANN)


async def test_a_backup_of_a_demonstration_is_not_put_in_place(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    demo = Place(url=copying.url_of(tmp_path / "demo.db"), data=tmp_path / "demo")
    schema.upgrade(demo.url, stamp=Stamp.DEMO, at=some.NOON)
    database = await opened(demo)
    await schema.ready(database, KEYS, Stamp.DEMO)
    await database.close()
    await backed_up(demo, tmp_path / "demo.backup")
    with pytest.raises(BadArchive, match="demonstration"):
        await restored(
            tmp_path / "demo.backup", Place(url=makes(request, "sqlite")(), data=tmp_path / "x")
        )


async def test_what_was_under_way_asks_a_person(sqlite_place: Place, tmp_path: Path) -> None:
    """It may have gone out since the backup was made."""
    database = await opened(sqlite_place)
    approved = some.approved(some.post("p9"), some.BOB)
    out = replace(
        approved,
        state=State.RELEASED,
        publications=(some.published(approved),),
    )
    async with units(database).write() as unit:
        await unit.posts.put("p9", some.post("p9"), 0)
        await unit.posts.put("p9", out, 1)
        await unit.releases.plan(PostId("p9"), some.PAGE, some.NOON)
        await unit.commit()
    await database.close()
    file = tmp_path / "school.backup"
    await backed_up(sqlite_place, file)
    other = Place(url=copying.url_of(tmp_path / "other.db"), data=tmp_path / "other")
    async with unpacked(file, KEYS, beside=other.data, at=NEWEST) as found:
        assert found.unsure == 1
        await put_in_place(found, other, KEYS, at=NEWEST)
    database = await opened(other)
    async with units(database).write() as unit:
        assert not await unit.releases.claim(NEWEST, 10, "me", some.NOON - some.later(-1))
        [lapsed] = await unit.releases.lapsed(NEWEST)
        assert lapsed.post == "p9"
    await database.close()
