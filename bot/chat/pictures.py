"""Pictures on a chat platform: which file shows which, and the bytes that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.images.inspector import CannotInspect
from bot.application import Application
from moderation.kernel import Platform
from moderation.ports import Clock
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from moderation.kernel import BlobId, SubjectRef
    from storage.shown_pictures import HeldFile

LONGEST_SIDE: Final = 1600
"""Pixels: sharp on every screen that a chat is read on, and quick on a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredShelf:
    """Implements :class:`adapters.slack.files.Shelf` in the database."""

    platform: Platform
    units: Units
    clock: Clock

    async def held(
        self, subject: SubjectRef, blobs: Collection[BlobId]
    ) -> Mapping[BlobId, HeldFile] | None:
        """Those that have a file; ``None`` where the subject is final."""
        async with self.units.read() as unit:
            if await unit.shown_pictures.is_over(subject):
                return None
            return await unit.shown_pictures.held(self.platform, subject, blobs)

    async def keep(self, subject: SubjectRef, blob: BlobId, file: str) -> str:
        """Remember the file, or tell which one another process was quicker with."""
        now = self.clock.now()
        async with self.units.write() as unit:
            kept = await unit.shown_pictures.keep(self.platform, subject, blob, file, now)
            await unit.commit()
            return kept

    async def usable(self, file: str) -> None:
        """The platform can show it."""
        async with self.units.write() as unit:
            await unit.shown_pictures.usable(self.platform, file, self.clock.now())
            await unit.commit()

    async def missed(self, subject: SubjectRef, blob: BlobId) -> None:
        """It could not be shown: it is tried again later."""
        async with self.units.write() as unit:
            await unit.shown_pictures.missed(self.platform, subject, blob, self.clock.now())
            await unit.commit()

    async def over(self) -> tuple[str, ...]:
        """Files whose post is final."""
        async with self.units.write() as unit:
            found = await unit.shown_pictures.over(self.platform)
            await unit.commit()
            return found

    async def drop(self, file: str) -> None:
        """It is no longer there."""
        async with self.units.write() as unit:
            await unit.shown_pictures.drop(self.platform, file)
            await unit.commit()


@dataclass(frozen=True, slots=True)
class Previews:
    """The clean picture, small enough for a chat."""

    application: Application

    async def of(self, blob: BlobId) -> bytes | None:
        """A JPEG, or ``None`` where the picture isn't there or can't be made smaller."""
        content = await self.application.blobs.get(blob)
        if content is None:
            return None
        try:
            return await self.application.pictures.inspector.smaller(content, LONGEST_SIDE)
        except CannotInspect:
            return None
