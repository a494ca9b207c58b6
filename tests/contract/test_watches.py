"""What a store of watches promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import Conflict
from moderation.oversight.model import Concern, Flag, Watch
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


async def test_a_watch_comes_back(units: AnyUnits) -> None:
    day = date(2026, 11, 18)
    flag = Flag(account=some.PAGE, concern=Concern.STALE, since=day, days=46)
    watch = Watch(school=some.OAK, looked_on=day, flags=(flag,))
    async with units.write() as unit:
        assert await unit.watches.get(some.OAK) is None
        await unit.watches.put(some.OAK, watch, 0)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.watches.get(some.OAK) == (watch, 1)
        await unit.watches.put(some.OAK, replace(watch, flags=()), 1)
        await unit.commit()
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.watches.put(some.OAK, watch, 1)
