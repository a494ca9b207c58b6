"""The numbers that a version is held to: the large suites at full size, written to one page.

    SIZE=full python -m benchmarks.bars docs/bars.md [WORDS …]

Runs each suite once, takes the figures that its tests record, and writes them down with date,
commit and machine. With words, only the suites whose title or path holds one of them run, and the
others keep what was measured before: the results lie beside the page, as JSON. Exits 1 where a
suite failed or was never run; the page then says so.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.suites import SUITES, Suite


LONGEST_FIGURE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, under the name that its test gave it."""

    test: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one suite came to; ``measured`` tells when, on which commit, and where."""

    passed: int
    failed: int
    seconds: float
    size: str
    measured: str
    commit: str
    machine: str
    figures: tuple[Figure, ...] = ()


def measure(suite: Suite, size: str) -> Result:
    """Run one suite in processes of its own."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        if not suite.alone:
            command += ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
        subprocess.run(  # noqa: S603 -- our own tests
            [*command, suite.path, f"--junitxml={report}"], check=False
        )
        told = ET.parse(report).getroot().find("testsuite")  # noqa: S314 -- written just now
    if told is None:
        raise SystemExit(f"{suite.path} left no report")
    total = int(told.get("tests", 0)) - int(told.get("skipped", 0))
    failed = sum(int(told.get(kind, 0)) for kind in ("failures", "errors"))
    return Result(
        passed=total - failed,
        failed=failed,
        seconds=float(told.get("time", 0)),
        size=size,
        measured=f"{datetime.now(UTC):%-d %B %Y}",  # noqa: TID251 -- the date of the measurement
        commit=_commit(),
        machine=_machine(),
        figures=tuple(_figures(told)),
    )


def _figures(told: ET.Element) -> list[Figure]:
    found = (
        Figure(test=case.get("name", ""), name=item.get("name", ""), value=item.get("value", ""))
        for case in told.iter("testcase")
        for item in case.iter("property")
    )
    return sorted(
        (figure for figure in found if len(figure.value) <= LONGEST_FIGURE),
        key=lambda figure: (figure.test, figure.name),
    )


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- git of whoever measures
        check=False,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip() or "unknown"


def _machine() -> str:
    cores = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    return f"{cores}, Python {platform.python_version()}"


def page(results: dict[str, Result]) -> str:
    """The page, in Markdown: a line for each suite, then its figures."""
    lines = [
        "# Bars",
        "",
        "Written by `make bars`; don't edit. Every suite is also part of `make test`, smaller.",
        "What the tests would let pass stands in [mutation.md](mutation.md).",
        "",
        "| suite | passed | failed | seconds | size | measured |",
        "|---|---|---|---|---|---|",
    ]
    for suite in SUITES:
        found = results.get(suite.path)
        what = f"{suite.title} (`{suite.path}`)"
        if found is None:
            lines.append(f"| {what} | never run | | | | |")
            continue
        when = f"{found.measured}, commit {found.commit}"
        counts = f"{found.passed} | {found.failed} | {found.seconds:.0f}"
        lines.append(f"| {what} | {counts} | {found.size} | {when} |")
    machines = sorted({found.machine for found in results.values()})
    lines += ["", *(f"Machine: {machine}." for machine in machines)]
    for suite in SUITES:
        found = results.get(suite.path)
        if found is not None and found.figures:
            lines += ["", f"## {suite.title}", "", "| test | figure | value |", "|---|---|---|"]
            lines += [f"| {one.test} | {one.name} | {one.value} |" for one in found.figures]
    return "\n".join(lines) + "\n"


def read(store: Path) -> dict[str, Result]:
    """What was measured before, by the suite's path; suites that are no more are left out."""
    if not store.exists():
        return {}
    kept = json.loads(store.read_text(encoding="utf-8"))
    known = {suite.path for suite in SUITES}
    return {
        path: Result(**(fields | {"figures": tuple(Figure(**one) for one in fields["figures"])}))
        for path, fields in kept.items()
        if path in known
    }


def main(target: Path, words: list[str]) -> int:
    """Measure what is asked for, write the page after each suite, and say whether all passed."""
    size = os.environ.setdefault("SIZE", "full")
    store = target.with_suffix(".json")
    results = read(store)
    for suite in SUITES:
        if words and not any(word in f"{suite.title} {suite.path}" for word in words):
            continue
        results[suite.path] = measure(suite, size)
        kept = {path: asdict(found) for path, found in sorted(results.items())}
        store.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        target.write_text(page(results), encoding="utf-8")
    good = all(
        suite.path in results and not results[suite.path].failed and results[suite.path].passed
        for suite in SUITES
    )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
