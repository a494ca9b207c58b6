"""The import contracts are exhaustive, and each one breaks when its mistake is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest


ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "evaluation", "migrations", "moderation", "storage")
ONE_PLAN_OF_THEIR_OWN = {"checks", "policies"}
"""Rooms that hold algorithms and files, not a workflow."""
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def contracts() -> list[dict[str, Any]]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    found: list[dict[str, Any]] = tool["importlinter"]["contracts"]
    return found


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The packages without their contents: every room and floor there is, empty."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch()
    return tmp_path


def test_every_room_with_a_workflow_keeps_the_floors() -> None:
    rooms = {path.parent.name for path in (ROOT / "moderation").glob("*/__init__.py")}
    (floors,) = [one for one in contracts() if one["name"].startswith("floors")]
    listed = {name.removeprefix("moderation.") for name in floors["containers"]}
    assert listed == rooms - ONE_PLAN_OF_THEIR_OWN


def test_the_skeleton_itself_keeps_every_contract(skeleton: Path) -> None:
    done = lint(skeleton)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


MISTAKES = [
    ("moderation/kernel.py", "import sqlalchemy", "the core knows no vendor"),
    ("moderation/checks/__init__.py", "import pydantic", "the core knows no vendor"),
    ("moderation/words.py", "import phonenumbers", "libraries that read text"),
    ("moderation/posts/present/cards.py", "import tldextract.remote", "libraries that read text"),
    ("moderation/checks/names/match.py", "import rapidfuzz", "libraries that read text"),
    ("moderation/kernel.py", "import storage", "bot > migrations"),
    ("storage/__init__.py", "import adapters", "bot > migrations"),
    ("adapters/__init__.py", "import bot", "bot > migrations"),
    ("moderation/kernel.py", "import moderation.views", "rooms:"),
    ("moderation/people/model.py", "import moderation.posts.model", "rooms:"),
    ("moderation/new_room.py", "", "rooms:"),
    ("moderation/posts/model.py", "import moderation.posts.workflow", "floors:"),
    ("moderation/posts/helpers.py", "", "floors:"),
    ("adapters/helpers.py", "", "never meet"),
    ("bot/settings.py", "import sqlalchemy.orm", "SQLAlchemy and its drivers"),
    ("bot/settings.py", "import sqlite3", "SQLAlchemy and its drivers"),
    ("storage/__init__.py", "import apscheduler.job", "APScheduler:"),
    ("bot/settings.py", "import slack_sdk", "chat vendors:"),
    ("storage/__init__.py", "import botbuilder.core", "chat vendors:"),
    ("storage/__init__.py", "import aiohttp", "no web in storage"),
    ("moderation/checks/engine.py", "import evaluation.score", "nothing asks the evaluation"),
    ("evaluation/asking.py", "import moderation.checks.names.match", "no way into the checks"),
]


@pytest.mark.parametrize(("file", "mistake", "contract"), MISTAKES)
def test_each_mistake_breaks_its_contract(
    skeleton: Path, file: str, mistake: str, contract: str
) -> None:
    (skeleton / file).write_text(f"{mistake}\n", encoding="utf-8")
    done = lint(skeleton)
    broken = [line for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    assert done.returncode == 1, done.stdout
    assert any(contract in line for line in broken), done.stdout


def test_every_contract_has_a_mistake_that_breaks_it() -> None:
    covered = {contract for _, _, contract in MISTAKES}
    assert not [one for one in contracts() if not any(part in one["name"] for part in covered)]
