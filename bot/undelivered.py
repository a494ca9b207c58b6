"""Telling each school what could not be delivered: once a day at most, and only what is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final

import structlog

from moderation.deliveries.effects import told
from moderation.deliveries.events import Told
from moderation.deliveries.model import DELIVERIES
from moderation.kernel import Asked, Conflict, SubjectRef, Timer
from moderation.people.ports import Schools
from moderation.ports import Clock
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.deliveries.model import Lost
    from moderation.kernel import SchoolId
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

FROM: Final = time(7)
UNTIL: Final = time(19)
"""Local. Nobody is woken for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """``wrote`` is called when there is something for the relay."""

    units: Units
    schools: Schools
    clock: Clock
    wrote: Callable[[], None]

    async def tell(self) -> None:
        """Tell the head of each school where something was given up since they were last told."""
        if not FROM <= self.clock.now().astimezone(self.schools.zone).time() < UNTIL:
            return
        async with self.units.read() as unit:
            lost = await lost_of(unit, self.schools)
        for school, letters in lost.items():
            try:
                if await self._told(school, letters):
                    self.wrote()
            except Conflict:
                continue  # another process has just told them

    async def _told(self, school: SchoolId, letters: tuple[Lost, ...]) -> bool:
        now = self.clock.now()
        day = now.astimezone(self.schools.zone).date().isoformat()
        subject = SubjectRef(DELIVERIES, school)
        asked = Asked(by=Timer(), key=f"{DELIVERIES}:{school}:{day}", at=now)
        async with self.units.write() as unit:
            before = await unit.audit.history(subject)
            known = (before[-1].payload or {}).get("letters", ()) if before else ()
            marks = tuple(one.mark for one in letters)
            if set(marks) <= set(known) or await unit.seen(asked.key):
                return False
            happened = (Told(letters=marks),)
            effects = (told(school, day),)
            await unit.record(asked, subject, len(before) + 1, happened, effects)
            await unit.commit()
        log.warning("deliveries.told", count=len(letters))
        return True


async def lost_of(unit: Unit, schools: Schools) -> Mapping[SchoolId, tuple[Lost, ...]]:
    """What was given up, by school; what belongs to no school of app.yaml is the trust's."""
    found: dict[SchoolId, tuple[Lost, ...]] = defaultdict(tuple)
    for school, letters in (await unit.lost.by_school()).items():
        known = school is not None and schools.get(school) is not None
        found[school if known and school is not None else schools.trust] += letters
    return found
