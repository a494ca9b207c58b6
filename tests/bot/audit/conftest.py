from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.audit.desk import Desk


if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(database, folder)
