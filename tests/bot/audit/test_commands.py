"""``schoolgate audit`` as an operator types it."""

from __future__ import annotations

import asyncio
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from bot import cli
from bot.settings import load
from storage import schema
from storage.audit.notes import read_notes
from storage.crypto import Keys
from storage.database import Database, Stamp
from tests.bot.audit.desk import Desk
from tests.bot.installation import secrets, write_settings
from tests.databases import KEYS
from tests.fakes import samples as some


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of two schools, with a little that happened."""
    for name, value in (secrets() | {"SCHOOLGATE_KEYS": KEYS.to_text()}).items():
        monkeypatch.setenv(name, value)
    path = write_settings(tmp_path)
    settings = load(path, {})
    url = settings.database_url.get_secret_value()
    schema.upgrade(url, stamp=Stamp.REAL, at=some.NOON)

    async def happen() -> None:
        database = Database(url)
        await database.open()
        folder = tmp_path / "desk"
        folder.mkdir()
        await Desk(database, folder).happen(2)
        await database.close()

    asyncio.run(happen())
    return path


def answered(capsys: Said, *arguments: str) -> tuple[int, str, str]:
    code = cli.execute(["audit", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def cut(config: Path, after: int) -> None:
    """The end of the record goes missing."""

    async def errand() -> None:
        url = load(config, {}).database_url.get_secret_value()
        database = Database(url)
        await database.open()
        folder = config.parent / f"desk-{after}"
        folder.mkdir()
        desk = Desk(database, folder)
        await desk.without_guards()
        await desk.put((await desk.lines())[:after])
        await desk.with_guards_again()
        await database.close()

    asyncio.run(errand())


def test_a_record_is_signed_verified_and_exported(capsys: Said, config: Path) -> None:
    code, out, err = answered(capsys, "verify", "--config", str(config))
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "The record is whole: 4 lines."
    assert "There is no checkpoint to hold it against" in out
    code, note, err = answered(capsys, "checkpoint", "--config", str(config))
    assert (code, err) == (0, "")
    [read], rest = read_notes(note)
    assert (read.seq, rest, read.holds()) == (5, 0, True)
    kept = config.parent / "kept.txt"
    kept.write_text(note, encoding="utf-8")
    for extra in ((), ("--checkpoints", str(kept)), ("--checkpoints", str(config.parent / "data"))):
        code, out, err = answered(capsys, "verify", "--config", str(config), *extra)
        if extra and extra[1].endswith("data"):
            assert (code, "There is no checkpoint in" in err) == (65, True)
        else:
            assert (code, err) == (0, "")
            assert "It fits one checkpoint, the newest of" in out
    target = config.parent / "oak.zip"
    code, out, err = answered(capsys, "export", str(target), "--config", str(config))
    assert (code, err) == (0, "")
    assert (
        f"Written to {target}, a ZIP file: 6 lines shown, 0 without what happened, 0 kept back"
        in out
    )
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_cut_record_is_found_and_not_signed(capsys: Said, config: Path) -> None:
    assert answered(capsys, "checkpoint", "--config", str(config))[0] == 0
    cut(config, 3)
    code, out, err = answered(capsys, "verify", "--config", str(config))
    assert (code, out) == (1, "")
    assert err.startswith("5: it is missing, and the checkpoint of ")
    code, out, err = answered(capsys, "checkpoint", "--config", str(config))
    assert (code, out) == (1, "")
    assert "Nothing was signed: the record doesn't check." in err
    target = config.parent / "evidence.zip"
    code, out, err = answered(capsys, "export", str(target), "--config", str(config))
    assert code == 1
    assert "It was exported as it is, and not signed." in err
    assert zipfile.is_zipfile(target)


def test_a_place_that_fails_is_said_and_the_checkpoint_made(
    capsys: Said, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = config.parent / "share"
    place = f'[{{"folder": "{away}", "belongs_to": "the chair of governors"}}]'
    monkeypatch.setenv("SCHOOLGATE_AUDIT__PLACES", place)
    code, note, err = answered(capsys, "checkpoint", "--config", str(config))
    assert code == 1
    assert read_notes(note)[0]
    assert f"can't be written to {away} (the chair of governors)" in err
    assert list((config.parent / "data" / "checkpoints").iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--school", "birch"), 65, "There is no school birch in app.yaml."),
        (("--since", "soon"), 65, "A day is written as 2026-11-21."),
        (("--withhold", "Ann"), 65, "write pupil:SCHOOL/NUMBER or post:ID"),
        (("--withhold", "pupil:oak/7"), 65, "There is no pupil of that number"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_written(
    capsys: Said, config: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    target = config.parent / "x.zip"
    answer = answered(capsys, "export", str(target), "--config", str(config), *arguments)
    assert answer[0] == code
    assert said in answer[2]
    assert not target.exists()


def test_nothing_is_written_over(capsys: Said, config: Path) -> None:
    target = config.parent / "x.zip"
    target.write_text("evidence")
    code, _, err = answered(capsys, "export", str(target), "--config", str(config))
    assert (code, target.read_text()) == (64, "evidence")
    assert "may be evidence" in err


def test_without_a_signing_key_it_says_what_to_do(
    capsys: Said, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCHOOLGATE_SIGNING_KEY")
    for command in (("verify",), ("checkpoint",), ("export", "x.zip")):
        code, _, err = answered(capsys, *command, "--config", str(config))
        assert code == 78
        assert "set SCHOOLGATE_SIGNING_KEY. Make one with: schoolgate keys new" in err


def test_another_signing_key_is_noticed(
    capsys: Said, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(capsys, "checkpoint", "--config", str(config))[0] == 0
    monkeypatch.setenv("SCHOOLGATE_SIGNING_KEY", Keys.new().to_text())
    code, _, err = answered(capsys, "verify", "--config", str(config))
    assert code == 1
    assert "signed by another key" in err
