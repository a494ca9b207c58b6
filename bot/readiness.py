"""Whether this process may be sent work: what ``/readyz`` answers, and how often it looks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final


FRESH: Final = 5.0
"""Seconds for which one look at the store will do."""
SLOWEST: Final = 3.0
"""Seconds that the store may take to answer."""
OLDEST_TICK: Final = 60.0
"""Seconds without a tick, after which the clock counts as stopped."""


@dataclass(slots=True, kw_only=True)
class Readiness:
    """``store`` names what is amiss there; ``tick_age`` is in seconds, as is ``now``.

    ``state`` is "starting", "serving" or "stopping".
    """

    store: Callable[[], Awaitable[tuple[str, ...]]]
    tick_age: Callable[[], float]
    now: Callable[[], float] = time.monotonic
    slowest: float = SLOWEST
    state: str = "starting"
    _looked: float | None = None
    _found: tuple[str, ...] = ()
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self) -> tuple[str, ...]:
        """Plain keys: the state unless serving, ``clock``, ``database``, ``schema``, ``guards``."""
        if self.state != "serving":
            return (self.state,)
        stopped = ("clock",) if self.tick_age() >= OLDEST_TICK else ()
        return (*await self._store(), *stopped)

    async def _store(self) -> tuple[str, ...]:
        """One look at a time, and none while the last one is fresh: probes may come in crowds."""
        async with self._looking:
            if self._looked is None or self.now() - self._looked > FRESH:
                try:
                    async with asyncio.timeout(self.slowest):
                        self._found = await self.store()
                except TimeoutError:
                    self._found = ("database",)
                self._looked = self.now()
            return self._found
