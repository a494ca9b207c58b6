"""What a check costs, measured so that a busy machine doesn't matter."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable


LONG = 60_000
QUARTER = LONG // 4
LEAST_SECONDS = 0.05
"""Below this a measurement is noise."""
MOST = 10
"""Times a quarter's cost: four when in proportion, sixteen when each letter looks at all others."""


def in_proportion(check: Callable[[str], object], part: str) -> bool:
    """Whether a text of 60,000 characters costs about four times a quarter of it."""

    def seconds(length: int) -> float:
        text = (part * (length // len(part) + 1))[:length]
        before = process_time()
        check(text)
        return process_time() - before

    check(part)  # what is read once is read now
    quarter = min(seconds(QUARTER) for _ in range(2))
    return any(seconds(LONG) < MOST * max(quarter, LEAST_SECONDS) for _ in range(2))
