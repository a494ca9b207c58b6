"""The numbers that a version is held to: the large suites at full size, written to one page.

    SIZE=full python -m benchmarks.bars docs/bars.md

Runs each suite once, takes the figures that its tests record, and writes them down with date,
commit and machine. Exits 1 where any suite failed; the page then says so.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET


SUITES = (
    ("Bounded model: every state that four people and their clicks can reach", "tests/model"),
    (
        "State machine: the real service on memory, SQLite and PostgreSQL",
        "tests/scenarios/test_posts_machine.py",
    ),
    ("Attacks on the tables by raw SQL", "tests/storage/test_two_people.py"),
    ("The watch over a month of mornings", "tests/moderation/oversight/test_watch.py"),
    ("Hostile pictures", "tests/adapters/images"),
    ("Names that must be found and must be left alone", "tests/moderation/checks"),
    ("Whole scenarios", "tests/scenarios/test_walk.py"),
)
LONGEST_FIGURE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one suite came to. ``figures`` are (test, name, value)."""

    title: str
    path: str
    passed: int
    failed: int
    seconds: float
    figures: tuple[tuple[str, str, str], ...]


def measured(title: str, path: str) -> Result:
    """Run one suite in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
        subprocess.run([*command, f"--junitxml={report}"], check=False)  # noqa: S603 -- our own tests
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 -- written just now
    if suite is None:
        raise SystemExit(f"{path} left no report")
    total, bad = (
        int(suite.get("tests", 0)),
        sum(int(suite.get(k, 0)) for k in ("failures", "errors")),
    )
    figures = tuple(
        (case.get("name", ""), item.get("name", ""), item.get("value", ""))
        for case in suite.iter("testcase")
        for item in case.iter("property")
        if len(item.get("value", "")) <= LONGEST_FIGURE
    )
    return Result(
        title=title,
        path=path,
        passed=total - bad,
        failed=bad,
        seconds=float(suite.get("time", 0)),
        figures=figures,
    )


def page(results: list[Result], size: str) -> str:
    """The page, in Markdown."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- git of whoever measures
        check=False,
        capture_output=True,
        text=True,
    ).stdout.strip()
    now = datetime.now(UTC)  # noqa: TID251 -- the date of the measurement
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    lines = [
        "# Bars",
        "",
        "Written by `make bars`; don't edit. Every suite is also part of `make test`, smaller.",
        "",
        (
            f"{now:%-d %B %Y} · commit {commit or 'unknown'} · size {size} · {machine} · "
            f"Python {platform.python_version()}"
        ),
        "",
        "| suite | passed | failed | seconds |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {one.title} (`{one.path}`) | {one.passed} | {one.failed} | {one.seconds:.0f} |"
        for one in results
    ]
    for one in results:
        if one.figures:
            lines += ["", f"## {one.title}", "", "| test | figure | value |", "|---|---|---|"]
            lines += [f"| {test} | {name} | {value} |" for test, name, value in one.figures]
    return "\n".join(lines) + "\n"


def main(target: Path) -> int:
    """Measure everything, write the page, and answer whether all of it passed."""
    size = os.environ.setdefault("SIZE", "full")
    results = [measured(title, path) for title, path in SUITES]
    target.write_text(page(results, size), encoding="utf-8")
    return 1 if any(one.failed for one in results) else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
