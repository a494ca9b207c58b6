"""Pictures on their way in: kept, looked at in a limited process, and then judged.

The bytes are stored before anybody is told so. Looking happens beside the conversation; when it is
done, every draft that waits for the picture is judged again. What was waiting when the process
died is looked at when it starts again, and what was left over is cleared away.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from adapters.playing import Video
from bot.films import Films
from moderation.kernel import Asked, BlobId, Timer
from moderation.ports import (
    BlobStore,
    Clock,
    Film,
    ImageInspector,
    Inspection,
    PictureFormat,
    Unusable,
)
from moderation.posts.commands import Judge
from moderation.service import Service
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from moderation.kernel import PostId

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Pictures:
    """The arrivals' desk. ``looking`` holds the tasks that shutdown waits for, one a picture."""

    units: Units
    blobs: BlobStore
    inspector: ImageInspector
    service: Service
    clock: Clock
    looking: dict[BlobId, asyncio.Task[Inspection | Unusable]] = field(default_factory=dict)

    async def arrive(self, content: bytes) -> tuple[BlobId, asyncio.Task[Inspection | Unusable]]:
        """Keep the bytes, and begin to look. The task may be awaited or left to itself."""
        blob = await self.blobs.put(content)
        async with self.units.write() as unit:
            await unit.inspections.arrive(blob)
            await unit.commit()
        return blob, self._begin(blob)

    async def arrive_video(
        self, content: AsyncIterator[bytes]
    ) -> tuple[BlobId, asyncio.Task[Inspection | Unusable]] | Unusable:
        """The same for a video, of which no more than a part is ever in memory."""
        kept = await self.films.keep(content, self._needed)
        if isinstance(kept, Unusable):
            return kept
        blob, film = kept
        async with self.units.write() as unit:
            await unit.inspections.arrive(blob, film)
            await unit.commit()
        return blob, self._begin(blob, film)

    async def video(self, blob: BlobId) -> Video | None:
        """A video that was made clean, to be played; ``None`` for a picture, or what isn't here."""
        async with self.units.read() as unit:
            seen = (await unit.inspections.get(frozenset({blob}))).get(blob)
        film = seen.film if seen is not None else None
        if seen is None or film is None:
            return None
        return Video(
            "video/quicktime" if seen.format is PictureFormat.MOV else "video/mp4",
            film.size,
            lambda start, end: self.films.read(film, start, end),
        )

    @property
    def films(self) -> Films:
        return Films(self.blobs)

    async def resume(self) -> int:
        """Go on where the last process ended; how many pictures nobody had looked at."""
        async with self.units.read() as unit:
            waiting = await unit.inspections.waiting()
            films = {blob: await unit.inspections.came(blob) for blob in waiting}
            left_over = await unit.inspections.left_over()
        for blob in left_over:
            await self.blobs.delete(blob)
        for blob in waiting:
            self._begin(blob, films[blob])
        await self.catch_up()
        return len(waiting)

    async def catch_up(self) -> None:
        """Judge the drafts that wait for a picture which has been looked at meanwhile."""
        async with self.units.read() as unit:
            drafts = await unit.posts.waiting()
        await self._judge(drafts, self.clock.now().isoformat())

    async def finish(self, seconds: float) -> None:
        """Give the looking ``seconds`` to end; the rest is resumed at the next start."""
        if self.looking:
            _, late = await asyncio.wait(self.looking.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, blob: BlobId, film: Film | None = None) -> asyncio.Task[Inspection | Unusable]:
        if blob in self.looking:
            return self.looking[blob]
        look = self._look(blob) if film is None else self._look_at_film(blob, film)
        task = asyncio.create_task(look, name="look at a picture")
        self.looking[blob] = task
        task.add_done_callback(lambda done: self._done(blob, done))
        return task

    def _done(self, blob: BlobId, task: asyncio.Task[Inspection | Unusable]) -> None:
        del self.looking[blob]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("picture.failed", error=type(error).__name__)

    async def _look(self, blob: BlobId) -> Inspection | Unusable:
        async with self.units.read() as unit:
            before = (await unit.inspections.get(frozenset({blob}))).get(blob)
        clean = await self.blobs.get(before.clean) if before is not None else None
        if before is not None and clean is not None:
            # Put again, so that what nobody referred to for a week is not swept away now.
            await self.blobs.put(clean)
            await self._keep_clean_alone(before)
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
            # Sent in again, a clean picture is known as its own: nobody makes another of it.
            await unit.inspections.add(
                replace(inspection, blob=inspection.clean, metadata=(), has_position=False)
            )
            drafts = await unit.posts.waiting_for(blob)
            await unit.commit()
        await self._keep_clean_alone(inspection)
        await self._judge(drafts, blob)
        return inspection

    async def _look_at_film(self, blob: BlobId, came: Film) -> Inspection | Unusable:
        async with self.units.read() as unit:
            before = (await unit.inspections.get(frozenset({blob}))).get(blob)
        if before is not None and before.film is not None and await self.films.again(before.film):
            await self._drop_parts(came)
            return before
        seen = await self.films.look(blob, came)
        async with self.units.write() as unit:
            if isinstance(seen, Unusable):
                await unit.inspections.spoil(blob, seen)
                drafts: Iterable[PostId] = ()
            else:
                await unit.inspections.add(seen)
                await unit.inspections.add(_clean_alone(seen))
                drafts = await unit.posts.waiting_for(blob)
            await unit.commit()
        await self._drop_parts(came)
        await self._judge(drafts, blob)
        return seen

    async def _drop_parts(self, came: Film) -> None:
        """The parts that came may hold a position; those that any video needs stay."""
        await self.films.remove(frozenset(came.parts) - await self._needed())

    async def _needed(self) -> frozenset[BlobId]:
        async with self.units.read() as unit:
            return await unit.inspections.needed()

    async def _keep_clean_alone(self, seen: Inspection) -> None:
        """The original may hold a position or names."""
        if seen.clean != seen.blob:
            await self.blobs.delete(seen.blob)

    async def _judge(self, drafts: Iterable[PostId], occasion: str) -> None:
        now = self.clock.now()
        for post in drafts:
            asked = Asked(by=Timer(), key=f"judge:{post}:{occasion}", at=now)
            await self.service.do(Judge(post=post), asked)


def _clean_alone(seen: Inspection) -> Inspection:
    """Sent in again, a clean video is known as its own."""
    film = replace(seen.film, came=()) if seen.film is not None else None
    return replace(seen, blob=seen.clean, has_position=False, film=film)
