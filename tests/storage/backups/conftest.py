"""Installations to be backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage import schema
from storage.backup import Place
from storage.database import Database, Stamp
from tests.databases import makes
from tests.storage.backups.making import (
    KEYS,
    PICTURE,
    blobs_in,
    opened,
    units,
)
from tests.storage.everything import fill_the_rest, write_everywhere


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> Place:
    """An installation with something in every table that seals, and a picture."""
    await schema.ready(database, KEYS, Stamp.REAL)
    await write_everywhere(units(database))
    await fill_the_rest(database, KEYS)
    found = Place(url=database.url.render_as_string(hide_password=False), data=tmp_path / "data")
    await blobs_in(found).put(PICTURE)
    await database.close()
    return found


@pytest.fixture
async def sqlite_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    found = Place(url=makes(request, "sqlite")(), data=tmp_path / "data")
    database = await opened(found)
    await schema.ready(database, KEYS, Stamp.REAL)
    await write_everywhere(units(database))
    await database.close()
    await blobs_in(found).put(PICTURE)
    return found
