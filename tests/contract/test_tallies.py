"""What a store of tallies promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from moderation.kernel import PersonId, Platform, PostId, SubjectRef
from moderation.ports import Conversation
from moderation.posts.model import POST
from moderation.tallies.model import Arrival, Lane, Tally, own, reader_of, room
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits

HERE = room(Conversation(Platform.SLACK, "C1"))
HERS = own(PersonId("ann"))
TODAY = date(2026, 6, 12)
HOUR = timedelta(hours=1)


def arrival(key: str, lane: Lane = HERE, *, hours: int = 0, day: date = TODAY) -> Arrival:
    return Arrival(
        lane=lane,
        key=key,
        subject=SubjectRef(POST, f"post-{key}"),
        message="",
        day=day,
        at=some.NOON + hours * HOUR,
        counted=False,
    )


def tally(number: int, lane: Lane = HERE, *, hours: int = 0, day: date = TODAY) -> Tally:
    return Tally(lane=lane, day=day, number=number, due=some.NOON + hours * HOUR)


def test_a_lane_is_a_rooms_or_a_persons() -> None:
    assert reader_of(HERE) is None
    assert reader_of(HERS) == PersonId("ann")


async def test_what_arrived_is_known_counted_and_replaced(units: AnyUnits) -> None:
    first, second, other = arrival("1"), arrival("2", hours=1), arrival("1", HERS)
    async with units.write() as unit:
        await unit.tallies.alone()
        assert await unit.tallies.known(HERE, "1") is None
        for one in (second, first, other):
            await unit.tallies.arrive(one)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.tallies.known(HERE, "1") == first
        assert await unit.tallies.known(HERS, "1") == other
        assert await unit.tallies.arrived(HERE, TODAY) == (first, second)
        assert await unit.tallies.arrived(HERE, TODAY + timedelta(days=1)) == ()
        assert await unit.tallies.since(HERE, some.NOON - HOUR) == (2, 2)
        assert await unit.tallies.since(HERE, some.NOON) == (1, 1)
        assert await unit.tallies.since(HERE, some.NOON + HOUR) == (0, 0)
        await unit.tallies.arrive(replace(first, counted=True))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.tallies.known(HERE, "1") == replace(first, counted=True)
        assert await unit.tallies.since(HERE, some.NOON - HOUR) == (2, 1)


async def test_tallies_of_a_lane_stand_in_the_order_in_which_they_are_due(units: AnyUnits) -> None:
    late, early, tomorrow = tally(1, hours=2), tally(2, hours=1), TODAY + timedelta(days=1)
    other, next_day = tally(1, HERS), tally(1, hours=24, day=tomorrow)
    async with units.write() as unit:
        for one in (late, early, other, next_day):
            await unit.tallies.plan(one)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.tallies.get(late.id) == late
        assert await unit.tallies.get("another") is None
        assert await unit.tallies.of(HERE) == (early, late, next_day)
        assert await unit.tallies.of(HERE, TODAY) == (early, late)
        await unit.tallies.plan(replace(late, due=some.NOON))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.tallies.of(HERE, TODAY) == (replace(late, due=some.NOON), early)


async def test_a_posts_tallies_are_those_of_the_days_on_which_it_arrived(units: AnyUnits) -> None:
    tomorrow = TODAY + timedelta(days=1)
    here, hers, next_day = tally(1), tally(1, HERS), tally(1, day=tomorrow)
    async with units.write() as unit:
        await unit.tallies.arrive(arrival("1"))
        await unit.tallies.arrive(arrival("1", HERS))
        await unit.tallies.arrive(arrival("2"))
        for one in (here, hers, next_day):
            await unit.tallies.plan(one)
        await unit.commit()
    async with units.read() as unit:
        assert set(await unit.tallies.about(PostId("post-1"))) == {here.id, hers.id}
        assert await unit.tallies.about(PostId("post-2")) == (here.id,)
        assert await unit.tallies.about(PostId("post-3")) == ()


async def test_what_is_long_over_is_forgotten(units: AnyUnits) -> None:
    async with units.write() as unit:
        for hours in range(3):
            await unit.tallies.arrive(arrival(str(hours), hours=hours))
        await unit.tallies.plan(tally(1))
        await unit.tallies.plan(tally(2, hours=2))
        await unit.commit()
    async with units.write() as unit:
        assert await unit.tallies.clear(some.NOON + 2 * HOUR) == 2
        await unit.commit()
    async with units.read() as unit:
        assert [it.key for it in await unit.tallies.arrived(HERE, TODAY)] == ["2"]
        assert await unit.tallies.of(HERE) == (tally(2, hours=2),)
