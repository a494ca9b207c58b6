"""Private messages: worded when they are sent, said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, LEASE, dead_letter
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter
from storage.failpoints import Point


if TYPE_CHECKING:
    from datetime import timedelta

    from bot.relay.drawing import Told
    from bot.relay.workshop import Workshop
    from moderation.ports import Conversation, Delivery
    from storage.notices import NoticeRow

log = structlog.get_logger(__name__)

NOTICE = "notice"


class Notices:
    """One round over the messages that are due."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def round(self) -> int:
        """Send at most one batch; how many there were."""
        shop = self._shop
        now = shop.clock.now()
        async with shop.units.write() as unit:
            rows = await unit.notices.claim(now, BATCH, shop.owner, LEASE)
            await unit.commit()
        for row in rows:
            shop.failpoints.reach(Point.AFTER_CLAIM, NOTICE)
            if not shop.time_to_send(now):
                # Whoever claims the rest after our lease is as good.
                break
            try:
                await self._one(row)
            except Exception as error:
                log.exception("relay.notice_failed", delivery=row.id)
                await self._again(row, type(error).__name__)
        return len(rows)

    async def _one(self, row: NoticeRow) -> None:
        shop = self._shop
        told = await shop.drawers.of(row.tell.subject).notice(row.tell, row.person)
        chat = shop.chats.get(row.identity.platform)
        to = await chat.private(row.identity) if chat is not None else None
        if told is None:
            await self._over(row)
        elif chat is None or to is None:
            await self._dead(row, "unreachable")
        else:
            sending = chat.post(to, told.card, f"notice:{row.id}")
            await self._settled(row, told, to, await shop.sent(NOTICE, sending))

    async def _settled(
        self, row: NoticeRow, told: Told, to: Conversation, answer: Delivery
    ) -> None:
        match answer:
            case Delivered(ref=ref) if told.lasts:
                await self._stands(row, to, ref, told.card.version)
            case Delivered(ref=ref):
                await self._over(row, ref)
            case RetryAfter(delay=delay):
                await self._again(row, "retry_after", delay)
            case Ambiguous(error=error):
                # Twice is better than never; the platform's key makes it once where it can.
                await self._again(row, error)
            case Gone():
                await self._dead(row, "gone")
            case Rejected(error=error):
                await self._dead(row, error)
            case _ as never:
                assert_never(never)

    async def _over(self, row: NoticeRow, ref: str = "") -> None:
        """Said, and nothing in it changes any more."""
        async with self._shop.marking(NOTICE) as unit:
            if await unit.notices.done(row.id, row.attempts, ref):
                await unit.open_notices.close(row.id)

    async def _stands(self, row: NoticeRow, to: Conversation, ref: str, version: int) -> None:
        """Said, and redrawn where it stands when its subject changes."""
        async with self._shop.marking(NOTICE) as unit:
            if await unit.notices.done(row.id, row.attempts, ref):
                await unit.open_notices.sent(row.id, to.id, ref, version)

    async def _again(self, row: NoticeRow, error: str, told: timedelta | None = None) -> None:
        now = self._shop.clock.now()
        if given_up(now, row.attempts, row.first_at):
            await self._dead(row, error)
            return
        at = again_at(now, row.attempts, told)
        async with self._shop.marking(NOTICE) as unit:
            await unit.notices.retry(row.id, row.attempts, at, error)

    async def _dead(self, row: NoticeRow, error: str) -> None:
        dead_letter(NOTICE, row.tell.subject.kind, error, row.id)
        async with self._shop.marking(NOTICE) as unit:
            await unit.notices.dead(row.id, row.attempts, error)
