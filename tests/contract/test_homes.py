"""What a store of homes promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.homes.model import Home
from moderation.kernel import Conflict, Platform
from moderation.ports import Conversation
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits

SLACK, TEAMS = Conversation(Platform.SLACK, "C1"), Conversation(Platform.TEAMS, "19:one")
ELSEWHERE = Conversation(Platform.SLACK, "C2")


async def test_cards_have_one_place_on_each_platform(units: AnyUnits) -> None:
    async with units.write() as unit:
        assert await unit.homes.get(some.PAGE) is None
        assert await unit.homes.conversations(some.PAGE) == ()
        await unit.homes.use(some.PAGE, SLACK)
        await unit.homes.use(some.PAGE, TEAMS)
        await unit.homes.use(some.PAGE, ELSEWHERE)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.homes.conversations(some.PAGE) == (ELSEWHERE, TEAMS)
        assert await unit.homes.conversations(some.OAK) == ()
        home = Home(place=some.PAGE, conversations=(ELSEWHERE, TEAMS))
        assert await unit.homes.on(Platform.SLACK) == (home,)
        assert await unit.homes.on(Platform.SANDBOX) == ()
        assert await unit.homes.get(some.PAGE) == (home, 3)


async def test_whoever_was_second_hears_of_it(units: AnyUnits) -> None:
    home = Home(place=some.PAGE, conversations=(SLACK,))
    async with units.write() as unit:
        await unit.homes.put(some.PAGE, home, 0)
        await unit.commit()
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.homes.put(some.PAGE, home.moved(TEAMS), 0)
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.homes.put(some.PAGE, home.moved(TEAMS), 2)
