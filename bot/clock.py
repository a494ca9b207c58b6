"""The clock: APScheduler ticks, and what is due are rows in the database.

Its jobs live in memory alone. Losing a tick costs nothing but time, so a late one is run, never
dropped (``misfire_grace_time=None``), many late ones are one (``coalesce``), and a job never runs
beside itself (``max_instances=1``).

Nothing is scheduled between 01:00 and 01:59 local: on the two Sundays when British clocks change,
that hour comes twice or not at all.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger


if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable

    from moderation.ports import Clock

    Work = Callable[[], Awaitable[object]]

log = structlog.get_logger(__name__)

HAPPENED: Final = {
    EVENT_JOB_ERROR: "failed",
    EVENT_JOB_MISSED: "missed",
    EVENT_JOB_MAX_INSTANCES: "overlapped",
}
UNSURE_HOUR: Final = 1
"""The local hour that comes twice in October and not at all in March."""


def each_day(at: dt.time, zone: dt.tzinfo) -> CronTrigger:
    """Once on every day there is. Raises ``ValueError`` for the hour that clocks change in."""
    if at.hour == UNSURE_HOUR:
        raise ValueError("01:00 to 01:59 comes twice, or not at all, when clocks change")
    return CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)


class Ticker:
    """Register with :meth:`every` and :meth:`daily`, then :meth:`start` inside a running loop.

    ``clock`` is the true one: the scheduler goes by the machine's time whatever the rest is told.
    ``counts`` tells how often each job ``failed``, was ``missed`` or ``overlapped``.
    """

    def __init__(
        self, clock: Clock, zone: dt.tzinfo, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self._clock = clock
        self._zone = zone
        self._monotonic = monotonic
        self._last = monotonic()
        self._work: dict[str, Work] = {}
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._woken: set[str] = set()
        self._again: set[str] = set()
        self._stopping = False
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(self._heard, sum(HAPPENED))

    def every(self, name: str, interval: dt.timedelta, work: Work) -> None:
        """Run ``work`` at the start and then every ``interval``."""
        trigger = IntervalTrigger(seconds=interval.total_seconds(), timezone=self._zone)
        self._add(name, work, trigger, next_run_time=self._clock.now())

    def once(self, name: str, work: Work) -> None:
        """Run ``work`` at the start, and never again."""
        self._add(name, work, DateTrigger(self._clock.now(), timezone=self._zone))

    def daily(self, name: str, at: dt.time, work: Work) -> None:
        """Run ``work`` each day at this local time."""
        self._add(name, work, each_day(at, self._zone))

    def start(self) -> None:
        """Begin to tick."""
        self._last = self._monotonic()
        # It would say in words what the listener counts and logs as codes.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler.start()

    def wake(self, *names: str) -> None:
        """Run these jobs now, or once more when running. Losing this costs one interval."""
        for name in names:
            if name in self._running:
                self._again.add(name)
            elif name not in self._woken and self._scheduler.running and not self._stopping:
                self._woken.add(name)
                self._scheduler.modify_job(name, next_run_time=self._clock.now())

    @property
    def stopping(self) -> bool:
        """Whether work of many rounds should end after the one at hand."""
        return self._stopping

    def last_tick_age(self) -> float:
        """Seconds since a job last ended, well or badly."""
        return self._monotonic() - self._last

    async def stop(self, seconds: float) -> bool:
        """Begin nothing new, and give what runs ``seconds`` to end; whether all of it did.

        What is cut short is a leased row in the database, and taken up again after its lease.
        """
        self._stopping = True
        if not self._scheduler.running:
            return True
        self._scheduler.pause()
        running = set(self._running.values())
        late = (await asyncio.wait(running, timeout=seconds))[1] if running else set()
        # APScheduler cancels what still runs, also when told to wait; so the waiting is ours.
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    def _add(self, name: str, work: Work, trigger: object, **options: object) -> None:
        self._work[name] = work
        self._scheduler.add_job(self._tick, trigger, args=(name,), id=name, **options)

    async def _tick(self, name: str) -> None:
        task = asyncio.current_task()
        if task is None or self._stopping:
            return
        self._running[name] = task
        self._again.add(name)
        try:
            while name in self._again and not self._stopping:
                self._woken.discard(name)
                self._again.discard(name)
                await self._work[name]()
                self._last = self._monotonic()
        finally:
            del self._running[name]
            self._again.discard(name)
            self._last = self._monotonic()

    def _heard(self, event: Any) -> None:  # noqa: ANN401 -- APScheduler has no types
        self.counts[event.job_id, HAPPENED[event.code]] += 1
        if event.code == EVENT_JOB_ERROR:
            log.error("clock.failed", job=event.job_id, exc_info=event.exception)
        elif event.code == EVENT_JOB_MISSED:
            log.warning("clock.missed", job=event.job_id)
        else:
            # A long round over many rows: the next tick finds it still at work.
            log.debug("clock.overlapped", job=event.job_id)
