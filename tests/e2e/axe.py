"""axe-core, where it is installed: Deque's checker of accessibility, run inside the page.

``scripts/need-axe`` puts it beside the virtual environment; it is never committed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest


if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT: Final = Path(__file__).resolve().parents[2]
PLACE: Final = Path(os.environ.get("AXE", ROOT / ".venv/axe/node_modules/axe-core/axe.min.js"))
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each: the rule, what it says, and where."""
    if not PLACE.exists():
        pytest.skip("axe-core isn't installed: run scripts/need-axe")
    page.evaluate(PLACE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{wrong['id']}: {wrong['help']}: {node['html'][:160]} {node['failureSummary']}"
        for wrong in found["violations"]
        for node in wrong["nodes"]
    ]
