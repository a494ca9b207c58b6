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


E2E = Path(__file__).parent / "e2e"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``make test`` leaves the browser tests to ``make e2e``, whoever forgets the mark."""
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    if os.environ.get("SIZE", "quick") == "quick" and not any("::" in it for it in config.args):
        config.hook.pytest_deselected(items=[item for item in items if _only_from_ci(item)])
        items[:] = [item for item in items if not _only_from_ci(item)]


def _only_from_ci(item: pytest.Item) -> bool:
    """Whether it is marked ``ci``, for every database or for the one that it would run on."""
    mark = item.get_closest_marker("ci")
    if mark is None or not mark.args:
        return mark is not None
    drawn = item.callspec.params.values() if isinstance(item, pytest.Function) else ()
    return not set(mark.args).isdisjoint(it for it in drawn if isinstance(it, str))


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
