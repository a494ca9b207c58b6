"""Making backups and restoring them, as the tests of both do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.backup import Place, back_up
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Database
from storage.restoring import put_in_place, unpacked
from storage.unit_of_work import Units
from tests.databases import COMMANDS, plain_roster
from tests.fakes import samples as some


if TYPE_CHECKING:
    from pathlib import Path

    from storage.backup import Made


KEYS = Keys.new()
PICTURE = b"the picture of Zephyrine Quillfeather, as it were"
NEWEST = some.later(600)


def blobs_in(place: Place, keys: Keys = KEYS) -> FileBlobStore:
    return FileBlobStore(place.pictures, keys.seal, keys.open)


def units(database: Database, keys: Keys = KEYS) -> Units:
    return Units(
        database,
        keys,
        packs={},
        commands=COMMANDS,
        now=lambda: some.NOON,
        roster=plain_roster,
    )


async def opened(place: Place) -> Database:
    database = Database(place.url)
    await database.open()
    return database


async def backed_up(place: Place, file: Path, *, over: bool = False) -> Made:
    return await back_up(place, KEYS, file, at=NEWEST, version="0", over=over)


async def looked_through(file: Path, folder: Path, keys: Keys = KEYS) -> tuple[str, ...]:
    async with unpacked(file, keys, beside=folder, at=NEWEST) as found:
        return found.problems


async def restored(file: Path, place: Place, *, over: bool = False) -> Path | None:
    async with unpacked(file, KEYS, beside=place.data, at=NEWEST) as found:
        return await put_in_place(found, place, KEYS, at=NEWEST, over=over)
