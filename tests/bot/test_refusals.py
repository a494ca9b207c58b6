"""Fail closed: each wrong configuration is refused by ``schoolgate run``, with what to do about it.

In one process at the quick size, and as an operator types it from ``ci`` on.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from bot.settings import load
from bot.system import SystemClock
from bot.wiring import build
from storage import schema
from storage.database import Database, Stamp
from tests.bot.installation import write_settings
from tests.bot.refused import KEYS, SETTINGS, STORE, Here
from tests.bot.starting import ADAPTERS


if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[Here], tuple[int, str]]

ROOT = Path(__file__).parents[2]
QUICK = os.environ.get("SIZE", "quick") == "quick"
CASES = {
    **{f"settings: {name}": case for name, case in SETTINGS.items()},
    **{f"secrets: {name}": case for name, case in KEYS.items()},
    **{f"start: {name}": case for name, case in STORE.items()},
}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Here:
    """An installation that starts; tests take a copy."""
    here = Here(tmp_path_factory.mktemp("right"))
    settings = load(write_settings(here.folder), here.environ)
    schema.upgrade(settings.database_url.get_secret_value(), at=SystemClock().now())
    made = build(settings, stamp=Stamp.REAL, platforms={})

    async def remember_the_key() -> None:
        await made.database.open()
        await schema.ready(made.database, made.keys, Stamp.REAL)
        await made.database.close()

    asyncio.run(remember_the_key())
    return here


@pytest.fixture
def here(right: Here, tmp_path: Path) -> Here:
    shutil.copytree(right.folder, tmp_path / "here")
    return Here(tmp_path / "here", dict(right.environ))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``schoolgate run``: its exit code, and what it said."""

    def in_this_process(here: Here) -> tuple[int, str]:
        monkeypatch.setattr("bot.run_command.ADAPTERS", ADAPTERS)
        monkeypatch.chdir(here.folder)
        for name, value in here.environ.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = execute(["run"])
        said = capsys.readouterr()
        assert "Schoolgate is ready" not in said.out
        return code, said.err

    return in_this_process if QUICK else as_typed


def as_typed(here: Here) -> tuple[int, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bot.starting", "run"],
        env=kept | here.environ | {"PYTHONPATH": str(ROOT)},
        cwd=here.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_remedy(here: Here, run: Run, case: str) -> None:
    wrong, remedy = CASES[case]
    held = dict(here.environ)
    wrong(here)
    code, said = run(here)
    lines = [line for line in said.splitlines() if not line.startswith(("{", "20"))]
    assert code == 78, said
    assert remedy in said
    assert lines
    assert all(re.search(r"[.?!]”?$|: schoolgate [a-z ]+$", line) for line in lines), lines
    assert "Traceback" not in said
    for name, value in {**held, **here.environ}.items():
        if name.endswith(("KEYS", "KEY", "SECRET", "TOKEN")) and len(value) > 8:
            assert value not in said
    assert "hunter2" not in said


def test_a_port_in_use(here: Here, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        here.environ["SCHOOLGATE_LISTEN__PORT"] = str(taken.getsockname()[1])
        code, said = run(here)
    assert code == 78
    assert "or choose another port" in said


def test_a_second_one_on_the_same_file(here: Here, run: Run) -> None:
    first = Database(here.url)
    first.claim()
    code, said = run(here)
    asyncio.run(first.close())
    assert code == 78
    assert "nother schoolgate run is using" in said
    assert "Stop that one first" in said


def test_the_right_one_is_not_refused(here: Here, run: Run) -> None:
    """Else nothing above would be shown: it gets as far as its platform, which says so."""
    code, _said = run(here)
    assert code == 70


def test_how_many_there_are(record_property: Callable[[str, object], None]) -> None:
    count = len(CASES) + 2
    record_property("wrong configurations refused with a remedy", count)
    assert count >= 25
