"""Private messages that were sent: redrawn where they stand, until they have said their last."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.retrying import MOST_ATTEMPTS, again_at
from bot.relay.workshop import BATCH, LEASE
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter


if TYPE_CHECKING:
    from datetime import timedelta

    from bot.relay.drawing import Told
    from bot.relay.workshop import Workshop
    from moderation.ports import Delivery
    from storage.open_notices import OpenNoticeRow

log = structlog.get_logger(__name__)

REDRAW = "redraw"


class Redraws:
    """One round over the messages that are behind their subject."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def round(self) -> int:
        """Redraw at most one batch; how many there were."""
        shop = self._shop
        now = shop.clock.now()
        async with shop.units.write() as unit:
            rows = await unit.open_notices.claim(now, BATCH, shop.owner, LEASE)
            await unit.commit()
        for row in rows:
            if not shop.time_to_send(now):
                break
            try:
                await self._one(row)
            except Exception as error:
                log.exception("relay.redraw_failed", delivery=row.id)
                await self._again(row, type(error).__name__)
        return len(rows)

    async def _one(self, row: OpenNoticeRow) -> None:
        shop = self._shop
        told = await shop.drawers.of(row.tell.subject).notice(row.tell, row.person)
        chat = shop.chats.get(row.identity.platform)
        if told is None or chat is None:
            await self._close(row)
        else:
            answer = await shop.sent(REDRAW, chat.update(row.conversation, row.ref, told.card))
            await self._settled(row, told, answer)

    async def _settled(self, row: OpenNoticeRow, told: Told, answer: Delivery) -> None:
        match answer:
            case Delivered() if told.lasts:
                async with self._shop.units.write() as unit:
                    version = max(told.card.version, row.wanted)
                    await unit.open_notices.shown(row.id, row.attempts, version)
                    await unit.commit()
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
        async with self._shop.units.write() as unit:
            await unit.open_notices.close(row.id)
            await unit.commit()

    async def _again(self, row: OpenNoticeRow, error: str, told: timedelta | None = None) -> None:
        if row.failures + 1 >= MOST_ATTEMPTS:
            # An old message that can't be changed says less than the card, which is tried on.
            log.error("relay.redraw_given_up", delivery=row.id, error=error)
            await self._close(row)
            return
        at = again_at(self._shop.clock.now(), row.failures + 1, told)
        async with self._shop.units.write() as unit:
            await unit.open_notices.retry(row.id, row.attempts, at, error)
            await unit.commit()
