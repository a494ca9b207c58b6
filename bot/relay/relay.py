"""The relay: claim in a short transaction, act outside it, settle what came of it.

A row that fails harms no other. Everything due is a row in the database, so a round that is missed
costs one tick and nothing else.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.relay.cards import Cards
from bot.relay.effects import Effects
from bot.relay.notices import Notices
from bot.relay.redraws import Redraws
from bot.relay.releases import Releases
from bot.relay.workshop import Workshop


@dataclass(slots=True)
class Relay:
    """One per process; the clock drains it every second, and whenever something was written."""

    workshop: Workshop
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tick(self) -> int:
        """One round over everything due; how many rows were worked on."""
        async with self._busy:
            shop = self.workshop
            worked = await Effects(shop).round()
            worked += await Releases(shop).round()
            worked += await Cards(shop).round()
            worked += await Notices(shop).round()
            worked += await Redraws(shop).round()
            return worked

    async def drain(self, rounds: int = 200) -> None:
        """Work until nothing is due; bounded, because there may always be more."""
        for _ in range(rounds):
            if not await self.tick():
                return
