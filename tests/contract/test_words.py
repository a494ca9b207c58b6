"""What a store of schools' own words promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.imports.model import Kind, Sort, Word
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


WEB = Word(kind=Kind.CONSENTS, sort=Sort.CONSENT, word="web", means="photo:all")
NEWER = Word(kind=Kind.CONSENTS, sort=Sort.CONSENT, word="web", means="ignore")
HEADING = Word(kind=Kind.PUPILS, sort=Sort.HEADING, word="web", means="preferred_forename")


async def test_the_newest_meaning_of_a_word_is_remembered_for_its_school(units: AnyUnits) -> None:
    async with units.write() as unit:
        assert await unit.words.of(some.OAK) == ()
        await unit.words.save(some.OAK, (WEB, HEADING), some.ANN, some.NOON)
        await unit.words.save(some.OAK, (NEWER,), None, some.NOON)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.words.of(some.OAK) == (NEWER, HEADING)
        assert await unit.words.of(some.ELM) == ()


async def test_what_was_not_committed_is_not_remembered(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.words.save(some.OAK, (WEB,), None, some.NOON)
    async with units.read() as unit:
        assert await unit.words.of(some.OAK) == ()
