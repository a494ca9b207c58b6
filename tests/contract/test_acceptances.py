"""What a store of acceptances promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.acceptances.model import Acceptance
from moderation.kernel import Conflict
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


ONE = Acceptance(person=some.ANN, policy="step", version="1", at=some.NOON, where="slack")


async def test_an_acceptance_is_kept_once_and_each_edition_apart(units: AnyUnits) -> None:
    newer = replace(ONE, version="2", at=some.later(5))
    others = replace(ONE, person=some.BOB, where="sandbox")
    async with units.write() as unit:
        for each in (newer, others, ONE):
            await unit.acceptances.add(each)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.acceptances.all() == (ONE, newer, others)
        assert await unit.acceptances.get(some.ANN, "step", "2") == newer
        assert await unit.acceptances.get(some.BOB, "step", "2") is None
        assert await unit.acceptances.get(some.ANN, "other", "1") is None
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.acceptances.add(replace(ONE, at=some.later(9)))
