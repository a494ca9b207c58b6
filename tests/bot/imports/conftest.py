"""Somebody who types, in an empty database and in a register with a school in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.imports.typist import Typist
from tests.bot.installation import secrets, write_settings


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def typist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    return Typist(tmp_path, capsys)


@pytest.fixture
def office(typist: Typist) -> Typist:
    """The trust's people and one page are in the register."""
    assert typist.type("people", typist.staff()).code == 0
    assert typist.type("accounts", typist.page()).code == 0
    return typist
