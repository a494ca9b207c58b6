"""``schoolgate db``: made, brought up to date, and everything that is wrong with its remedy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from tests.bot.installation import write_settings


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    return tmp_path


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(list(arguments))
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_before_it_is_made(capsys: Said, folder: Path) -> None:
    assert answered(capsys, "db", "current") == (
        1,
        "",
        "There is no database yet. Make it with: schoolgate db upgrade\n",
    )
    assert answered(capsys, "db", "check") == (
        1,
        "",
        "There is no database yet: run schoolgate db upgrade.\n",
    )
    assert not (folder / "data").exists()


def test_it_is_made_once_and_then_up_to_date(capsys: Said, folder: Path) -> None:
    code, out, _ = answered(capsys, "db", "upgrade")
    assert code == 0
    assert out.startswith("The database was made: ")
    revision = out.removeprefix("The database was made: ").rstrip(".\n")
    assert (folder / "data/schoolgate.db").stat().st_mode & 0o777 == 0o600
    assert answered(capsys, "db", "current") == (0, f"{revision}\n", "")
    assert answered(capsys, "db", "upgrade") == (
        0,
        f"The database is up to date: {revision}.\n",
        "",
    )
    code, out, err = answered(capsys, "db", "check")
    assert (code, err) == (0, "")
    assert out == "The database is as it should be: schema, tables and guards.\n"


def test_what_is_made_for_teams_playground_is_a_demonstration(
    capsys: Said, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked who they are there: it never becomes a school's, nor the other way round."""
    monkeypatch.setenv("SCHOOLGATE_CHAT__TEAMS__ENABLED", "true")
    monkeypatch.setenv("SCHOOLGATE_CHAT__TEAMS__MODE", "playground")
    assert answered(capsys, "db", "upgrade")[0] == 0
    with closing(sqlite3.connect(folder / "data/schoolgate.db")) as by_hand:
        assert by_hand.execute("SELECT stamp FROM installation").fetchall() == [("demo",)]


def test_every_problem_is_listed_with_its_remedy(capsys: Said, folder: Path) -> None:
    answered(capsys, "db", "upgrade")
    with closing(sqlite3.connect(folder / "data/schoolgate.db")) as by_hand:
        by_hand.execute("DROP TRIGGER publication_by_two")
        by_hand.execute("DROP TRIGGER hand_is_kept")
    code, out, err = answered(capsys, "db", "check")
    assert (code, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("The guard hand_is_kept is missing or altered.")
    assert second.startswith("The guard publication_by_two is missing or altered.")
    assert "restore a backup" in first
    # What somebody removed is never silently put back.
    answered(capsys, "db", "upgrade")
    assert answered(capsys, "db", "check")[0] == 1


def test_an_older_database_is_told_to_be_brought_up_to_date(capsys: Said, folder: Path) -> None:
    answered(capsys, "db", "upgrade")
    with closing(sqlite3.connect(folder / "data/schoolgate.db")) as by_hand:
        by_hand.execute("UPDATE alembic_version SET version_num = '0000'")
        by_hand.commit()
    code, _, err = answered(capsys, "db", "check")
    assert code == 1
    assert err.endswith("run schoolgate db upgrade.\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "SQLite needs a file: sqlite:///data/schoolgate.db.\n"),
        ("sqlite:///:memory:", "SQLite needs a file: sqlite:///data/schoolgate.db.\n"),
        ("postgresql://127.0.0.1:1/none", "The database can't be used (OperationalError).\n"),
    ],
)
def test_an_address_that_cannot_be_used_is_78(
    capsys: Said, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", url)
    for command in ("upgrade", "current", "check"):
        code, out, err = answered(capsys, "db", command)
        assert (code, out) == (78, "")
        assert err.startswith(said)


def test_a_file_that_is_no_database_is_78(capsys: Said, folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data/schoolgate.db").write_text("this is a letter to the governors\n" * 100)
    for command in ("upgrade", "current", "check"):
        code, out, err = answered(capsys, "db", command)
        assert (code, out) == (78, "")
        assert err.startswith("The database can't be used (DatabaseError).\n")
        assert "governors" not in err


def test_a_place_that_cannot_be_written_to_is_78(capsys: Said, folder: Path) -> None:
    (folder / "data").write_text("a file where a folder should be")
    code, _, err = answered(capsys, "db", "upgrade")
    assert code == 78
    assert err.count("\n") == 1
    assert "can't be used" in err
