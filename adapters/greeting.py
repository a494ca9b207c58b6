"""What somebody hears before anything else is done for them, as long as nobody confirmed them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from adapters.door import Door, Greeting
from adapters.patience import Patience
from adapters.sentences import NOBODY


if TYPE_CHECKING:
    from adapters.believing import Told
    from moderation.kernel import Identity

log = structlog.get_logger(__name__)

MOST_GREETED: Final = 5_000
GREETING: Final = 1.0
"""Seconds that finding out whether somebody is on the list may hold up what they want."""


@dataclass(frozen=True, slots=True)
class Greeter:
    """Of people whom the list knows nothing is asked again."""

    door: Door
    patience: Patience
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)

    async def hear(self, who: Identity, told: Told) -> tuple[str, ...]:
        """What they hear instead of what they asked for; nothing where that is done."""
        if who.id in self._known:
            return ()
        # A slow store holds up nobody: what they ask for finds out by itself who they are.
        task = self.patience.begin(self._greeted(who, told))
        if not (await asyncio.wait({task}, timeout=GREETING))[0]:
            return ()
        found = task.result()
        if found.known:
            self._known[who.id] = None
            if len(self._known) > MOST_GREETED:
                self._known.popitem(last=False)
        return found.sentences

    async def unknown(self, who: Identity, told: Told) -> tuple[str, ...]:
        """What somebody hears whom the list doesn't hold; nothing for everybody else."""
        if who.id in self._known:
            return ()
        found = await self.door.greet(told.email, by=who, name=told.name)
        return () if found.known else found.sentences or (NOBODY,)

    async def _greeted(self, who: Identity, told: Told) -> Greeting:
        try:
            return await self.door.greet(told.email, by=who, name=told.name)
        except Exception:
            # What they ask for is tried all the same, and tells them what is wrong.
            log.exception("chat.not_greeted")
            return Greeting(known=False)
