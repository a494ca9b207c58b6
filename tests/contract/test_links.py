"""What a store of links promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import Conflict, Identity, Platform
from moderation.links.model import Link, LinkId, State, digest, link_of
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits

HERE, THERE = Identity(Platform.SLACK, "U1"), Identity(Platform.TEAMS, "U1")


def link(identity: Identity = HERE) -> Link:
    return Link(
        id=link_of(identity),
        identity=identity,
        person=some.ANN,
        address=digest("ann@school.example"),
        number=1,
        asked_at=some.NOON,
        confirmed_by=(some.BOB,),
        called="Ann \N{PARTY POPPER} (Year 4)",
    )


async def test_a_link_comes_back_and_is_told_when_it_is_made(units: AnyUnits) -> None:
    first, second = link(), replace(link(THERE), called="")
    linked = replace(first, state=State.LINKED)
    async with units.write() as unit:
        assert await unit.links.get(first.id) is None
        await unit.links.put(first.id, first, 0)
        await unit.links.put(second.id, second, 0)
        assert await unit.links.confirmed() == frozenset()
        await unit.commit()
    async with units.write() as unit:
        assert await unit.links.get(first.id) == (first, 1)
        await unit.links.put(first.id, linked, 1)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.links.get(first.id) == (linked, 2)
        assert await unit.links.get(second.id) == (second, 1)
        assert await unit.links.confirmed() == {HERE}


async def test_whoever_was_second_hears_of_it(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.links.put(link().id, link(), 0)
        await unit.commit()
    for known in (0, 2):
        async with units.write() as unit:
            with pytest.raises(Conflict):
                await unit.links.put(link().id, link(), known)


async def test_a_link_stands_under_its_chat_account_alone(units: AnyUnits) -> None:
    async with units.write() as unit:
        for wrong in (link_of(THERE), LinkId("anything")):
            with pytest.raises(RuleBroken):
                await unit.links.put(wrong, link(), 0)
