"""Ask the checks everything and print what came of it.

    python -m evaluation                     the development half
    python -m evaluation --open WHY PAGE     both halves, written to PAGE; the log says why

``SIZE`` in the environment is quick (12 cases a category), ci (60) or full (240).
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from evaluation.model import Half
from evaluation.page import page
from evaluation.score import SIZES, score
from evaluation.seal import SEAL, digests, opened


_LOG = "evaluation/openings.toml"
"""Two runs at one commit may both be written down."""


def main() -> int:
    """Run; exit 1 where the scored half isn't what was sealed, or nobody could run it again."""
    parser = argparse.ArgumentParser(prog="evaluation")
    parser.add_argument("--open", metavar="WHY", default="")
    parser.add_argument("page", nargs="?", type=Path)
    asked = parser.parse_args()
    size = os.environ.get("SIZE", "quick")
    today = f"{datetime.now(UTC):%-d %B %Y}"  # noqa: TID251  the date of the measurement
    commit = _commit()
    halves = [Half.SCORED, Half.DEVELOPMENT] if asked.open else [Half.DEVELOPMENT]
    if asked.open and digests() != SEAL.read_text(encoding="utf-8"):
        sys.stderr.write("The scored half is not what was sealed: see evaluation/README.md\n")
        return 1
    if asked.open and _changed():
        sys.stderr.write("Commit the checks and the evaluation first: figures are of a commit.\n")
        return 1
    told = page([score(half, SIZES[size]) for half in halves], _where(today, commit, size))
    if asked.open:
        opened(today, commit, size, asked.open)
        if asked.page:
            asked.page.write_text(told, encoding="utf-8")
    sys.stdout.write(told)
    return 0


def _where(today: str, commit: str, size: str) -> str:
    cores = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    machine = f"{cores}, Python {platform.python_version()}"
    return f"Measured {today}, commit {commit}, size {size}. Machine: {machine}."


def _commit() -> str:
    return _git("rev-parse", "--short=10", "HEAD") or "unknown"


def _changed() -> bool:
    """Whether what the figures depend on differs from the commit that the page will name."""
    return bool(_git("status", "--porcelain", "--", "moderation", "evaluation", f":!{_LOG}"))


def _git(*words: str) -> str:
    said = subprocess.run(  # noqa: S603  words of this file
        ["git", *words],  # noqa: S607  git of whoever measures
        check=False,
        capture_output=True,
        text=True,
    )
    return said.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
