"""What a store of pupils and their consents promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from moderation.checks.model import Purpose, Status
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import PupilName
    from tests.databases import AnyUnits


def names(roster: object) -> list[str]:
    """The test's rosters are the plain tuple of names they were built from."""
    return [name.pupil for name in cast("Iterable[PupilName]", roster)]


async def test_a_roll_comes_back_and_makes_a_roster(units: AnyUnits) -> None:
    here, there = some.pupil(1), some.pupil(2, some.ELM)
    leaver = some.pupil(3, left_on=date(2026, 7, 20))
    gone = some.pupil(4, left_on=date(2025, 12, 31))
    async with units.read() as unit:
        assert await unit.rolls.roster(some.OAK) is None
        assert await unit.rolls.others(some.OAK) is None
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (leaver, gone, here))
        await unit.rolls.save_pupils(some.ELM, (there,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.rolls.pupils(some.OAK) == (here, leaver, gone)
        assert names(await unit.rolls.roster(some.OAK)) == [here.key, leaver.key]
        assert names(await unit.rolls.others(some.OAK)) == [there.key]
        assert await unit.rolls.roster(some.TRUST) is None
        assert sorted(names(await unit.rolls.others(some.TRUST))) == sorted(
            [here.key, leaver.key, there.key]
        )


async def test_an_empty_list_is_no_missing_list(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, ())
        await unit.commit()
    async with units.read() as unit:
        assert names(await unit.rolls.roster(some.OAK)) == []


async def test_the_roster_follows_the_roll(units: AnyUnits) -> None:
    for number in (1, 2):
        async with units.write() as unit:
            await unit.rolls.save_pupils(some.OAK, (some.pupil(number),))
            await unit.commit()
        async with units.read() as unit:
            assert len(names(await unit.rolls.roster(some.OAK))) == number


async def test_an_undone_roll_leaves_no_roster(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(1),))
        assert len(names(await unit.rolls.roster(some.OAK))) == 1
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(2), some.pupil(3)))
        await unit.commit()
    async with units.read() as unit:
        assert len(names(await unit.rolls.roster(some.OAK))) == 2


async def test_a_number_is_one_pupil_of_a_school(units: AnyUnits) -> None:
    twin = replace(some.pupil(2), number="N1")
    async with units.write() as unit:
        with pytest.raises(RuleBroken):
            await unit.rolls.save_pupils(some.OAK, (some.pupil(1), twin))
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (some.pupil(1),))
        await unit.rolls.save_pupils(some.OAK, (replace(some.pupil(1), number="N7"),))
        await unit.rolls.save_pupils(some.ELM, (some.pupil(1, some.ELM),))
        await unit.commit()


async def test_consents_are_replaced_pupil_by_pupil(units: AnyUnits) -> None:
    one, two = some.pupil(1), some.pupil(2)
    photo, name = some.consent(one), some.consent(one, Status.REFUSED, Purpose.NAME)
    other = some.consent(two)
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (one, two))
        await unit.rolls.save_consents(some.OAK, (photo, other))
        await unit.rolls.save_consents(some.OAK, (name, photo))
        await unit.commit()
    async with units.read() as unit:
        found = await unit.rolls.consents(frozenset({one.key, some.pupil(9).key}))
        assert found == {one.key: (name, photo)}
        assert await unit.rolls.consents_at(some.OAK) == (name, photo, other)
        assert await unit.rolls.consents_at(some.ELM) == ()
        assert await unit.rolls.consents(frozenset()) == {}


async def test_a_pupil_of_whom_nothing_is_said_has_no_consent_left(units: AnyUnits) -> None:
    one, two, three = some.pupil(1), some.pupil(2), some.pupil(3)
    async with units.write() as unit:
        await unit.rolls.save_pupils(some.OAK, (one, two, three))
        await unit.rolls.save_consents(some.OAK, tuple(map(some.consent, (one, two, three))))
        refused = some.consent(two, Status.REFUSED)
        spoken_of = frozenset({one.key, two.key})
        await unit.rolls.save_consents(some.OAK, (refused,), of=spoken_of)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.rolls.consents_at(some.OAK) == (refused, some.consent(three))
