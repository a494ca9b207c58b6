"""Cards: redrawn with today's truth while they show less than is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.relay.queue import Drawings, Queue
from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, LEASE, dead_letter
from moderation.homes.present import withdrawn
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter
from storage.cards import CardRow


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from moderation.ports import Delivery
    from moderation.views import Card
    from storage.unit_of_work import Unit

CARD = "card"


class Cards(Queue[CardRow]):
    """The cards that are behind their subject."""

    kind = CARD
    _drawings: Drawings[CardRow, Card | None]

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[CardRow]:
        rows = await unit.cards.claim(now, BATCH, self._shop.owner, LEASE)
        self._drawings = Drawings(self._shop, rows, lambda row: row.subject, self._draw)
        return rows

    def _named(self, row: CardRow) -> Mapping[str, object]:
        return {"subject": row.subject.kind}

    async def _draw(self, unit: Unit, row: CardRow) -> Card | None:
        closed = self._shop.reach.closed.get(row.conversation)
        if closed is not None:
            return withdrawn(row.subject, closed, row.wanted) if row.ref else None
        drawer = self._shop.drawers.of(row.subject)
        return await drawer.draw(unit, row.subject.id, row.conversation)

    async def _one(self, row: CardRow) -> None:
        """Draw it, show it, and note which version now stands there."""
        shop = self._shop
        card = await self._drawings.of(row)
        chat = shop.chats.get(row.conversation.platform)
        if card is None or chat is None:
            await self._shown(row, row.wanted, row.ref or "")
            return
        version = max(card.version, row.wanted)
        if row.ref:
            answer = await shop.sent(CARD, chat.update(row.conversation, row.ref, card))
        else:
            answer = await shop.sent(CARD, chat.post(row.conversation, card, _key(row)))
            if isinstance(answer, Delivered) and row.attempts > 1:
                # An earlier try may have got through, and shows what was true then.
                answer = await shop.sent(CARD, chat.update(row.conversation, answer.ref, card))
        await self._settled(row, version, answer)

    async def _settled(self, row: CardRow, version: int, answer: Delivery) -> None:
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
                async with shop.marking(CARD) as unit:
                    await unit.cards.gone(row.subject, row.conversation, row.attempts, at)
            case Rejected(error=error):
                await self._dead(row, error)
            case _ as never:
                assert_never(never)

    async def _shown(self, row: CardRow, version: int, ref: str) -> None:
        async with self._shop.marking(CARD) as unit:
            cards = unit.cards
            if not await cards.shown(row.subject, row.conversation, version, ref, row.attempts):
                await cards.redraw(row.subject, row.conversation)

    async def _failed(self, row: CardRow, error: str) -> None:
        await self._again(row, error)

    async def _again(self, row: CardRow, error: str, told: timedelta | None = None) -> None:
        now, failures = self._shop.clock.now(), row.failures + 1
        if given_up(now, failures, row.first_at):
            await self._dead(row, error)
            return
        at = again_at(now, failures, told)
        async with self._shop.marking(CARD) as unit:
            await unit.cards.retry(row.subject, row.conversation, row.attempts, at, error)

    async def _dead(self, row: CardRow, error: str) -> None:
        dead_letter(CARD, row.subject.kind, error)
        async with self._shop.marking(CARD) as unit:
            await unit.cards.dead(row.subject, row.conversation, row.attempts, error)


def _key(row: CardRow) -> str:
    return f"card:{row.subject.kind}:{row.subject.id}"
