"""``@shows``: which test shows a row of the conversation on which platform, and the page of it.

A test is marked ``@shows("approve", on="slack")`` when it goes through that platform's own door.
``python -m tests.parity [PAGE]`` reads the marks out of the tests' source and writes
``docs/parity.md`` from them and from ``docs/conversation.toml``, or prints it.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.proves import PLATFORMS, ROOT, TESTS, BadMark


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proves import Platform

ROWS: Final = ROOT / "docs" / "conversation.toml"
PAGE: Final = ROOT / "docs" / "parity.md"
TITLES: Final[Mapping[str, str]] = {"slack": "Slack", "teams": "Teams", "sandbox": "sandbox"}
NOT_SHOWN: Final = "*no test shows it yet*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``manner`` says how each platform has it, ``without`` why one doesn't."""

    id: str
    does: str
    manner: Mapping[str, str]
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shown:
    """One row shown by one test on one platform."""

    row: str
    platform: str
    path: str
    test: str


def shows(*rows: str, on: Platform) -> pytest.MarkDecorator:
    """Mark a test as the one that shows rows on a platform.

    Raises:
        BadMark: no row, an unknown one, one that the platform is said to be without, or an unknown
            platform.
    """
    check(rows, on)
    return pytest.mark.shows(*rows, on=on)


def check(rows: tuple[object, ...], platform: object) -> None:
    """Raise BadMark unless the mark names known rows of a known platform."""
    if platform not in PLATFORMS:
        raise BadMark(f"@shows names platform {platform!r}: known are {', '.join(PLATFORMS)}")
    wrong = [str(it) for it in rows if it not in known()]
    if not rows or wrong:
        what = ", ".join(wrong) or "nothing"
        raise BadMark(f"@shows names {what}: its rows stand in docs/conversation.toml")
    without = [str(it) for it in rows if platform in known()[str(it)].without]
    if without:
        raise BadMark(f"{', '.join(without)}: {platform} is said to be without it")


@cache
def known() -> Mapping[str, Row]:
    """Every row by its id, in the order of the file."""
    found: dict[str, Row] = {}
    for told in tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]:
        manner = {str(name): told[name] for name in PLATFORMS if name in told}
        row = Row(id=told["id"], does=told["does"], manner=manner, without=told.get("without", {}))
        if row.id in found or set(manner) | set(row.without) != set(PLATFORMS):
            raise BadMark(f"docs/conversation.toml: row {row.id!r}")
        found[row.id] = row
    return found


def marks(source: str, path: str) -> Iterator[Shown]:
    """Read the ``@shows`` marks out of one test file's source.

    Raises:
        BadMark: an argument is no literal, or the mark names what doesn't exist.
    """
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from _shown(decorator, path, node.name)


def _shown(node: ast.AST, path: str, test: str) -> Iterator[Shown]:
    match node:
        case ast.Call(func=ast.Name(id="shows"), args=args, keywords=keywords):
            pass
        case _:
            return
    try:
        rows = tuple(ast.literal_eval(arg) for arg in args)
        platform = {str(word.arg): ast.literal_eval(word.value) for word in keywords}.get("on")
        check(rows, platform)
    except (BadMark, ValueError) as wrong:
        raise BadMark(f"{path}:{node.lineno}: {wrong}") from wrong
    for row in rows:
        yield Shown(row=row, platform=str(platform), path=path, test=test)


@cache
def all_shown(folder: Path = TESTS) -> tuple[Shown, ...]:
    """Every mark in the tests under a folder, sorted."""
    found: set[Shown] = set()
    for file in folder.rglob("test_*.py"):
        path = file.relative_to(folder.parent).as_posix()
        found.update(marks(file.read_text(encoding="utf-8"), path))
    return tuple(sorted(found))


def page(found: tuple[Shown, ...]) -> str:
    """The Markdown page: a line for each row, with how and by which tests on every platform."""
    cells = {(it.row, it.platform) for it in found}
    wanted = sum(len(row.manner) for row in known().values())
    lines = [
        "# The same conversation on every platform",
        "",
        "Written by `make parity-page` from `docs/conversation.toml` and the `@shows` marks in the",
        "tests; a test keeps it current. Each test goes through the platform's own door. A cell",
        "without a test is not claimed.",
        "",
        f"**{len(cells)} of {wanted} cells are shown by at least one test.**",
        "",
        "| a person … | " + " | ".join(TITLES.values()) + " |",
        "| --- | " + " | ".join("---" for _ in TITLES) + " |",
    ]
    lines += [
        f"| {row.does} | " + " | ".join(_cell(row, name, found) for name in TITLES) + " |"
        for row in known().values()
    ]
    return "\n".join(lines) + "\n"


def _cell(row: Row, platform: str, found: tuple[Shown, ...]) -> str:
    if platform in row.without:
        return f"– {row.without[platform]}"
    here = [it for it in found if (it.row, it.platform) == (row.id, platform)]
    tests = [f"[{_plain(it.test)}](../{it.path})" for it in here]
    return "<br>".join([row.manner[platform], *(tests or [NOT_SHOWN])])


def _plain(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def main(arguments: list[str]) -> int:
    """Write the page to the path given, or print it."""
    try:
        text = page(all_shown())
    except BadMark as wrong:
        print(f"schoolgate: {wrong}", file=sys.stderr)  # noqa: T201 -- a program's answer
        return 1
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")  # noqa: T201 -- a program's answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
