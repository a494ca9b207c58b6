"""What a store of inspected pictures promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.kernel import PostId
from moderation.ports import Look, Unusable
from moderation.posts.ports import Former
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


async def test_inspections_are_kept_by_digest(units: AnyUnits) -> None:
    seen = some.inspection()
    async with units.write() as unit:
        await unit.inspections.add(seen)
        await unit.inspections.add(replace(seen, version=2))
        await unit.commit()
    async with units.read() as unit:
        found = await unit.inspections.get(frozenset({seen.blob, seen.clean}))
        assert found == {seen.blob: replace(seen, version=2)}


async def test_what_is_seen_in_the_pixels_is_kept_beside_it(units: AnyUnits) -> None:
    seen = replace(some.inspection(), look=Look(likeness="0" * 32, mirrored="f" * 32))
    plain = replace(some.inspection(), blob=seen.clean)
    async with units.write() as unit:
        await unit.inspections.add(seen)
        await unit.inspections.add(plain)
        await unit.commit()
    async with units.read() as unit:
        found = await unit.inspections.get(frozenset({seen.blob, seen.clean}))
    assert found == {seen.blob: seen, plain.blob: plain}


async def test_what_came_down_is_known_again(units: AnyUnits) -> None:
    former = Former(likeness="0" * 32, post=PostId("p1"), revision="r1")
    other = replace(former, revision="r2")
    async with units.write() as unit:
        await unit.inspections.take_down(())
        await unit.inspections.take_down({former})
        await unit.inspections.take_down({former, other})
        await unit.commit()
    async with units.read() as unit:
        assert set(await unit.inspections.taken_down()) == {former, other}


async def test_a_picture_waits_until_it_is_looked_at(units: AnyUnits) -> None:
    first, second = some.PICTURE, some.inspection().clean
    both = frozenset({first, second})
    async with units.write() as unit:
        for blob in (first, second, first):
            await unit.inspections.arrive(blob)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.inspections.waiting() == (first, second)
        assert await unit.inspections.known(both) == both
        assert await unit.inspections.get(both) == {}
        await unit.inspections.add(some.inspection())
        await unit.inspections.spoil(second, Unusable.DAMAGED)
        await unit.inspections.arrive(first)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.inspections.waiting() == ()
        assert await unit.inspections.known(both) == {first}
        assert set(await unit.inspections.get(both)) == {first}
        await unit.inspections.arrive(second)
        assert await unit.inspections.waiting() == (second,)
