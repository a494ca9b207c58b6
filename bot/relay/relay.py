"""The relay's loop: claim in a short transaction, act outside it, settle what came of it.

A row that fails harms no other. ``wake`` makes the next round begin at once; losing a wake-up costs
one tick, because everything due is a row in the database.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.relay.cards import Cards
from bot.relay.effects import Effects
from bot.relay.notices import Notices
from bot.relay.releases import Releases
from bot.relay.workshop import Workshop


log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Relay:
    """One per process. :meth:`tick` is called by the clock; :meth:`run` keeps it awake."""

    workshop: Workshop
    last_round: float = 0.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wake(self) -> None:
        """Something was just written: look at once."""
        self._wake.set()

    async def tick(self) -> int:
        """One round over everything due; how many rows were worked on."""
        async with self._busy:
            shop = self.workshop
            worked = await Effects(shop).round()
            worked += await Releases(shop).round()
            worked += await Cards(shop).round()
            worked += await Notices(shop).round()
            self.last_round = asyncio.get_running_loop().time()
            return worked

    async def drain(self, rounds: int = 200) -> None:
        """Work until nothing is due, for tests and for the start; bounded."""
        for _ in range(rounds):
            if not await self.tick():
                return

    async def run(self, idle: float = 1.0) -> None:
        """Tick for ever: at once when woken or while there is work, else every ``idle`` seconds."""
        while True:
            self._wake.clear()
            try:
                worked = await self.tick()
            except Exception:
                log.exception("relay.round_failed")
                worked = 0
            if not worked:
                await self._rest(idle)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
