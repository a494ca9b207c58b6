"""What a store of imports promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.imports.model import (
    Batch,
    BatchId,
    Change,
    Confirmation,
    Counts,
    Gain,
    Kind,
    People,
    Pupils,
    Roll,
    State as BatchState,
)
from moderation.kernel import Conflict, Platform
from moderation.people.model import Role
from tests.fakes import samples as some


if TYPE_CHECKING:
    from moderation.imports.model import Content
    from moderation.imports.ports import ImportsUnit
    from storage.unit_of_work import Unit
    from tests.databases import AnyUnits
    from tests.fakes.units import FakeUnit


def as_imports_ask(unit: Unit | FakeUnit) -> ImportsUnit:
    """The same for the room of imports."""
    return unit


def batch(name: str, minutes: int, content: Content, **more: BatchState) -> Batch:
    return Batch(
        id=BatchId(name),
        kind=Kind.PUPILS if isinstance(content, Pupils) else Kind.PEOPLE,
        received_at=some.later(minutes),
        state=more.get("state", BatchState.WAITING),
        content=content,
        touches=frozenset({"ann"}),
        counts=Counts(added=3),
        changes=(Change(gain=Gain.HEAD, place=some.OAK, person=some.ANN, role=Role.HEADTEACHER),),
        confirmations=(
            Confirmation(person=some.BOB, places=frozenset({some.OAK}), in_chat=True, at=some.NOON),
        ),
    )


async def test_an_import_keeps_its_records_while_it_waits(units: AnyUnits) -> None:
    people = batch("b1", 1, People(people=some.STAFF, only=some.OAK))
    roll = Roll(school=some.OAK, pupils=(some.pupil(1),), unread=frozenset({"N9"}), whole=False)
    pupils = batch("b2", 2, Pupils(rolls=(roll,)))
    async with units.write() as unit:
        for new in (people, pupils):
            await unit.batches.put(new.id, new, 0)
            assert await unit.batches.get(new.id) == (new, 1)
        assert await unit.batches.get("b9") is None
        applied = replace(pupils, state=BatchState.APPLIED, decided_at=some.later(9))
        await unit.batches.put("b2", applied, 1)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.batches.get("b1") == (people, 1)
        assert await unit.batches.get("b2") == (replace(applied, content=None), 2)
        with pytest.raises(Conflict):
            await unit.batches.put("b2", applied, 1)


async def test_a_file_of_people_keeps_what_it_speaks_of(units: AnyUnits) -> None:
    content = People(
        people=(replace(some.STAFF[0], may_be_named=False, may_be_shown=False), *some.STAFF[1:]),
        speaks_of=frozenset({Platform.SLACK}),
        answered=frozenset({some.ANN}),
        answered_shown=frozenset({some.ANN}),
    )
    async with units.write() as unit:
        await unit.batches.put("b1", (waits := batch("b1", 1, content)), 0)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.batches.get("b1") == (waits, 1)


async def test_imports_are_found_in_the_order_in_which_they_came(units: AnyUnits) -> None:
    content = People(people=())
    one, two, three = (batch(f"b{n}", n // 2, content) for n in (2, 3, 4))
    done = batch("b5", 9, content, state=BatchState.DECLINED)
    other = batch("b6", 9, Pupils(rolls=()))
    async with units.write() as unit:
        for new in (done, three, other, two, one):
            await unit.batches.put(new.id, new, 0)
        await unit.commit()
    async with units.read() as unit:
        waiting = await unit.batches.waiting(Kind.PEOPLE)
        assert waiting == tuple(replace(it, content=None) for it in (one, two, three))
        newer = await unit.batches.newer(one)
        assert newer == tuple(replace(it, content=None) for it in (two, three, done))
