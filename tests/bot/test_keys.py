"""``schoolgate keys``: made, looked after, and changed while something is stored."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from bot.keyring import blobs_of
from bot.settings import load
from storage import schema
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.unit_of_work import Units
from tests.bot.installation import write_settings
from tests.databases import COMMANDS, plain_roster
from tests.fakes import samples as some
from tests.storage.everything import write_everywhere


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = pytest.CaptureFixture[str]
OLD = Keys.new()


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(list(arguments))
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def given(monkeypatch: pytest.MonkeyPatch, *keys: Keys) -> None:
    monkeypatch.setenv("SCHOOLGATE_KEYS", ",".join(key.to_text() for key in keys))


@pytest.fixture
def installed(
    fresh_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """An installation with something in it, sealed with the old key; its database's address."""
    url = fresh_database()
    config = write_settings(tmp_path)
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(config))
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", url)
    given(monkeypatch, OLD)
    environ = {"SCHOOLGATE_KEYS": OLD.to_text(), "SCHOOLGATE_DATABASE__URL": url}
    blobs = blobs_of(load(config, environ), OLD)

    async def fill() -> None:
        database = Database(url)
        await database.open()
        await schema.ready(database, OLD, Stamp.REAL)
        units = Units(
            database,
            OLD,
            packs={},
            commands=COMMANDS,
            now=lambda: some.NOON,
            roster=plain_roster,
        )
        await write_everywhere(units)
        await blobs.put(b"a picture")
        await database.close()

    asyncio.run(fill())
    return url


def test_new_prints_both_secrets_as_an_environment_has_them(capsys: Said) -> None:
    code, out, err = answered(capsys, "keys", "new")
    assert (code, err) == (0, "")
    sealing, signing = out.splitlines()
    texts = [
        sealing.removeprefix("SCHOOLGATE_KEYS="),
        signing.removeprefix("SCHOOLGATE_SIGNING_KEY="),
    ]
    assert [Keys.from_text(text).to_text() for text in texts] == texts
    assert texts[0] != texts[1]
    assert answered(capsys, "keys", "new")[1] != out


def test_new_into_a_file_that_only_its_owner_reads(capsys: Said, tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    code, out, _ = answered(capsys, "keys", "new", "--out", str(file))
    assert code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="ascii")
    assert [line.partition("=")[0] for line in text.splitlines()] == [
        "SCHOOLGATE_KEYS",
        "SCHOOLGATE_SIGNING_KEY",
    ]
    assert not any(line.partition("=")[2] in out for line in text.splitlines())
    assert f"set -a; . {file}; set +a" in out

    code, out, err = answered(capsys, "keys", "new", "--out", str(file))
    assert (code, out) == (1, "")
    assert "may hold the only keys to your data" in err
    assert file.read_text(encoding="ascii") == text


def test_what_is_printed_loads_the_keys_in_every_shell(
    capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, _ = answered(capsys, "keys", "new", "--out", "my secrets.env")
    [line] = [line for line in out.splitlines() if "set -a" in line]
    loads = f"{line.removeprefix('To use them: ')}; printenv SCHOOLGATE_KEYS"
    ran = subprocess.run(["/bin/sh", "-c", loads], capture_output=True, text=True, check=True)
    written = (tmp_path / "my secrets.env").read_text(encoding="ascii")
    assert f"SCHOOLGATE_KEYS={ran.stdout}" in written


@pytest.mark.usefixtures("installed")
def test_next_puts_a_new_key_in_front(capsys: Said) -> None:
    code, out, _ = answered(capsys, "keys", "new", "--next")
    assert code == 0
    keys = Keys.from_text(out.strip().removeprefix("SCHOOLGATE_KEYS="))
    assert keys.in_order[1:] == (OLD.first_id,)


@pytest.mark.parametrize("command", ["check", "rotate"])
def test_without_a_key_or_a_database_it_says_so(
    capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    code, _, err = answered(capsys, "keys", command)
    assert code == 78
    assert err.startswith("A key is missing: set SCHOOLGATE_KEYS.")
    given(monkeypatch, OLD)
    code, _, err = answered(capsys, "keys", command)
    assert code == 78
    assert err == "There is no database yet: run schoolgate db upgrade.\n"


@pytest.mark.usefixtures("installed")
@pytest.mark.ci("postgresql")
def test_from_one_key_to_the_next(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = answered(capsys, "keys", "check")
    assert code == 0
    first, last = out.splitlines()
    assert first.startswith(f"Key 1 ({OLD.first_id.hex()}) seals. ")
    assert "It sealed 17 values and one picture: " in first
    assert "pupil.body 2" in first
    assert last == "Everything that is sealed can be opened."

    new = Keys.new()
    given(monkeypatch, new, OLD)
    _, out, _ = answered(capsys, "keys", "check")
    one, two, _ = out.splitlines()
    assert one == f"Key 1 ({new.first_id.hex()}) seals. Nothing is sealed with it yet."
    assert two.startswith(f"Key 2 ({OLD.first_id.hex()}) is still needed. ")
    assert two.endswith("Run: schoolgate keys rotate")

    code, out, err = answered(capsys, "keys", "rotate")
    assert (code, err) == (0, "")
    anew, dropped = out.splitlines()
    assert anew.startswith("Sealed anew: ")
    assert dropped.startswith(f"Key {OLD.first_id.hex()} can be dropped from SCHOOLGATE_KEYS")
    code, out, _ = answered(capsys, "keys", "rotate")
    assert (code, out) == (0, "Everything was sealed with the first key already.\n")
    _, out, _ = answered(capsys, "keys", "check")
    assert f"Key 2 ({OLD.first_id.hex()}) can be dropped from SCHOOLGATE_KEYS." in out

    given(monkeypatch, new)
    code, out, _ = answered(capsys, "keys", "check", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["fine"]
    assert [key["id"] for key in told["keys"]] == [new.first_id.hex()]
    assert told["keys"][0]["sealed"]["pictures"] == 1


@pytest.mark.usefixtures("installed")
def test_a_key_that_is_missing_is_named_by_its_id(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, Keys.new())
    for command in ("check", "rotate"):
        code, out, err = answered(capsys, "keys", command)
        assert (code, out) == (1, "")
        assert f"A key ({OLD.first_id.hex()}) isn't given." in err
        assert "Put it behind the others in SCHOOLGATE_KEYS." in err
        assert some.CANARY not in err


@pytest.mark.ci("postgresql")
def test_nothing_is_sealed_that_the_running_one_could_not_read(
    capsys: Said, installed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was started with the old key alone, and serves."""
    given(monkeypatch, Keys.new(), OLD)

    async def beside() -> tuple[int, str, str]:
        served = Database(installed)
        await served.open()
        served.claim()
        async with served.reading():
            found = await asyncio.to_thread(answered, capsys, "keys", "rotate")
        await served.close()
        return found

    code, out, err = asyncio.run(beside())
    assert (code, out) == (1, "")
    assert err.startswith("Schoolgate is running without the new key")
    code, _, _ = answered(capsys, "keys", "rotate")
    assert code == 0
