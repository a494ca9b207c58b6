"""``schoolgate acceptances`` as it is typed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.acceptances_command import NOBODY
from bot.cli import execute
from tests.bot.imports.typist import Typist
from tests.bot.installation import APP_YAML, secrets, write_settings


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
ASKS = APP_YAML.replace(
    "domains: [oak.example] }", "domains: [oak.example], settings: { accept_policy: 2026-09 } }"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Path:
    """An installation with the trust's people in its register."""
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", f"sqlite:///{tmp_path / 'schoolgate.db'}")
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    typist = Typist(tmp_path, capsys)
    assert typist.type("people", typist.staff()).code == 0
    return tmp_path


def typed(said: Said, *arguments: str) -> tuple[int, str]:
    said.readouterr()
    code = execute(["acceptances", *arguments])
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out


def test_where_no_school_asks_it_says_so(folder: Path, capsys: Said) -> None:
    assert folder.exists()
    assert typed(capsys) == (0, f"{NOBODY}\n")


def test_everybody_stands_there_with_the_edition_and_the_day(folder: Path, capsys: Said) -> None:
    write_settings(folder, ASKS)
    code, out = typed(capsys)
    assert code == 1
    assert "not yet" in out
    waiting = json.loads(typed(capsys, "--json")[1])["acceptances"]
    assert waiting
    assert {line["school"] for line in waiting} == {"oak"}
    assert not any(line["accepted"] for line in waiting)
    with closing(sqlite3.connect(folder / "schoolgate.db")) as raw:
        for line in waiting:
            row = (line["person"], "step", "2026-09", "2026-11-18 12:00:00.000000", "slack")
            raw.execute("INSERT INTO acceptance VALUES (?, ?, ?, ?, ?)", row)
        raw.commit()
    code, out = typed(capsys, "--csv")
    assert code == 0
    header, *rows = list(csv.reader(io.StringIO(out)))
    assert header[0] == "person"
    assert len(rows) == len(waiting)
    assert all(row[4:] == ["2026-09", "2026-11-18T12:00:00+00:00", "slack"] for row in rows)
