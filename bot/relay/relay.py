"""The relay: claim in a short transaction, act outside it, settle what came of it.

A row that fails harms no other. Everything due is a row in the database, so a round that is missed
costs one tick and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.relay.cards import Cards
from bot.relay.effects import Commands, Effects
from bot.relay.notices import Notices
from bot.relay.redraws import Redraws
from bot.relay.releases import Releases
from bot.relay.workshop import Workshop


if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.relay.queue import Queue


class Part(StrEnum):
    """What goes on beside the rest: a slow chat platform holds up no post, and no alarm."""

    DUE = "due"
    EFFECTS = "relay"
    RELEASES = "releases"
    CARDS = "cards"
    NOTICES = "notices"


PARTS: Final[Mapping[Part, tuple[type[Queue[Any]], ...]]] = {
    # A post that falls due doesn't wait for a busy morning's cards.
    Part.DUE: (Commands,),
    Part.EFFECTS: (Effects,),
    Part.RELEASES: (Releases,),
    Part.CARDS: (Cards,),
    Part.NOTICES: (Notices, Redraws),
}


WRITTEN: Final = (Part.DUE, Part.EFFECTS)
"""Where it goes first whatever a decision has written."""
THEN: Final[Mapping[Part, tuple[Part, ...]]] = {
    Part.DUE: (Part.EFFECTS,),
    Part.EFFECTS: (Part.RELEASES, Part.CARDS, Part.NOTICES),
}
"""For whom a part that has worked has probably made work."""


@dataclass(slots=True)
class Relay:
    """One per process; the clock runs each part every second, and whenever there is work for it."""

    workshop: Workshop
    _busy: dict[Part, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def round(self, part: Part) -> int:
        """One round over what is due in one part; how many rows were worked on."""
        async with self._busy[part]:
            return sum([await queue(self.workshop).round() for queue in PARTS[part]])

    async def tick(self) -> int:
        """One round over everything due; how many rows were worked on."""
        return sum([await self.round(part) for part in Part])

    async def drain(self, rounds: int = 200) -> None:
        """Work until nothing is due; bounded, because there may always be more."""
        for _ in range(rounds):
            if not await self.tick():
                return
