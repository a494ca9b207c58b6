"""Cards: redrawn with today's truth while they show less than is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, LEASE
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter


if TYPE_CHECKING:
    from datetime import timedelta

    from bot.relay.workshop import Workshop
    from moderation.ports import Delivery
    from moderation.views import Card
    from storage.deliveries import CardRow

log = structlog.get_logger(__name__)


class Cards:
    """One round over the cards that are behind their subject."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def round(self) -> int:
        """Draw at most one batch; how many there were."""
        shop = self._shop
        async with shop.units.write() as unit:
            rows = await unit.cards.claim(shop.clock.now(), BATCH, shop.owner, LEASE)
            await unit.commit()
        for row in rows:
            try:
                await self._one(row)
            except Exception as error:
                log.exception("relay.card_failed", subject=row.subject.kind)
                await self._again(row, type(error).__name__)
        return len(rows)

    async def _one(self, row: CardRow) -> None:
        """Draw it, show it, and note which version now stands there."""
        shop = self._shop
        card = await shop.drawers.of(row.subject).draw(row.subject.id, row.conversation)
        chat = shop.chats.get(row.conversation.platform)
        if card is None or chat is None:
            await self._shown(row, row.wanted, row.ref or "")
            return
        version = max(card.version, row.wanted)
        if row.ref:
            answer = await chat.update(row.conversation, row.ref, card)
        else:
            answer = await chat.post(row.conversation, card, _key(row))
            if isinstance(answer, Delivered) and row.attempts > 1:
                # An earlier try may have got through, and shows what was true then.
                answer = await chat.update(row.conversation, answer.ref, card)
        await self._settled(row, card, version, answer)

    async def _settled(self, row: CardRow, card: Card, version: int, answer: Delivery) -> None:
        shop = self._shop
        match answer:
            case Delivered(ref=ref):
                await self._shown(row, version, ref)
            case RetryAfter(delay=delay):
                await self._again(row, "retry_after", delay)
            case Ambiguous(error=error):
                # A second copy of a card is harmless: both are redrawn from the same truth.
                await self._again(row, error)
            case Gone():
                at = again_at(shop.clock.now(), row.failures + 1)
                async with shop.units.write() as unit:
                    await unit.cards.gone(row.subject, row.conversation, row.attempts, at)
                    await unit.commit()
            case Rejected(error=error):
                log.error("relay.card_rejected", subject=card.subject.kind, error=error)
                await self._dead(row, error)
            case _ as never:
                assert_never(never)

    async def _shown(self, row: CardRow, version: int, ref: str) -> None:
        async with self._shop.units.write() as unit:
            await unit.cards.shown(row.subject, row.conversation, version, ref, row.attempts)
            await unit.commit()

    async def _again(self, row: CardRow, error: str, told: timedelta | None = None) -> None:
        if given_up(row.failures + 1):
            await self._dead(row, error)
            return
        at = again_at(self._shop.clock.now(), row.failures + 1, told)
        async with self._shop.units.write() as unit:
            await unit.cards.retry(row.subject, row.conversation, row.attempts, at, error)
            await unit.commit()

    async def _dead(self, row: CardRow, error: str) -> None:
        async with self._shop.units.write() as unit:
            await unit.cards.dead(row.subject, row.conversation, row.attempts, error)
            await unit.commit()


def _key(row: CardRow) -> str:
    return f"card:{row.subject.kind}:{row.subject.id}"
