"""What is declared is used, what is used is declared, and the core uses next to nothing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "migrations", "moderation", "storage")
# One process reads all the sources, once.
pytestmark = pytest.mark.xdist_group("sources")

NEVER_IMPORTED = {
    "psycopg": "SQLAlchemy loads it by the name in the database's address",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
COMES_WITH = {
    "markupsafe": "jinja2",
    "pydantic-core": "pydantic",
    "pyjwt": "botbuilder-core",
    "slack-sdk": "slack-bolt",
    "yarl": "aiohttp",
}
"""Parts of a declared library that stand in a package of their own."""

READ_TEXT = {"anyascii", "linkify-it-py", "phonenumbers", "tldextract"}
"""All that the core needs besides the standard library; the checks alone import them."""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        plain(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in project["dependencies"]
    }


@cache
def tops_of(package: str) -> dict[str, frozenset[str]]:
    """Each file of ours, and the top-level modules that it imports."""
    found = {}
    for path in (ROOT / package).rglob("*.py"):
        tops: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                tops |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                tops.add(node.module.partition(".")[0])
        found[path.relative_to(ROOT).as_posix()] = frozenset(tops)
    return found


def imported(*packages: str) -> dict[str, set[str]]:
    """Each foreign top-level module that is imported anywhere, and the distributions it may be of.

    Several may share one, as all of botbuilder do.
    """
    tops = set[str]().union(*(it for package in packages for it in tops_of(package).values()))
    known = packages_distributions()
    foreign = tops - sys.stdlib_module_names - set(PACKAGES)
    return {top: {plain(name) for name in known.get(top, [top])} for top in foreign}


def used() -> set[str]:
    return set[str]().union(*imported(*PACKAGES).values())


def test_every_declared_dependency_is_imported_or_has_its_reason() -> None:
    assert declared() - used() - set(NEVER_IMPORTED) == set()


def test_every_reason_is_still_needed() -> None:
    assert set(NEVER_IMPORTED) <= declared() - used()


def test_every_import_is_declared() -> None:
    ours = declared() | {part for part, whole in COMES_WITH.items() if whole in declared()}
    undeclared = {top for top, names in imported(*PACKAGES).items() if not names & ours}
    assert undeclared == set()


def test_the_core_imports_exactly_what_reads_text() -> None:
    assert set[str]().union(*imported("moderation").values()) == READ_TEXT


def test_one_file_alone_knows_botbuilder() -> None:
    """It is out of support: docs/decisions/0013-what-botbuilder-does-here.md."""
    theirs = {"botbuilder", "botframework", "msrest", "msal"}
    knows = {
        path for package in PACKAGES for path, tops in tops_of(package).items() if tops & theirs
    }
    assert knows == {"adapters/teams/turns.py"}
