"""A stage on which people play their parts: on SQLite, and on PostgreSQL where it matters.

A scenario marked ``postgres`` runs on both databases at every size; the others do from ``ci`` on.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.applications import copies
from tests.databases import BOTH
from tests.scenarios.stage import Stage


if TYPE_CHECKING:
    from pathlib import Path

    from tests.applications import Applications


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "trust_database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("postgres") is not None
        quick = os.environ.get("SIZE", "quick") == "quick"
        kinds = BOTH if marked or not quick else BOTH[:1]
        metafunc.parametrize("trust_database", kinds, indirect=True)


@pytest.fixture
def trust_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return copies(request, request.param, tmp_path)


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()
