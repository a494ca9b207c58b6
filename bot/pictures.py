"""Pictures on their way in: kept, looked at in a limited process, and then judged.

The bytes are stored before anybody is told so. Looking happens beside the conversation; when it is
done, every draft that waits for the picture is judged again. What was waiting when the process
died is looked at when it starts again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from moderation.kernel import Asked, Timer
from moderation.ports import BlobStore, Clock, ImageInspector, Inspection, Unusable
from moderation.posts.commands import Judge
from moderation.service import Service, Units


if TYPE_CHECKING:
    from moderation.kernel import BlobId

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Pictures:
    """The arrivals' desk. ``looking`` holds the tasks that shutdown waits for."""

    units: Units
    blobs: BlobStore
    inspector: ImageInspector
    service: Service
    clock: Clock
    looking: set[asyncio.Task[Inspection | Unusable]] = field(default_factory=set)

    async def arrive(self, content: bytes) -> tuple[BlobId, asyncio.Task[Inspection | Unusable]]:
        """Keep the bytes, and begin to look. The task may be awaited or left to itself."""
        blob = await self.blobs.put(content)
        async with self.units.write() as unit:
            await unit.inspections.arrive(blob)
            await unit.commit()
        return blob, self._begin(blob)

    async def resume(self) -> int:
        """Look at everything that was waiting when the process ended; how many there were."""
        async with self.units.read() as unit:
            waiting = await unit.inspections.waiting()
        for blob in waiting:
            self._begin(blob)
        return len(waiting)

    async def finish(self, seconds: float) -> None:
        """Give the looking ``seconds`` to end; the rest is resumed at the next start."""
        if self.looking:
            _, late = await asyncio.wait(self.looking, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, blob: BlobId) -> asyncio.Task[Inspection | Unusable]:
        task = asyncio.create_task(self._look(blob), name="look at a picture")
        self.looking.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Inspection | Unusable]) -> None:
        self.looking.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("picture.failed", error=type(error).__name__)

    async def _look(self, blob: BlobId) -> Inspection | Unusable:
        async with self.units.read() as unit:
            before = (await unit.inspections.get(frozenset({blob}))).get(blob)
        if before is not None:
            return before
        content = await self.blobs.get(blob)
        seen = Unusable.DAMAGED if content is None else await self.inspector.inspect(content)
        if isinstance(seen, Unusable):
            async with self.units.write() as unit:
                await unit.inspections.spoil(blob, seen)
                await unit.commit()
            await self.blobs.delete(blob)
            return seen
        inspection, clean = seen
        await self.blobs.put(clean)
        async with self.units.write() as unit:
            await unit.inspections.add(inspection)
            await unit.commit()
        if inspection.clean != blob:
            # The original may hold a position or names; only the clean picture is kept.
            await self.blobs.delete(blob)
        await self._judge(blob)
        return inspection

    async def _judge(self, blob: BlobId) -> None:
        async with self.units.read() as unit:
            drafts = await unit.posts.waiting_for(blob)
        now = self.clock.now()
        for post in drafts:
            key = f"judge:{post}:{blob}"
            await self.service.do(Judge(post=post), Asked(by=Timer(), key=key, at=now))
