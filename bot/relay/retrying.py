"""When a delivery is tried again: exponential, with full jitter, or when the platform says.

Full jitter: a wait drawn evenly from nothing to the step, so that many rows that failed together
don't come back together (Exponential Backoff And Jitter, Brooker 2015).
"""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from datetime import datetime

LONGEST: Final = timedelta(minutes=15)
MOST_ATTEMPTS: Final = 12
"""With these steps about an hour."""
LONGEST_TRYING: Final = timedelta(hours=24)
"""Where the platform says every time when to come back. Then a person has to look."""

_random = SystemRandom()


def again_at(now: datetime, failures: int, told: timedelta | None = None) -> datetime:
    """The next try after ``failures`` of them; never before the platform's own ``told``."""
    step = min(LONGEST, timedelta(seconds=2 ** min(failures, 20)))
    wait = timedelta(seconds=_random.uniform(0.2, step.total_seconds()))
    return now + max(wait, told or timedelta())


def given_up(now: datetime, failures: int, first: datetime | None) -> bool:
    """Whether the row is left to a person, after ``failures`` of them since ``first``."""
    return failures >= MOST_ATTEMPTS or (first is not None and now - first >= LONGEST_TRYING)
