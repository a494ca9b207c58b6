"""What a store of pauses promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.holds.model import Hold
from moderation.kernel import Conflict
from moderation.posts.model import Pause
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


async def test_a_hold_comes_back_and_says_what_is_in_force(units: AnyUnits) -> None:
    hold = Hold(school=some.OAK, number=1, by=some.ANN, reason="Flood.", at=some.later(5))
    trust = replace(hold, school=some.TRUST, by=some.BOB, at=some.later(1))
    both = (some.OAK, some.TRUST)
    async with units.write() as unit:
        assert await unit.holds.get(some.OAK) is None
        assert await unit.holds.over(both) is None
        await unit.holds.put(some.OAK, hold, 0)
        await unit.commit()
    oak = Pause(place=some.OAK, by=some.ANN, since=some.later(5))
    async with units.write() as unit:
        assert await unit.holds.get(some.OAK) == (hold, 1)
        assert await unit.holds.over(both) == oak
        assert await unit.holds.over((some.TRUST,)) is None
        await unit.holds.put(some.TRUST, trust, 0)
        await unit.commit()
    started = replace(hold, started_by=some.BOB, started_at=some.later(9))
    async with units.write() as unit:
        # The oldest speaks for all.
        assert await unit.holds.over(both) == Pause(
            place=some.TRUST, by=some.BOB, since=some.later(1)
        )
        assert await unit.holds.over((some.OAK,)) == oak
        await unit.holds.put(some.OAK, started, 1)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.holds.get(some.OAK) == (started, 2)
        assert await unit.holds.over((some.OAK,)) is None
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.holds.put(some.OAK, hold, 1)
