"""``schoolgate backup`` and ``schoolgate restore``, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.cli import execute
from moderation.kernel import PersonId
from storage import copying, schema
from storage.backup import Place
from storage.blobs import FileBlobStore
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
KEYS = Keys.new()
SIZE = os.environ.get("SIZE", "quick")
KILLS = {"quick": 1, "ci": 4, "full": 60}[SIZE]


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(list(arguments))
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    assert not any(part in out + err for part in some.CANARY.split())
    return code, out, err


async def _fill(place: Place) -> None:
    database = Database(place.url)
    await database.open()
    await schema.ready(database, KEYS, Stamp.REAL)
    await write_everywhere(_units(database))
    await FileBlobStore(place.pictures, KEYS.seal, KEYS.open).put(b"a picture")
    await database.close()


def _units(database: Database) -> Units:
    return Units(
        database,
        KEYS,
        packs={},
        commands=COMMANDS,
        now=lambda: some.NOON,
        roster=plain_roster,
    )


@pytest.fixture
def place(
    fresh_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """An installation as its operator has it."""
    found = Place(url=fresh_database(), data=tmp_path / "data")
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", found.url)
    monkeypatch.setenv("SCHOOLGATE_KEYS", KEYS.to_text())
    asyncio.run(_fill(found))
    return found


def add(place: Place, person: str) -> None:
    async def save() -> None:
        database = Database(place.url)
        await database.open()
        async with _units(database).write() as unit:
            await unit.people.save((some.person(PersonId(person)),))
            await unit.commit()
        await database.close()

    asyncio.run(save())


def people(place: Place) -> int:
    with copying.connected(place.url) as connection:
        return copying.counts(connection)["person"]


@pytest.mark.ci("postgresql")
def test_there_and_back(capsys: Said, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    code, out, err = answered(capsys, "backup", str(file))
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith(f"Backed up to {file}: ")
    assert ", one picture, the record to line one, " in first or "the record to line 1, " in first
    assert second.startswith("The keys are not in it.")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    code, out, err = answered(capsys, "restore", str(file), "--check")
    assert (code, err) == (0, "")
    assert "and it is whole: " in out
    assert out.endswith("Your keys open all of it.\n")

    add(place, "late")
    before = people(place)
    code, out, err = answered(capsys, "restore", str(file))
    assert (code, out) == (1, "")
    assert err.startswith("Something is in the database already, and nothing was changed.")
    assert people(place) == before

    code, out, err = answered(capsys, "restore", str(file), "--yes")
    assert (code, err) == (0, "")
    assert out.startswith("Restored the backup of ")
    assert "all posts are paused. Import today's lists;" in out
    assert ("The database before is kept as " in out) == place.is_sqlite
    assert people(place) == before - 1
    with copying.connected(place.url) as connection:
        paused = connection.execute(sa.text("SELECT count(*) FROM hold WHERE paused = 1")).scalar()
    assert paused
    assert answered(capsys, "db", "check")[0] == 0
    assert answered(capsys, "keys", "check")[0] == 0


@pytest.mark.ci("postgresql")
def test_there_and_back_in_processes_of_their_own(place: Place, tmp_path: Path) -> None:
    """As an operator runs them: each knows only what its own command imports."""
    file = str(tmp_path / "school.backup")
    ours = "import sys; from bot.cli import main; sys.exit(main())"
    for arguments in (
        ("backup", file),
        ("restore", file, "--check"),
        ("restore", file, "--yes"),
    ):
        ran = subprocess.run(
            [sys.executable, "-c", ours, *arguments], capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, ""), arguments
    assert people(place)


def test_into_a_folder_of_its_own(capsys: Said, place: Place, tmp_path: Path) -> None:
    file, folder = tmp_path / "school.backup", tmp_path / "drill"
    answered(capsys, "backup", str(file))
    code, out, _ = answered(capsys, "restore", str(file), "--into", str(folder))
    assert code == 0
    assert out.startswith("Restored the backup of ")
    drill = Place(url=copying.url_of(folder / "schoolgate.db"), data=folder)
    assert people(drill) == people(place)
    code, _, err = answered(capsys, "restore", str(file), "--into", str(folder), "--yes")
    assert code == 1
    assert err == f"The folder {folder} isn't empty. Name a new folder.\n"


@pytest.mark.usefixtures("place")
@pytest.mark.ci("postgresql")
def test_a_file_that_is_there_is_not_replaced(capsys: Said, tmp_path: Path) -> None:
    file = tmp_path / "school.backup"
    answered(capsys, "backup", str(file))
    kept = file.read_bytes()
    code, out, err = answered(capsys, "backup", str(file))
    assert (code, out) == (1, "")
    assert err == f"The file {file} is there already. Name another, or add --yes to replace it.\n"
    assert file.read_bytes() == kept
    code, out, _ = answered(capsys, "backup", str(file), "--yes", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["fine"]
    assert told["keys"] == [KEYS.first_id.hex()]


@pytest.mark.usefixtures("place")
def test_no_backup_at_all_is_65_and_a_sentence(
    capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "school.backup"
    file.write_text("nothing of the kind", encoding="ascii")
    code, _, err = answered(capsys, "restore", str(file), "--check")
    assert (code, err) == (
        65,
        f"The file {file} can't be restored: it isn't a backup of Schoolgate, or was cut short.\n",
    )
    assert answered(capsys, "restore", str(tmp_path / "none"), "--check")[0] == 64
    answered(capsys, "backup", str(file), "--yes")
    monkeypatch.setenv("SCHOOLGATE_KEYS", Keys.new().to_text())
    code, _, err = answered(capsys, "restore", str(file), "--check")
    assert code == 65
    assert "none of the keys in SCHOOLGATE_KEYS opens it" in err
    monkeypatch.delenv("SCHOOLGATE_KEYS")
    for command in (["backup", str(tmp_path / "other")], ["restore", str(file)]):
        code, _, err = answered(capsys, *command)
        assert code == 78
        assert err.startswith("A key is missing: set SCHOOLGATE_KEYS.")


def test_what_is_wrong_is_said_and_backed_up_nevertheless(
    capsys: Said, place: Place, tmp_path: Path
) -> None:
    if not place.is_sqlite:
        return
    with closing(sqlite3.connect(place.file)) as connection, connection:
        connection.execute("UPDATE person SET body = x'00' WHERE id = 'bob'")
    file = tmp_path / "school.backup"
    code, out, err = answered(capsys, "backup", str(file))
    assert code == 1
    assert out.startswith("Backed up to ")
    assert err.splitlines() == [
        "The backup was made, but not all is well with what is in it:",
        "1 in person.body can't be opened.",
    ]
    code, out, err = answered(capsys, "restore", str(file), "--check")
    assert (code, out) == (1, "")
    assert err.endswith("1 in person.body can't be opened.\n")


@pytest.mark.ci("postgresql")
def test_killed_at_any_moment_a_restore_leaves_the_old_or_the_new(
    capsys: Said, place: Place, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    file = tmp_path / "school.backup"
    answered(capsys, "backup", str(file))
    add(place, "late")
    new, old = people(place) - 1, people(place)
    chance = random.Random(3)  # noqa: S311 -- when to kill, not a secret
    command = [sys.executable, "-c", "from bot.cli import main; main()", "restore", str(file)]
    for _ in range(KILLS):
        with subprocess.Popen([*command, "--yes"], stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0.5, 4.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert people(place) in (old, new)
        assert answered(capsys, "db", "check")[0] == 0
    code, _, err = answered(capsys, "restore", str(file), "--yes")
    assert (code, err) == (0, "")
    assert people(place) == new
    assert not list(place.data.glob(".schoolgate-*"))
    record_property("restores killed, each left the old or the new", KILLS)
