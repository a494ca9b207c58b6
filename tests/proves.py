"""``@proves``: which test shows which requirement, and the page written from those marks.

A test is marked ``@proves("STEP-MOD-1")`` when it shows a requirement of ``docs/requirements.toml``
in the core, and ``@proves("STEP-MOD-1", platform="sandbox")`` when it shows it through a platform.
``python -m tests.proves [PAGE]`` reads the marks out of the tests' source, so that the page doesn't
depend on which tests were selected, and writes the page (or prints it).
"""

from __future__ import annotations

import ast
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

import pytest


if TYPE_CHECKING:
    from collections.abc import Iterator


Platform: TypeAlias = Literal["sandbox", "slack", "teams"]
PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform)

ROOT: Final = Path(__file__).resolve().parent.parent
REQUIREMENTS: Final = ROOT / "docs" / "requirements.toml"
PAGE: Final = ROOT / "docs" / "policy-coverage.md"
TESTS: Final = ROOT / "tests"


class BadMark(Exception):
    """A ``@proves`` that can't be read, or that names what doesn't exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of ``docs/requirements.toml``."""

    id: str
    section: str
    source: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something a policy asks for that Schoolgate deliberately doesn't do."""

    source: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Proof:
    """One requirement shown by one test; ``platform`` is empty for the core."""

    requirement: str
    platform: str
    path: str
    test: str


def proves(*requirements: str, platform: Platform | None = None) -> pytest.MarkDecorator:
    """Mark a test as the proof of requirements, in the core or on one platform.

    Raises:
        BadMark: no requirement, an unknown one, or an unknown platform.
    """
    check(requirements, platform)
    return pytest.mark.proves(*requirements, platform=platform)


def check(requirements: tuple[str, ...], platform: str | None) -> None:
    """Raise BadMark unless the mark names known requirements and a known platform."""
    unknown = [name for name in requirements if name not in known()]
    if not requirements or unknown:
        what = ", ".join(unknown) or "nothing"
        msg = f"@proves names {what}: its ids stand in docs/requirements.toml"
        raise BadMark(msg)
    if platform is not None and platform not in PLATFORMS:
        raise BadMark(f"@proves names platform {platform!r}: known are {', '.join(PLATFORMS)}")


@cache
def known() -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the file."""
    found: dict[str, Requirement] = {}
    for section in (part for part in _file().values() if isinstance(part, dict)):
        for name, row in section["requirements"].items():
            if name in found:
                raise BadMark(f"docs/requirements.toml has {name} twice")
            found[name] = Requirement(
                id=name, section=section["title"], source=row["source"], says=row["says"]
            )
    return found


def left_out() -> tuple[LeftOut, ...]:
    """What is deliberately not built."""
    rows = _file()["left_out"]
    return tuple(LeftOut(source=row["source"], what=row["what"], why=row["why"]) for row in rows)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8"))


def marks(source: str, path: str) -> Iterator[Proof]:
    """Read the ``@proves`` marks out of one test file's source.

    A mark on a class, or in the module's ``pytestmark``, holds for the tests in it and is
    counted once, under the class's or the file's name.

    Raises:
        BadMark: an argument is no literal, or the mark names what doesn't exist.
    """
    for node in ast.walk(ast.parse(source, path)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for decorator in node.decorator_list:
                    yield from _proofs(decorator, path, node.name)
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                for inner in ast.walk(node.value):
                    yield from _proofs(inner, path, Path(path).stem)
            case _:
                pass


def _proofs(node: ast.AST, path: str, test: str) -> Iterator[Proof]:
    match node:
        case ast.Call(func=ast.Name(id="proves"), args=args, keywords=keywords):
            pass
        case _:
            return
    try:
        requirements = tuple(ast.literal_eval(arg) for arg in args)
        options = {str(word.arg): ast.literal_eval(word.value) for word in keywords}
        check(requirements, options.get("platform"))
    except (BadMark, ValueError) as wrong:
        raise BadMark(f"{path}:{node.lineno}: {wrong}") from wrong
    for requirement in requirements:
        yield Proof(
            requirement=requirement,
            platform=options.get("platform") or "",
            path=path,
            test=test,
        )


@cache
def proofs(folder: Path = TESTS) -> tuple[Proof, ...]:
    """Every mark in the tests under a folder, sorted."""
    return tuple(
        sorted(
            {
                proof
                for file in folder.rglob("test_*.py")
                for proof in marks(
                    file.read_text(encoding="utf-8"), file.relative_to(folder.parent).as_posix()
                )
            }
        )
    )


def page(found: tuple[Proof, ...]) -> str:
    """The Markdown page: coverage by section, then the same on every platform, then what is not."""
    shown = {proof.requirement for proof in found}
    lines = [
        "# What the policies ask, and which tests show it",
        "",
        "Written by `make coverage-page` from `docs/requirements.toml` and the `@proves` marks in",
        "the tests; a test keeps it current. A requirement without a test is not claimed.",
        "",
        f"**{len(shown)} of {len(known())} requirements are shown by at least one test.**",
    ]
    for section in dict.fromkeys(row.section for row in known().values()):
        lines += ["", f"## {section}", "", "| id | asked by | what it means here | shown by |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [
            f"| {row.id} | {row.source} | {row.says} | {_shown_by(row.id, found)} |"
            for row in known().values()
            if row.section == section
        ]
    return "\n".join([*lines, *_parity(found), *_not_built()]) + "\n"


def _shown_by(requirement: str, found: tuple[Proof, ...]) -> str:
    tests: dict[str, int] = {}
    for proof in found:
        if proof.requirement == requirement:
            tests[proof.path] = tests.get(proof.path, 0) + 1
    return "<br>".join(
        f"[{path.removeprefix('tests/')}](../{path}) × {count}" for path, count in tests.items()
    )


def _parity(found: tuple[Proof, ...]) -> list[str]:
    counts: dict[str, dict[str, int]] = {}
    for proof in found:
        if proof.platform:
            row = counts.setdefault(proof.requirement, dict.fromkeys(PLATFORMS, 0))
            row[proof.platform] += 1
    if not counts:
        return []
    rows = [
        f"| {name} | " + " | ".join(str(counts[name][one] or "–") for one in PLATFORMS) + " |"
        for name in known()
        if name in counts
    ]
    return [
        "",
        "## The same on every platform",
        "",
        "Tests that go through the platform's own door. What is shown in the core holds for all.",
        "",
        "| id | " + " | ".join(one.capitalize() for one in PLATFORMS) + " |",
        "| --- | " + " | ".join("---" for _ in PLATFORMS) + " |",
        *rows,
    ]


def _not_built() -> list[str]:
    rows = [f"| {row.source} | {row.what} | {row.why} |" for row in left_out()]
    return [
        "",
        "## Deliberately not built",
        "",
        "| asked by | what | why not |",
        "| --- | --- | --- |",
        *rows,
    ]


def main(arguments: list[str]) -> int:
    """Write the page to the path given, or print it."""
    try:
        text = page(proofs())
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
