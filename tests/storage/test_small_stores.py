from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.policies.loader import load_pack
from moderation.posts.model import State
from storage.session import MOST_KNOWN, Session
from storage.unit_of_work import Units
from tests.databases import COMMANDS, KEYS, plain_roster
from tests.fakes import samples as some


if TYPE_CHECKING:
    from storage.database import Database


POST = SubjectRef("post", "p1")


async def test_a_picture_has_one_token_until_its_post_is_final(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", some.post(), 0)
        token = await unit.media.token(POST, some.PICTURE, some.NOON)
        assert await unit.media.token(POST, some.PICTURE, some.later(1)) == token
        other = await unit.media.token(POST, some.inspection().clean, some.NOON)
        await unit.commit()
    assert len(token) == 32
    assert token != other
    async with sql_units.read() as unit:
        assert await unit.media.find(token) == (POST, some.PICTURE)
        assert await unit.media.find("0" * 32) is None
        assert await unit.media.find("") is None
    async with sql_units.write() as unit:
        await unit.posts.put("p1", replace(some.post(), state=State.PUBLISHED), 1)
        assert await unit.media.find(token) is None


async def test_a_listing_is_kept_for_a_while(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.listings.save("l1", "channels", "stale", some.NOON)
        await unit.listings.save("l1", "channels", "uncovered", some.later(1))
        await unit.listings.save("l2", "channels", "", some.later(9))
        assert await unit.listings.get("l1") == ("channels", "uncovered")
        assert await unit.listings.clear(some.later(9)) == 1
        assert await unit.listings.get("l1") is None
        assert await unit.listings.get("l2") == ("channels", "")


async def test_the_journal_keeps_the_order_of_what_was_said(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        journal = unit.sandbox
        assert await journal.append("m1", "C1", '{"a": 1}')
        assert await journal.append("m2", "D-ann", '{"b": 2}')
        assert not await journal.append("m1", "C1", '{"a": 9}')
        assert await journal.replace("m1", '{"a": 3}')
        assert not await journal.replace("m9", "{}")
        await unit.commit()
    async with sql_units.read() as unit:
        said = [(line.id, line.conversation, line.payload) for line in await unit.sandbox.all()]
    assert said == [("m1", "C1", '{"a": 3}'), ("m2", "D-ann", '{"b": 2}')]


async def test_a_pack_outlives_its_file(database: Database) -> None:
    source = (files("moderation.policies") / "packs" / "step.toml").read_text(encoding="utf-8")
    pack = load_pack(source, name="step.toml")
    used = Units(
        database,
        KEYS,
        packs={some.OAK: pack},
        commands=COMMANDS,
        now=lambda: some.NOON,
        roster=plain_roster,
    )
    await used.store_packs()
    await used.store_packs()
    async with used.read() as unit:
        assert await unit.packs.current(some.OAK) is pack
    later = Units(
        database, KEYS, packs={}, commands=COMMANDS, now=lambda: some.NOON, roster=plain_roster
    )
    async with later.read() as unit:
        again = await unit.packs.pinned(pack.digest)
    assert again.source == source
    assert again.digest == pack.digest


# -- what is read in a snapshot ------------------------------------------------------------------


async def test_a_snapshot_is_asked_once_and_a_writer_sees_what_it_wrote(sql_units: Units) -> None:
    before, after = some.STAFF[0], replace(some.STAFF[0], name="Another Name")
    async with sql_units.write() as unit:
        await unit.people.save((before,))
        await unit.commit()
    async with sql_units.read() as unit:
        first = await unit.people.get(before.id)
        async with sql_units.write() as other:
            assert await other.people.get(before.id) == before
            await other.people.save((after,))
            assert await other.people.get(before.id) == after
            await other.commit()
        assert first == before
        assert await unit.people.get(before.id) is first
    async with sql_units.read() as unit:
        assert await unit.people.get(before.id) == after


async def test_a_walk_over_everything_holds_little_of_it(database: Database) -> None:
    async with database.reading() as connection:
        session = Session(connection, KEYS, writes=False)
        asked: list[int] = []

        async def read(number: int) -> int:
            asked.append(number)
            return number

        for number in (*range(MOST_KNOWN + 1), MOST_KNOWN, 0):
            assert await session.once(number, partial(read, number)) == number
        assert asked == [*range(MOST_KNOWN + 1), 0]
