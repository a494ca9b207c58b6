"""An operator's file, as good as it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.settings.written import GOOD


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "app.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path
