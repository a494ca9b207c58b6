"""Changing the key that children's data are sealed with, while Schoolgate serves.

    keyring = Keyring(database, keys, blobs)
    await keyring.usage()                     which key sealed what, and what no key opens
    await keyring.rotate(at, progress)        everything to the first key

Everything sealed is read page by page and sealed anew where it still stands as it was read, so that
what is written meanwhile is never lost. Ended at any point and begun again, it goes on with what is
left. A key that seals nothing any more is struck from those that a start must be given.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

from moderation.kernel import Asked, Conflict, CorruptStore, Operator, SubjectRef
from storage.audit.chain import Audit
from storage.blobs import FileBlobStore
from storage.crypto import Keys, key_of
from storage.database import Database
from storage.sealing import KeyId, Sealing, columns, opens
from storage.session import Duplicate, Session


if TYPE_CHECKING:
    from moderation.kernel import BlobId
    from storage.sealing import SealedColumn, SealedValue


PICTURES: Final = "pictures"
"""The place of blobs, beside the columns."""
BATCH: Final = 100
"""Values sealed anew in one transaction. On SQLite it holds up whoever else writes."""
PAGE: Final = 500
ROUNDS: Final = 8
TRIES: Final = 20
BREATH: Final = 0.02
"""Seconds between two batches."""
PAUSE: Final = 0.1
"""Seconds between tries to be alone for a moment."""

Progress = Callable[[str, int, int], None]
"""Called with a place, how many values were looked at there, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """``sealed``: key → place → values. ``closed``: place → values that no given key opens."""

    sealed: Mapping[KeyId, Mapping[str, int]]
    remembered: frozenset[KeyId]
    closed: Mapping[str, int] = field(default_factory=dict)

    def total(self, key: KeyId) -> int:
        """How many values a key sealed."""
        return sum(self.sealed.get(key, {}).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the record keeps of a rotation's beginning."""

    tag: ClassVar[str] = "keys:rotation_begun"
    key: str
    waiting: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """And of its end. ``retired`` are the ids of keys that seal nothing any more."""

    tag: ClassVar[str] = "keys:rotated"
    key: str
    renewed: int
    retired: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rotation came to, place by place.

    ``left`` are values of other keys that are still there: they don't open, or another process goes
    on sealing with an old key.
    """

    renewed: Mapping[str, int]
    left: Mapping[str, int]
    retired: tuple[KeyId, ...]


@dataclass(slots=True)
class Keyring:
    """Every sealed value of one database and one folder of pictures, and the keys given for it."""

    database: Database
    keys: Keys
    blobs: FileBlobStore
    batch: int = BATCH
    _renewed: Counter[str] = field(default_factory=Counter)

    # -- looking ---------------------------------------------------------------------------------

    async def usage(self, progress: Progress = lambda *_: None) -> Usage:
        """Count by key, and open every single value."""
        counted = await self.counted()
        closed: dict[str, int] = {}
        for column in columns():
            total = sum(places.get(column.name, 0) for places in counted.sealed.values())
            if missed := await self._closed(column, total, progress):
                closed[column.name] = missed
        if missed := await self._closed_pictures(progress):
            closed[PICTURES] = missed
        return replace(counted, closed=closed)

    async def counted(self) -> Usage:
        """Count by key; nothing is opened."""
        async with self._reading() as session:
            sealed = Sealing(session)
            counts, remembered = await sealed.counts(), await sealed.remembered()
        by_key: dict[KeyId, dict[str, int]] = {}
        for place, found in (*counts.items(), (PICTURES, await self._pictures_by_key())):
            for key, count in found.items():
                by_key.setdefault(key, {})[place] = count
        return Usage(sealed=by_key, remembered=remembered)

    async def _closed(self, column: SealedColumn, total: int, progress: Progress) -> int:
        missed, seen = 0, 0
        async for page in self._pages(column, PAGE, stale=False):
            missed += sum(not opens(self.keys, column, value) for value in page)
            seen += len(page)
            progress(column.name, seen, max(total, seen))
        return missed

    async def _closed_pictures(self, progress: Progress) -> int:
        missed, blobs = 0, self.blobs.paths()
        for seen, blob in enumerate(blobs, start=1):
            try:
                await self.blobs.get(blob)
            except CorruptStore:
                missed += 1
            progress(PICTURES, seen, len(blobs))
        return missed

    async def _pictures_by_key(self) -> Mapping[KeyId, int]:
        return await asyncio.to_thread(
            lambda: Counter(
                key_of(header)
                for blob in self.blobs.paths()
                # One that was deleted just now has none.
                if (header := self.blobs.header(blob))
            )
        )

    # -- changing --------------------------------------------------------------------------------

    async def rotate(self, at: datetime, progress: Progress = lambda *_: None) -> Outcome:
        """Seal everything with the first key, and retire the keys that then seal nothing.

        Raises :class:`~moderation.kernel.Conflict` when others never leave the moment that the end
        needs; everything is sealed anew by then, and the next run retires.
        """
        self._renewed.clear()
        async with self._writing() as session:
            await Sealing(session).remember()
            await session.commit()
        left = await self._left()
        if left:
            await self._record(Begun(key=self.keys.first_id.hex(), waiting=left.total(), at=at))
        for _ in range(ROUNDS):
            before = self._renewed.total()
            for column in columns():
                await self._renew_column(column, left[column.name], progress)
            await self._renew_pictures(progress)
            left = await self._left()
            if not left or self._renewed.total() == before:
                break
        retired = await self._retired(at)
        return Outcome(renewed=dict(self._renewed), left=dict(left), retired=retired)

    async def _left(self) -> Counter[str]:
        """Place → values that another key sealed."""
        async with self._reading() as session:
            counts = dict(await Sealing(session).counts())
        counts[PICTURES] = await self._pictures_by_key()
        stale = {
            place: sum(count for key, count in by_key.items() if key != self.keys.first_id)
            for place, by_key in counts.items()
        }
        return +Counter(stale)

    async def _renew_column(self, column: SealedColumn, total: int, progress: Progress) -> None:
        seen = 0
        async for page in self._pages(column, self.batch, stale=True):
            opened = [value for value in page if opens(self.keys, column, value)]
            self._renewed[column.name] += await self._renew(column, opened)
            seen += len(page)
            progress(column.name, seen, max(total, seen))
            # SQLite knows no queue: whoever waits to write goes first now.
            await asyncio.sleep(BREATH)

    async def _renew(self, column: SealedColumn, values: list[SealedValue]) -> int:
        """All in one transaction; where one is refused or in somebody's way, each in its own."""
        try:
            return await self._write(column, values)
        except (Conflict, Duplicate):
            renewed = 0
        for value in values:
            try:
                renewed += await self._write(column, [value])
            except (Conflict, Duplicate):
                continue
        return renewed

    async def _write(self, column: SealedColumn, values: list[SealedValue]) -> int:
        async with self._writing() as session:
            renewed = await Sealing(session).renew(column, values)
            await session.commit()
            return renewed

    async def _renew_pictures(self, progress: Progress) -> None:
        stale = [
            blob
            for blob in self.blobs.paths()
            if (header := self.blobs.header(blob)) and self.keys.is_stale(header)
        ]
        for seen, blob in enumerate(stale, start=1):
            self._renewed[PICTURES] += await self._renew_picture(blob)
            progress(PICTURES, seen, len(stale))

    async def _renew_picture(self, blob: BlobId) -> bool:
        try:
            return await self.blobs.reseal(blob)
        except CorruptStore:
            return False

    # -- ending ----------------------------------------------------------------------------------

    async def _retired(self, at: datetime) -> tuple[KeyId, ...]:
        """Strike the keys that seal nothing, in a moment in which nobody seals."""
        for _ in range(TRIES):
            try:
                return await self._retire(at)
            except Conflict:
                await asyncio.sleep(PAUSE)
        return await self._retire(at)

    async def _retire(self, at: datetime) -> tuple[KeyId, ...]:
        async with self._writing() as session:
            sealing = Sealing(session)
            await sealing.alone()
            counts = (*(await sealing.counts()).values(), await self._pictures_by_key())
            needed = {key for by_key in counts for key in by_key} | {self.keys.first_id}
            idle = tuple(sorted(await sealing.remembered() - needed))
            if not idle and not self._renewed.total():
                return ()
            await sealing.forget(idle)
            event = Rotated(
                key=self.keys.first_id.hex(),
                renewed=self._renewed.total(),
                retired=tuple(key.hex() for key in idle),
                at=at,
            )
            await self._append(session, event)
            await session.commit()
            return idle

    async def _record(self, event: Begun) -> None:
        async with self._writing() as session:
            await self._append(session, event)
            await session.commit()

    async def _append(self, session: Session, event: Begun | Rotated) -> None:
        asked = Asked(by=Operator(), key=f"keys:{event.key}", at=event.at)
        await Audit(session).append(asked, SubjectRef("keys", event.key), 0, (event,))

    # -- reading and writing ---------------------------------------------------------------------

    async def _pages(
        self, column: SealedColumn, size: int, *, stale: bool
    ) -> AsyncIterator[tuple[SealedValue, ...]]:
        after: SealedValue | None = None
        while True:
            async with self._reading() as session:
                page = await Sealing(session).page(column, size, after=after, stale=stale)
            if not page:
                return
            yield page
            after = page[-1]

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Session]:
        async with self.database.reading() as connection:
            yield Session(connection, self.keys, writes=False)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Session]:
        async with self.database.writing() as connection:
            yield Session(connection, self.keys, writes=True)
