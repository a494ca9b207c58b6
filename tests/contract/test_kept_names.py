"""What a store of kept names promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import NotAPupil
from moderation.keeping.model import KeptName, NameId, State
from moderation.kernel import Conflict
from storage.faults import RuleBroken
from tests.fakes import samples as some
from tests.proves import proves


if TYPE_CHECKING:
    from tests.databases import AnyUnits

NAME = KeptName(
    id=NameId("n1"),
    school=some.OAK,
    name="Jo Thistlewick",
    kind=NotAPupil.VISITOR,
    asked_by=some.ANN,
    asked_at=some.NOON,
)
KEPT = replace(
    NAME,
    state=State.KEPT,
    agreed_by=some.BOB,
    agreed_at=some.NOON,
    until=some.NOON + timedelta(days=2),
)


async def stored(units: AnyUnits, state: KeptName, expected: int = 0) -> None:
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.kept_names.put(state.id, state, expected)
        await unit.commit()


async def test_a_name_comes_back_and_counts_once_it_is_kept(units: AnyUnits) -> None:
    day = some.NOON.date()
    elsewhere = replace(NAME, id=NameId("n2"), school=some.ELM)
    later = replace(NAME, id=NameId("n0"), asked_at=some.NOON + timedelta(hours=1))
    for one in (NAME, elsewhere, later):
        await stored(units, one)
    async with units.read() as unit:
        assert await unit.kept_names.get("n1") == (NAME, 1)
        assert await unit.kept_names.get("n9") is None
        assert await unit.kept_names.standing(some.OAK) == (NAME, later)
        assert await unit.kept_names.agreed(some.OAK, day) == ()
    await stored(units, KEPT, 1)
    async with units.read() as unit:
        assert await unit.kept_names.get("n1") == (KEPT, 2)
        agreed = unit.kept_names.agreed
        assert await agreed(some.OAK, day) == ((NAME.name, NotAPupil.VISITOR),)
        assert await agreed(some.OAK, day + timedelta(days=2)) == await agreed(some.OAK, day)
        assert await agreed(some.OAK, day + timedelta(days=3)) == ()
        assert await agreed(some.ELM, day) == ()
    await stored(units, replace(KEPT, state=State.DROPPED, over_by=some.ANN), 2)
    async with units.read() as unit:
        assert await unit.kept_names.standing(some.OAK) == (later,)
        assert await unit.kept_names.agreed(some.OAK, day) == ()


async def test_whoever_was_second_hears_of_it(units: AnyUnits) -> None:
    await stored(units, NAME)
    for known in (0, 2):
        with pytest.raises((Conflict, RuleBroken)):
            await stored(units, KEPT, known)


@proves("STEP-NAME-1")
@pytest.mark.parametrize(
    ("before", "written"),
    [
        (None, KEPT),
        (NAME, replace(KEPT, agreed_by=some.ANN)),
        (NAME, replace(KEPT, agreed_by=None)),
        (KEPT, replace(KEPT, agreed_by=some.CY)),
        (KEPT, replace(KEPT, state=State.WAITING, agreed_by=None)),
        (NAME, replace(KEPT, asked_by=some.CY)),
        (NAME, replace(NAME, state=State.DECLINED, agreed_by=some.BOB)),
        (replace(NAME, state=State.DECLINED), KEPT),
    ],
    ids=[
        "never asked for",
        "by one person",
        "by nobody else",
        "agreed by another afterwards",
        "a yes taken out",
        "asked by another afterwards",
        "agreed and declined",
        "agreed after a no",
    ],
)
async def test_the_store_itself_keeps_no_name_that_two_did_not_agree(
    units: AnyUnits, before: KeptName | None, written: KeptName
) -> None:
    if before is not None:
        await stored(units, NAME)
        if before != NAME:
            await stored(units, before, 1)
    expected = 0 if before is None else 1 if before == NAME else 2
    with pytest.raises(RuleBroken, match=r"name_asked_for|name_kept_by_two"):
        await stored(units, written, expected)


async def test_an_id_is_its_own(units: AnyUnits) -> None:
    with pytest.raises(RuleBroken):
        async with units.write() as unit:
            await unit.kept_names.put("n9", NAME, 0)
