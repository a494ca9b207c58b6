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
    from collections.abc import Awaitable, Coroutine

log = structlog.get_logger(__name__)

R = TypeVar("R")

LONGEST: Final = 2.5
"""Seconds: chat platforms ask for an answer within three."""
ENDING: Final = 3.0
"""Seconds that late ones get when the page is closed; then they are undone whole."""


def _nobody() -> None:
    """Where nobody looks whether something came late."""


@dataclass(slots=True, kw_only=True)
class Patience:
    """``late`` is called when something was done after its asker had been told to wait."""

    late: Callable[[], None] = _nobody
    seconds: float = LONGEST
    _going_on: set[asyncio.Task[Any]] = field(default_factory=set)

    async def wait(
        self,
        work: Coroutine[Any, Any, R],
        *,
        then: Callable[[R], Awaitable[None]] | None = None,
    ) -> R | None:
        """What came of it, or ``None`` where that will be seen later. Raises what it raises.

        ``then`` is given what came late.
        """
        task = self.begin(work)
        done, _ = await asyncio.wait({task}, timeout=self.seconds)
        if done:
            return task.result()
        self.begin(self._later(task, then))
        return None

    async def soon(self, work: Coroutine[Any, Any, R], waiting: Callable[[], Awaitable[None]]) -> R:
        """What comes of it, however long it takes; ``waiting`` is said when it takes long."""
        task = self.begin(work)
        if not (await asyncio.wait({task}, timeout=self.seconds))[0]:
            await waiting()
        return await task

    def begin(self, work: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
        """Go on with it whoever waits, until :meth:`finish`."""
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        return task

    async def finish(self, seconds: float = ENDING) -> None:
        """Let what is going on come to its end, and cut off what doesn't."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + seconds
        # What ends may begin one last thing: to say so.
        while self._going_on and (left := latest - loop.time()) > 0:
            await asyncio.wait(set(self._going_on), timeout=left)
        over = set(self._going_on)
        for task in over:
            task.cancel()
        await asyncio.gather(*over, return_exceptions=True)

    async def _later(
        self, task: asyncio.Task[R], then: Callable[[R], Awaitable[None]] | None
    ) -> None:
        try:
            came = await task
            if then is not None:
                await then(came)
        except Exception:
            log.exception("chat.failed_late")
        self.late()
