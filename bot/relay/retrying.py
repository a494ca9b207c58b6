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


def again_at(now: datetime, attempts: int, told: timedelta | None = None) -> datetime:
    """The next try after ``attempts`` of them; never before the platform's own ``told``."""
    step = min(LONGEST, timedelta(seconds=2 ** min(attempts, 20)))
    wait = timedelta(seconds=_random.uniform(0.2, step.total_seconds()))
    return now + max(wait, told or timedelta())


def given_up(now: datetime, attempts: int, first: datetime | None) -> bool:
    """Whether the row is left to a person, after ``attempts`` since ``first``.

    ``attempts`` never falls, not even when somebody has it tried again: so every twelfth counts.
    """
    return attempts % MOST_ATTEMPTS == 0 or (first is not None and now - first >= LONGEST_TRYING)
