"""What the clock asks for again and again: each round reads what is due and sends commands.

A command that fails harms no other; it is logged by its class and asked again in the next round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from moderation.incidents.model import INCIDENT
from moderation.kernel import Asked, SubjectRef, Timer
from moderation.oversight.commands import Look
from moderation.people.ports import Schools
from moderation.ports import Clock
from moderation.posts.commands import Judge, Recheck, Release
from moderation.posts.model import POST, READY
from moderation.posts.refusals import Refusal
from moderation.service import Service
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from moderation.service import Command
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

MORNING: Final = time(7)
"""Local. The watch is read before the school day begins."""
NIGHT: Final = time(3, 30)
MIDNIGHT: Final = time(0, 5)
LOOKED_AT: Final = 60
"""The newest posts of each school, on whose cards a day is still told by its name."""
TOLD_BY_DAY: Final = timedelta(days=8)
"""So long a day has a name of its own: "today", "yesterday", "Monday 8 June"."""
RECHECK_EVERY: Final = timedelta(minutes=15)
REMEMBERED: Final = timedelta(days=7)
"""How long a business key keeps its one effect, and a listing its filter."""
COUNTED: Final = timedelta(days=31)
"""How long a card that counts goes on counting; by then every post of that day is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """``wrote`` is called when a command may have written effects for the relay."""

    service: Service
    units: Units
    schools: Schools
    clock: Clock
    wrote: Callable[[], None]

    async def recheck(self) -> None:
        """Judge again what is handed out and not yet posted; it may have to be called back."""
        async with self.units.read() as unit:
            posts = await unit.posts.released()
            waiting = await self._free_of_pause(unit)
        now = self.clock.now()
        for post in posts:
            await self._do(Recheck(post=post), f"recheck:{post}:{now.isoformat()}")
        for post in waiting:
            await self._do(Release(post=post), f"resume:release:{post}:{now.isoformat()}")
            await self._do(Judge(post=post), f"resume:judge:{post}:{now.isoformat()}")

    async def _free_of_pause(self, unit: Unit) -> tuple[PostId, ...]:
        """What a pause held up and nothing has taken up since; starting posts sees to it at once.

        This is for the day on which that went wrong.
        """
        found: list[PostId] = []
        for school in (*self.schools.ids(), self.schools.trust):
            if await unit.holds.over((school, self.schools.trust)) is None:
                live = await unit.posts.live(frozenset({school}))
                found += [post.id for post in live if Refusal.HELD in post.held_back]
        return tuple(found)

    async def look(self) -> None:
        """The watch: once a day for each school and the trust, whichever process comes first."""
        today = self.clock.now().astimezone(self.schools.zone).date()
        for school in (*self.schools.ids(), self.schools.trust):
            await self._do(Look(school=school), f"look:{school}:{today.isoformat()}")

    async def look_if_late(self) -> None:
        """At the start: what was to be looked at this morning, when nobody was running."""
        if self.clock.now().astimezone(self.schools.zone).time() >= MORNING:
            await self.look()

    async def turn_the_day(self) -> None:
        """After midnight "today" is yesterday: redraw the cards that people still look at."""
        for school in (*self.schools.ids(), self.schools.trust):
            async with self.units.write() as unit:
                for post in await unit.posts.recent(school, LOOKED_AT):
                    await self._redraw(unit, SubjectRef(POST, post.id))
                    await self._redraw(unit, SubjectRef(READY, post.id))
                await unit.commit()
        async with self.units.write() as unit:
            for report in await unit.incidents.since(self.clock.now() - TOLD_BY_DAY):
                await self._redraw(unit, SubjectRef(INCIDENT, report))
            await unit.commit()
        self.wrote()

    async def _redraw(self, unit: Unit, subject: SubjectRef) -> None:
        await unit.cards.again(subject, self.clock.now())

    async def forget(self) -> None:
        """Clear away the keys and listings that nobody can need any more."""
        before = self.clock.now() - REMEMBERED
        async with self.units.write() as unit:
            keys = await unit.forget_keys(before)
            listings = await unit.listings.clear(before)
            arrivals = await unit.tallies.clear(self.clock.now() - COUNTED)
            await unit.commit()
        log.info("rounds.forgotten", count=keys + listings + arrivals)

    async def _do(self, command: Command, key: str) -> None:
        asked = Asked(by=Timer(), key=key, at=self.clock.now())
        try:
            await self.service.do(command, asked)
        except Exception:
            log.exception("rounds.failed", command=type(command).__name__)
        else:
            self.wrote()
