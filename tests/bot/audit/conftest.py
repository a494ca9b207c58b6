"""The desk on SQLite, and marked ``postgres`` or from the size ``ci`` on, on PostgreSQL as well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.bot.audit.desk import Desk
from tests.databases import BOTH, makes


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.database import Database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "fresh_database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("postgres") is not None
        quick = os.environ.get("SIZE", "quick") == "quick"
        kinds = BOTH if marked or not quick else BOTH[:1]
        metafunc.parametrize("fresh_database", kinds, indirect=True)


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    return makes(request, request.param)


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(database, folder)
