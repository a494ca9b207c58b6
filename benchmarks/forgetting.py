"""A plugin of pytest for trying mutants: nothing is known from before, and quick tests go first.

mutmut runs the tests once, then tries each mutant in a copy of that process. What was cached by
then, or made when a test's module was read, hides every mutant that only a first call would meet:
so what depends on the changed module is forgotten. Loaded by ``[tool.mutmut]``; without a mutant it
does nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    import pytest

OURS = ("moderation.", "storage.")
LISTS = "moderation.checks.names.roster"
"""What tests make when they are read: whatever it is made with has to be there before them."""
STATS = Path("mutmut-stats.json")
NARROW = {"moderation.checks.": ("tests/moderation/checks/", "tests/moderation/policies/")}
"""Rooms whose mutants are tried on their own tests alone: every other room's ask them, too."""
SLOW = 0.3
"""Seconds of a test that is too slow to be asked about thousands of mutants of those rooms."""


def pytest_sessionstart() -> None:
    """Clear the caches of every module that the changed one is known to, however far."""
    changed, is_mutant, _ = os.environ.get("MUTANT_UNDER_TEST", "").partition(".x")
    if not is_mutant:
        return
    known = {name: _known(name) for name in sys.modules if name.startswith(OURS)}
    for name in known:
        if changed in _reached(name, known):
            for value in list(vars(sys.modules[name]).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
    if LISTS in known and changed in _reached(LISTS, known):
        for name, module in list(sys.modules.items()):
            if "/tests/moderation/" in (getattr(module, "__file__", None) or ""):
                del sys.modules[name]


def _known(name: str) -> set[str]:
    """The modules of ours whose functions and classes stand in a module."""
    return {
        owner
        for value in list(vars(sys.modules[name]).values())
        if isinstance(
            owner := getattr(value, "__module__", None) or getattr(value, "__name__", None), str
        )
        and owner.startswith(OURS)
    }


def _reached(name: str, known: dict[str, set[str]]) -> set[str]:
    reached, new = {name}, {name}
    while new:
        new = {other for one in new for other in known.get(one, ())} - reached
        reached |= new
    return reached


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Most mutants are noticed by many tests: the quickest of them will do."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if "__mutmut_" not in mutant:
        return
    stats = json.loads(STATS.read_text(encoding="utf-8")) if STATS.exists() else {}
    took = stats.get("duration_by_test", {})
    items.sort(key=lambda item: took.get(item.nodeid, 0.0))
    for room, tests in NARROW.items():
        if mutant.startswith(room):
            asked = [
                item
                for item in items
                if item.nodeid.startswith(tests) and took.get(item.nodeid, 0.0) < SLOW
            ]
            config.hook.pytest_deselected(items=[item for item in items if item not in asked])
            items[:] = asked
