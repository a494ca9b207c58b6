"""Pictures on a chat platform: shown later where they could not be, deleted when it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from moderation.kernel import Platform
from moderation.ports import Clock
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from bot.application import Application

log = structlog.get_logger(__name__)

REDRAW_EVERY: Final = timedelta(seconds=15)
TIDY_EVERY: Final = timedelta(minutes=1)
"""So long a picture may stay after its post is final: the card is redrawn without it meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRounds:
    """``delete`` removes what final posts left on the platform; ``wrote`` wakes the relay."""

    platform: Platform
    units: Units
    clock: Clock
    delete: Callable[[], Awaitable[int]]
    wrote: Callable[[], None]

    async def redraw(self) -> None:
        """Draw the cards again whose pictures could not be shown; drawing tries once more."""
        now = self.clock.now()
        async with self.units.read() as unit:
            subjects = await unit.shown_pictures.due(self.platform, now)
        if not subjects:
            return
        async with self.units.write() as unit:
            for subject in subjects:
                await unit.shown_pictures.put_off(self.platform, subject, now)
                await unit.cards.again(subject, now, on=self.platform)
                await unit.open_notices.again(subject)
            await unit.commit()
        self.wrote()

    async def tidy(self) -> None:
        """Delete the files of final posts."""
        deleted = await self.delete()
        if deleted:
            log.info("pictures.deleted", count=deleted)


def tend(
    application: Application, platform: Platform, delete: Callable[[], Awaitable[int]]
) -> PictureRounds:
    """Have the application's clock do both, for one platform. Called before the clock starts."""
    rounds = PictureRounds(
        platform=platform,
        units=application.units,
        clock=application.clock,
        delete=delete,
        wrote=application.wake,
    )
    application.ticker.every(f"redraw_{platform.value}_pictures", REDRAW_EVERY, rounds.redraw)
    application.ticker.every(f"tidy_{platform.value}_pictures", TIDY_EVERY, rounds.tidy)
    return rounds
