"""What every test gets: stores, Hypothesis profiles by SIZE, ``e2e`` on what drives a browser."""

from __future__ import annotations

import gc
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.lots import is_drawn


if TYPE_CHECKING:
    from collections.abc import Iterator

# Thousands of tests keep much alive that never becomes garbage: look for it less often.
gc.set_threshold(50_000, 20, 50)

pytest_plugins = ["tests.databases", "tests.applications"]

SIZES = {"quick": 50, "ci": 50, "full": 2000}
"""Examples that Hypothesis draws for each property, by the environment's SIZE."""

for size, examples in SIZES.items():
    settings.register_profile(
        size,
        max_examples=examples,
        # Two cores, and a PostgreSQL beside the test: a slow draw is no failure.
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
        # A change is judged by the same examples each time; full size looks for new ones.
        derandomize=size != "full",
    )
settings.load_profile(os.environ.get("SIZE", "quick"))


HERE = Path(__file__).parent
E2E = HERE / "e2e"
DEAR = tuple(
    HERE / room
    for room in (
        "adapters/images",
        "architecture/test_contracts.py",
        "bot",
        "faults",
        "model",
        "scenarios",
        "storage",
    )
)
"""Rooms whose tests start the application, a database or a program, most of them for each test."""
ONE_IN = 4
"""How much of them a whole run at the quick size tries."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``make test`` leaves the browser tests to ``make e2e``, whoever forgets the mark.

    At the size quick, a run of everything leaves out what is marked ``ci``, and of the dear rooms
    what the lot leaves out; whoever names a path gets all that is there.
    """
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    everything = all(Path(arg).resolve() in {HERE, HERE.parent} for arg in config.args)
    if os.environ.get("SIZE", "quick") == "quick" and everything:
        config.hook.pytest_deselected(items=[item for item in items if _left_to_ci(item)])
        items[:] = [item for item in items if not _left_to_ci(item)]


def _left_to_ci(item: pytest.Item) -> bool:
    """Whether it waits for the size ci: by its mark, for its database, or by lot."""
    mark = item.get_closest_marker("ci")
    drawn = item.callspec.params.values() if hasattr(item, "callspec") else ()
    if mark is not None and (not mark.args or any(it in mark.args for it in drawn)):
        return True
    dear = not {*DEAR}.isdisjoint({item.path, *item.path.parents})
    left = dear and not is_drawn(item.nodeid, ONE_IN)
    return left and item.get_closest_marker("quick") is None


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Undo what a command or an application did to the log of this process.

    The log is the process's own: what one test leaves configured, the next one would find.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.is_configured():
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
