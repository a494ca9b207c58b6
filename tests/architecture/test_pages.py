"""What the pages for people name exists: links, files, make targets and commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

from bot.cli import program


if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))

LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
QUOTED = re.compile(r"`([^`\n]+)`|^ {4,}(\S.*)$", re.MULTILINE)
PATH = re.compile(
    r"(?<![\w./-])(?:adapters|bot|docs|migrations|moderation|requirements|storage|tests)"
    r"(?:/[\w.*-]+)+/?"
)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b")
COMMAND = re.compile(r"(?:(?<=bin/)|(?<![/\w]))schoolgate ((?:[a-z]+ ?)+)")


def said(page: Path) -> str:
    """The page, without what was true of an earlier version."""
    text = page.read_text(encoding="utf-8")
    return (
        text.partition("\n## Unreleased")[2].partition("\n## ")[0]
        if "CHANGE" in page.name
        else text
    )


def quoted(page: Path) -> Iterator[str]:
    """What stands as code: a span within a sentence, or an indented line."""
    for span, line in QUOTED.findall(said(page)):
        yield span or line


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = [first or second for first, second in LINK.findall(page.read_text(encoding="utf-8"))]
    paths = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [path for path in paths if path and not (page.parent / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    paths = {path.rstrip("/.") for code in quoted(page) for path in PATH.findall(code)}
    assert sorted(path for path in paths if not any(ROOT.glob(path))) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_is_named_is_one(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", makefile, re.MULTILINE))
    assert {name for code in quoted(page) for name in MAKE.findall(code)} <= targets


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_is_named_is_one(page: Path) -> None:
    command: object = typer.main.get_command(program([]))
    unknown = []
    for code in quoted(page):
        for words in COMMAND.findall(code):
            here: object = command
            for word in words.split():
                inside = getattr(here, "commands", None)
                if inside is None:
                    break
                if word not in inside:
                    unknown.append(f"schoolgate {words}")
                    break
                here = inside[word]
    assert unknown == []


def test_the_patterns_find_what_the_pages_name() -> None:
    """Otherwise the tests above look at nothing."""
    readme = ROOT / "README.md"
    assert len(LINK.findall(readme.read_text(encoding="utf-8"))) > 10
    code = list(quoted(readme))
    assert {"demo", "test"} <= {name for line in code for name in MAKE.findall(line)}
    assert any(path == "bot/demo/pupils.csv" for line in code for path in PATH.findall(line))
    assert {"check ", "run"} <= {words for line in code for words in COMMAND.findall(line)}
