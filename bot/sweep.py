"""Pictures that nothing refers to any more: their bytes go, a week after they last came in.

*Not a post* forgets a draft at once; its picture may be another draft's as well, or stand in a form
that somebody is still writing. So it stays for the week in which it may be needed, and then goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from moderation.ports import Clock
from storage.blobs import FileBlobStore
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import BlobId

log = structlog.get_logger(__name__)

KEPT: Final = timedelta(days=7)
"""So long a picture stays after it came in, whatever refers to it. Sent in again, it is as new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    units: Units
    blobs: FileBlobStore
    clock: Clock

    async def pictures(self) -> int:
        """Remove those that nothing refers to; how many there were.

        What can't be read might refer to any of them: then nothing is removed, and the fault is
        raised.
        """
        began = self.clock.now()
        before = began - KEPT
        old = await self.blobs.untouched_since(before)
        if not old:
            return 0
        async with self.units.read() as unit:
            referred = await unit.kept_pictures.referred()
            gone = await unit.kept_pictures.unneeded(old, referred)
        if gone:
            gone = await self._forgotten(gone, since=began)
        for blob in sorted(gone):
            # One that has come in again meanwhile is as new.
            await self.blobs.delete(blob, untouched_since=before)
        if gone:
            log.info("pictures.swept", count=len(gone))
        return len(gone)

    async def _forgotten(self, gone: frozenset[BlobId], *, since: datetime) -> frozenset[BlobId]:
        """Those of ``gone`` that nobody has referred to since: what was seen in them is forgotten.

        First the row, then the file: a picture that is known is there.
        """
        async with self.units.write() as unit:
            newly = await unit.kept_pictures.referred(since)
            left = await unit.kept_pictures.unneeded(gone, newly)
            await unit.kept_pictures.forget(left)
            await unit.commit()
        return left
