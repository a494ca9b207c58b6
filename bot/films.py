"""Videos on their way in: kept in sealed parts, wiped part by part, never whole in memory."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.videos.boxes import Unfit
from adapters.videos.cleaning import cleaned, examine
from moderation.kernel import BlobId, CorruptStore
from moderation.ports import FILM_PART, BlobStore, Film, Inspection, PictureFormat, Unusable


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from adapters.videos import cleaning

LARGEST: Final = 200 * 1024 * 1024
"""Bytes of a video."""


async def _nothing() -> frozenset[BlobId]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Films:
    """What is done with the bytes; nothing here asks the database."""

    blobs: BlobStore

    async def keep(
        self,
        content: AsyncIterator[bytes],
        needed: Callable[[], Awaitable[frozenset[BlobId]]] = _nothing,
    ) -> tuple[BlobId, Film] | Unusable:
        """Store what comes in, part by part.

        Of one that is too large, or breaks off (whatever ``content`` raises), nothing stays but
        what is ``needed`` by then: two videos may have parts in common.
        """
        digest, size, parts = hashlib.sha256(), 0, list[BlobId]()
        try:
            async for part in _in_parts(content):
                size += len(part)
                if size > LARGEST:
                    await self.remove(frozenset(parts) - await needed())
                    return Unusable.VIDEO_TOO_LARGE
                await asyncio.to_thread(digest.update, part)
                parts.append(await self.blobs.put(part))
        except BaseException:
            await self.remove(frozenset(parts) - await needed())
            raise
        return _name(digest.hexdigest()), Film(parts=tuple(parts), size=size, seconds=0)

    async def look(self, blob: BlobId, came: Film) -> Inspection | Unusable:
        """Read its index and store it clean. The parts that came are still there."""
        reel = _Reel(self.blobs, came, asyncio.get_running_loop())
        try:
            found = await asyncio.to_thread(examine, reel)
            if isinstance(found, Unfit):
                return _WHY[found]
            clean, parts = await self._clean(reel, found)
        except _Lost:
            return Unusable.VIDEO_DAMAGED
        return Inspection(
            blob=blob,
            clean=clean,
            format=PictureFormat(found.kind),
            width=found.width,
            height=found.height,
            has_position=found.has_position,
            film=Film(parts=parts, size=came.size, seconds=found.seconds, came=came.parts),
        )

    async def again(self, film: Film) -> bool:
        """Store every part once more, so that none is swept away now; whether all were there."""
        for part in film.parts:
            content = await self.blobs.get(part)
            if content is None:
                return False
            await self.blobs.put(content)
        return True

    async def remove(self, parts: frozenset[BlobId]) -> None:
        for part in sorted(parts):
            await self.blobs.delete(part)

    async def read(self, film: Film, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to ``end``. Raises :class:`CorruptStore` for lost ones."""
        for number in range(start // FILM_PART, -(-end // FILM_PART)):
            content = await self.blobs.get(film.parts[number])
            if content is None:
                raise CorruptStore("a part of a video is missing")
            begins = number * FILM_PART
            yield content[max(start - begins, 0) : end - begins]

    async def _clean(self, reel: _Reel, found: cleaning.Film) -> tuple[BlobId, tuple[BlobId, ...]]:
        digest, parts = hashlib.sha256(), list[BlobId]()
        pieces = cleaned(reel, found, FILM_PART)
        while piece := await asyncio.to_thread(next, pieces, b""):
            await asyncio.to_thread(digest.update, piece)
            parts.append(await self.blobs.put(piece))
        return _name(digest.hexdigest()), tuple(parts)


class _Lost(Exception):
    """A part that came in isn't there any more."""


class _Reel:
    """A video in its parts, read anywhere from a thread. It holds one part at a time."""

    def __init__(self, blobs: BlobStore, film: Film, loop: asyncio.AbstractEventLoop) -> None:
        self._blobs = blobs
        self._film = film
        self._loop = loop
        self._held = (-1, b"")

    @property
    def size(self) -> int:
        return self._film.size

    def read(self, at: int, length: int) -> bytes:
        end = min(at + length, self.size)
        found = bytearray()
        for number in range(at // FILM_PART, -(-end // FILM_PART)):
            begins = number * FILM_PART
            found += self._part(number)[max(at - begins, 0) : end - begins]
        return bytes(found)

    def _part(self, number: int) -> bytes:
        if self._held[0] != number:
            asked = self._blobs.get(self._film.parts[number])
            content = asyncio.run_coroutine_threadsafe(asked, self._loop).result()
            if content is None:
                raise _Lost
            self._held = (number, content)
        return self._held[1]


async def _in_parts(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held = bytearray()
    async for piece in content:
        held += piece
        while len(held) >= FILM_PART:
            yield bytes(held[:FILM_PART])
            del held[:FILM_PART]
    if held:
        yield bytes(held)


def _name(digest: str) -> BlobId:
    return BlobId("sha256:" + digest)


_WHY: Final = {
    Unfit.NOT_A_VIDEO: Unusable.NOT_A_VIDEO,
    Unfit.DAMAGED: Unusable.VIDEO_DAMAGED,
    Unfit.IN_FRAGMENTS: Unusable.VIDEO_IN_FRAGMENTS,
    Unfit.PROTECTED: Unusable.VIDEO_PROTECTED,
    Unfit.LIES_ELSEWHERE: Unusable.VIDEO_ELSEWHERE,
    Unfit.HIDES_PARTS: Unusable.VIDEO_HIDES_PARTS,
    Unfit.TOO_INTRICATE: Unusable.VIDEO_TOO_INTRICATE,
    Unfit.UNKNOWN_SOUND: Unusable.VIDEO_SOUND,
}
