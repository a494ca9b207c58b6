"""Private messages that were sent: redrawn where they stand, until they have said their last."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.queue import Drawings, Queue
from bot.relay.retrying import MOST_ATTEMPTS, again_at
from bot.relay.workshop import BATCH, LEASE
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter
from storage.open_notices import OpenNoticeRow


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.relay.drawing import Told
    from moderation.ports import Delivery
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

REDRAW = "redraw"


class Redraws(Queue[OpenNoticeRow]):
    """The messages that are behind their subject."""

    kind = REDRAW
    _drawings: Drawings[OpenNoticeRow, Told | None]

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[OpenNoticeRow]:
        rows = await unit.open_notices.claim(now, BATCH, self._shop.owner, LEASE)
        self._drawings = Drawings(self._shop, rows, lambda row: row.tell.subject, self._draw)
        return rows

    def _named(self, row: OpenNoticeRow) -> Mapping[str, object]:
        return {"delivery": row.id}

    async def _draw(self, unit: Unit, row: OpenNoticeRow) -> Told | None:
        return await self._shop.drawers.of(row.tell.subject).notice(unit, row.tell, row.person)

    async def _one(self, row: OpenNoticeRow) -> None:
        shop = self._shop
        told = await self._drawings.of(row)
        chat = shop.chats.get(row.identity.platform)
        if told is None or chat is None:
            await self._close(row)
        else:
            answer = await shop.sent(REDRAW, chat.update(row.conversation, row.ref, told.card))
            await self._settled(row, told, answer)

    async def _settled(self, row: OpenNoticeRow, told: Told, answer: Delivery) -> None:
        match answer:
            case Delivered() if told.lasts:
                async with self._shop.marking(REDRAW) as unit:
                    version = max(told.card.version, row.wanted)
                    await unit.open_notices.shown(row.id, row.attempts, version)
            case Delivered() | Gone() | Rejected():
                # It has said its last, or somebody has deleted it. It is never sent a second time.
                await self._close(row)
            case RetryAfter(delay=delay):
                await self._again(row, "retry_after", delay)
            case Ambiguous(error=error):
                await self._again(row, error)
            case _ as never:
                assert_never(never)

    async def _close(self, row: OpenNoticeRow) -> None:
        async with self._shop.marking(REDRAW) as unit:
            await unit.open_notices.close(row.id)

    async def _failed(self, row: OpenNoticeRow, error: str) -> None:
        await self._again(row, error)

    async def _again(self, row: OpenNoticeRow, error: str, told: timedelta | None = None) -> None:
        if row.failures + 1 >= MOST_ATTEMPTS:
            # An old message that can't be changed says less than the card, which is tried on.
            log.error("relay.redraw_given_up", delivery=row.id, error=error)
            await self._close(row)
            return
        at = again_at(self._shop.clock.now(), row.failures + 1, told)
        async with self._shop.marking(REDRAW) as unit:
            await unit.open_notices.retry(row.id, row.attempts, at, error)
