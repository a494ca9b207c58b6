"""A folder with the office's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.checking.office import CONFIG, CONSENTS, PUPILS, STAFF


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the office's files, where the command is started."""
    for name, text in {
        "pupils.csv": PUPILS,
        "consents.csv": CONSENTS,
        "people.csv": STAFF,
        "app.yaml": CONFIG,
        "empty.csv": PUPILS.splitlines()[0],
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
