"""The clock ticks, wakes, survives what fails, and lets what runs come to its end."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Ticker, each_day
from bot.system import SystemClock


if TYPE_CHECKING:
    from collections.abc import AsyncIterator


LONDON = ZoneInfo("Europe/London")
NEVER = timedelta(days=1)
OFTEN = timedelta(milliseconds=10)


@pytest.fixture
async def ticker() -> AsyncIterator[Ticker]:
    made = Ticker(SystemClock(), LONDON)
    yield made
    await made.stop(1)


class Rounds:
    """Work that counts its rounds, and lets a test wait for one of them."""

    def __init__(self, *, failing: bool = False) -> None:
        self.count = 0
        self._failing = failing
        self._counted = asyncio.Condition()

    async def work(self) -> None:
        async with self._counted:
            self.count += 1
            self._counted.notify_all()
        if self._failing:
            raise RuntimeError

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(5), self._counted:
            await self._counted.wait_for(lambda: self.count >= count)


async def test_a_job_runs_at_the_start_and_again(ticker: Ticker) -> None:
    rounds = Rounds()
    ticker.every("often", OFTEN, rounds.work)
    ticker.start()
    await rounds.reach(3)


async def test_waking_runs_it_once_and_now(ticker: Ticker) -> None:
    rounds = Rounds()
    ticker.every("rarely", NEVER, rounds.work)
    ticker.start()
    await rounds.reach(1)
    ticker.wake("rarely")
    ticker.wake("rarely")
    await rounds.reach(2)
    await ticker.stop(1)
    assert rounds.count == 2
    assert not ticker.counts


async def test_waking_one_that_is_at_work_runs_it_once_more(ticker: Ticker) -> None:
    rounds = Rounds()
    go_on = asyncio.Event()

    async def work() -> None:
        await rounds.work()
        await go_on.wait()

    ticker.every("rarely", NEVER, work)
    ticker.start()
    await rounds.reach(1)
    ticker.wake("rarely")
    ticker.wake("rarely")
    assert rounds.count == 1
    go_on.set()
    await rounds.reach(2)
    assert await ticker.stop(1)
    assert rounds.count == 2
    assert not ticker.counts


async def test_what_is_to_run_once_runs_at_the_start_alone(ticker: Ticker) -> None:
    once, often = Rounds(), Rounds()
    ticker.once("once", once.work)
    ticker.every("often", OFTEN, often.work)
    ticker.start()
    await once.reach(1)
    await often.reach(5)
    assert once.count == 1


async def test_what_fails_is_counted_and_tried_again(ticker: Ticker) -> None:
    rounds = Rounds(failing=True)
    ticker.every("often", OFTEN, rounds.work)
    ticker.start()
    await rounds.reach(4)
    assert ticker.counts["often", "failed"] >= 3


async def test_a_job_never_runs_beside_itself_and_holds_up_no_other(ticker: Ticker) -> None:
    slow, others = Rounds(), Rounds()
    go_on = asyncio.Event()

    async def work() -> None:
        await slow.work()
        await go_on.wait()

    ticker.every("slow", OFTEN, work)
    ticker.every("other", OFTEN, others.work)
    ticker.start()
    await others.reach(5)
    assert slow.count == 1
    assert ticker.counts["slow", "overlapped"] >= 2
    go_on.set()
    await slow.reach(2)


async def test_a_blocked_loop_loses_no_tick(ticker: Ticker) -> None:
    rounds = Rounds()
    ticker.every("rarely", NEVER, rounds.work)
    ticker.start()
    await rounds.reach(1)
    ticker.wake("rarely")
    # Longer than the second after which APScheduler by itself drops what is late.
    blocked_until = asyncio.get_running_loop().time() + 1.2
    while asyncio.get_running_loop().time() < blocked_until:
        pass
    await rounds.reach(2)
    assert not ticker.counts


async def test_stopping_waits_for_what_runs(ticker: Ticker) -> None:
    steps: list[str] = []
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        steps.append("done")

    ticker.every("rarely", NEVER, work)
    ticker.start()
    await begun.wait()
    stopping = asyncio.create_task(ticker.stop(5))
    ended_too_early, _ = await asyncio.wait({stopping}, timeout=0.1)
    assert not ended_too_early
    ticker.wake("rarely")
    go_on.set()
    assert await stopping
    assert steps == ["done"]


async def test_stopping_cuts_short_what_does_not_end(ticker: Ticker) -> None:
    ended: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cut")

    ticker.every("rarely", NEVER, work)
    ticker.start()
    await begun.wait()
    assert not await ticker.stop(0.01)
    assert ended == ["cut"]


async def test_stopping_what_never_started_or_twice_is_harmless() -> None:
    ticker = Ticker(SystemClock(), LONDON)
    assert await ticker.stop(1)
    ticker.start()
    assert await ticker.stop(1)
    assert await ticker.stop(1)


async def test_the_age_of_the_last_tick() -> None:
    now = 100.0
    aged = Ticker(SystemClock(), LONDON, monotonic=lambda: now)
    rounds = Rounds()
    aged.every("rarely", NEVER, rounds.work)
    aged.start()
    await rounds.reach(1)
    now = 161.0
    assert aged.last_tick_age() == 61.0
    aged.wake("rarely")
    await rounds.reach(2)
    await aged.stop(1)
    assert aged.last_tick_age() == 0.0


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_nothing_is_scheduled_in_the_hour_that_clocks_change_in(minute: int) -> None:
    with pytest.raises(ValueError, match="comes twice"):
        each_day(time(1, minute), LONDON)


@pytest.mark.parametrize("hour", [0, 2, 3, 7, 23])
@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
def test_each_day_is_once_a_day_also_when_clocks_change(hour: int, sunday: date) -> None:
    trigger = each_day(time(hour, 30), LONDON)
    fired: list[datetime] = []
    now = datetime.combine(sunday - timedelta(days=1), time(), LONDON)
    while (following := trigger.get_next_fire_time(fired[-1] if fired else None, now)).date() < (
        sunday + timedelta(days=2)
    ):
        fired.append(following)
        now = (following.astimezone(UTC) + timedelta(seconds=1)).astimezone(LONDON)
    assert [at.date() for at in fired] == [
        sunday - timedelta(days=1),
        sunday,
        sunday + timedelta(days=1),
    ]
    assert {(at.hour, at.minute) for at in fired} == {(hour, 30)}
