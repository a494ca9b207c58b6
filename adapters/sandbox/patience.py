"""How long somebody who pressed a button waits for the store before they are told so.

What is asked goes on meanwhile: it is cut off neither by the reader's patience nor by a closed
page. Nobody is told that something is saved before it is; pressed again, it counts once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog


if TYPE_CHECKING:
    from collections.abc import Coroutine

log = structlog.get_logger(__name__)

R = TypeVar("R")

LONGEST: Final = 2.5
"""Seconds: chat platforms ask for an answer within three."""
ENDING: Final = 3.0
"""Seconds that late ones get when the page is closed; then they are undone whole."""


@dataclass(slots=True, kw_only=True)
class Patience:
    """``late`` is called when something was done after its asker had been told to wait."""

    late: Callable[[], None]
    seconds: float = LONGEST
    _going_on: set[asyncio.Task[Any]] = field(default_factory=set)

    async def wait(self, work: Coroutine[Any, Any, R]) -> R | None:
        """What came of it, or ``None`` where that will be seen later. Raises what it raises."""
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        done, _ = await asyncio.wait({task}, timeout=self.seconds)
        if done:
            return task.result()
        task.add_done_callback(self._came_late)
        return None

    async def finish(self, seconds: float = ENDING) -> None:
        """Let what is going on come to its end, and cut off what doesn't."""
        if not self._going_on:
            return
        _, over = await asyncio.wait(set(self._going_on), timeout=seconds)
        for task in over:
            task.cancel()
        await asyncio.gather(*over, return_exceptions=True)

    def _came_late(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None:
            log.error("sandbox.failed_late", exc_info=fault)
        self.late()
