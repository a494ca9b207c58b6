"""Private messages: worded when they are sent, said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.relay.queue import Drawings, Queue
from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, LEASE, dead_letter
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter
from storage.notices import NoticeRow


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.relay.drawing import Told
    from moderation.ports import Conversation, Delivery
    from storage.unit_of_work import Unit

NOTICE = "notice"


class Notices(Queue[NoticeRow]):
    """The messages that are due."""

    kind = NOTICE
    _drawings: Drawings[NoticeRow, Told | None]

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[NoticeRow]:
        rows = await unit.notices.claim(now, BATCH, self._shop.owner, LEASE)
        self._drawings = Drawings(self._shop, rows, lambda row: row.tell.subject, self._draw)
        return rows

    def _named(self, row: NoticeRow) -> Mapping[str, object]:
        return {"delivery": row.id}

    async def _draw(self, unit: Unit, row: NoticeRow) -> Told | None:
        return await self._shop.drawers.of(row.tell.subject).notice(unit, row.tell, row.person)

    async def _one(self, row: NoticeRow) -> None:
        shop = self._shop
        told = await self._drawings.of(row)
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
        self._shop.done(NOTICE, row.due_at)

    async def _stands(self, row: NoticeRow, to: Conversation, ref: str, version: int) -> None:
        """Said, and redrawn where it stands when its subject changes."""
        async with self._shop.marking(NOTICE) as unit:
            if await unit.notices.done(row.id, row.attempts, ref):
                await unit.open_notices.sent(row.id, to.id, ref, version)
        self._shop.done(NOTICE, row.due_at)

    async def _failed(self, row: NoticeRow, error: str) -> None:
        await self._again(row, error)

    async def _again(self, row: NoticeRow, error: str, told: timedelta | None = None) -> None:
        now, failures = self._shop.clock.now(), row.failures + 1
        if given_up(now, failures, row.first_at):
            await self._dead(row, error)
            return
        at = again_at(now, failures, told)
        async with self._shop.marking(NOTICE) as unit:
            await unit.notices.retry(row.id, row.attempts, at, error)

    async def _dead(self, row: NoticeRow, error: str) -> None:
        dead_letter(NOTICE, row.tell.subject.kind, error, row.id)
        async with self._shop.marking(NOTICE) as unit:
            await unit.notices.dead(row.id, row.attempts, error)
