"""A pupil's name, put wherever words are kept, is found nowhere in the clear."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import CorruptStore, PersonId, SchoolgateError
from moderation.people.model import AccountRole, Grant
from storage import mapping
from storage.crypto import Keys
from storage.tables import metadata
from storage.unit_of_work import Units
from tests.databases import COMMANDS, plain_roster
from tests.fakes import samples as some
from tests.storage.everything import BATCH, POST, write_everywhere


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database
    from storage.unit_of_work import Unit


NAMES = tuple(some.CANARY.split())


def exposed(found: bytes) -> list[str]:
    return [
        name
        for name in NAMES
        for form in (name, name.lower(), name.upper())
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        if form.encode(encoding) in found
    ]


async def test_no_table_and_no_file_has_the_name(database: Database, sql_units: Units) -> None:
    await write_everywhere(sql_units)
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(sa.select(table))).all()
            for row in rows:
                parts = [part if isinstance(part, bytes) else str(part).encode() for part in row]
                assert not exposed(b"\n".join(parts)), table.name
    if database.path is not None:
        files = list(database.path.parent.glob(f"{database.path.name}*"))
        assert len(files) == 3  # the file, its write-ahead log, its index
        for path in files:
            assert not exposed(path.read_bytes()), path.name


async def test_the_name_is_really_there_to_be_found(sql_units: Units) -> None:
    """Read back with the key, every place has it: else the search above would prove nothing."""
    await write_everywhere(sql_units)
    async with sql_units.read() as unit:
        post = await unit.posts.get("p1")
        assert post is not None
        batch = await unit.batches.get(BATCH)
        assert batch is not None
        places: list[object] = [
            await unit.people.get(some.ANN),
            [
                (pupil.number, pupil.name.legal_forename)
                for pupil in await unit.rolls.pupils(some.OAK)
            ],
            await unit.rolls.consents_at(some.OAK),
            await unit.inspections.get(frozenset({some.PICTURE})),
            post[0].content,
            post[0].vetoes,
            post[0].disputes,
            post[0].allowances,
            post[0].questions,
            post[0].postings,
            post[0].findings,
            post[0].removal_asked,
            await unit.audit.history(POST),
            mapping.to_json(batch[0].content),
            await unit.listings.get("l1"),
            await unit.sandbox.all(),
        ]
    for place in places:
        assert exposed(repr(place).encode()), place


async def twice_the_same_number(unit: Unit) -> None:
    twins = (replace(some.pupil(number), number=some.CANARY) for number in (1, 2))
    await unit.rolls.save_pupils(some.OAK, tuple(twins))


async def a_grant_to_nobody(unit: Unit) -> None:
    nobody = PersonId(some.CANARY)
    grant = Grant(account=some.PAGE, person=nobody, role=AccountRole.POSTER)
    await unit.people.save_grants(frozenset({some.PAGE}), (grant,))


async def a_post_by_nobody(unit: Unit) -> None:
    nobody = PersonId(some.CANARY)
    await unit.posts.put("p1", some.post(first=some.revision("p1", authors=(nobody,))), 0)


async def a_post_stored_twice(unit: Unit) -> None:
    await unit.people.save(some.STAFF)
    for _ in range(2):
        await unit.posts.put("p1", some.post(), 0)


@pytest.mark.parametrize(
    "fail",
    [
        twice_the_same_number,
        a_grant_to_nobody,
        a_post_by_nobody,
        a_post_stored_twice,
    ],
)
async def test_no_exception_has_the_name(
    sql_units: Units,
    fail: Callable[[Unit], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SchoolgateError) as fault:
        async with sql_units.write() as unit:
            await fail(unit)
    error: BaseException | None = fault.value
    while error is not None:  # whatever rides along, shown or not
        assert not exposed("".join(traceback.format_exception_only(error)).encode())
        assert not exposed(repr(vars(error)).encode())
        error = error.__cause__ or error.__context__
    assert not exposed(caplog.text.encode())


async def test_another_key_reads_nothing_and_tells_nothing(
    database: Database, sql_units: Units
) -> None:
    await write_everywhere(sql_units)
    strangers = Units(
        database,
        Keys.new(),
        packs={},
        commands=COMMANDS,
        now=lambda: some.NOON,
        roster=plain_roster,
    )
    async with strangers.read() as unit:
        for read in (
            unit.posts.get("p1"),
            unit.people.get(some.ANN),
            unit.rolls.pupils(some.OAK),
            unit.rolls.roster(some.OAK),
            unit.rolls.consents_at(some.OAK),
            unit.inspections.get(frozenset({some.PICTURE})),
            unit.audit.history(POST),
            unit.batches.get(BATCH),
            unit.listings.get("l1"),
            unit.sandbox.all(),
        ):
            with pytest.raises(CorruptStore) as fault:
                await read
            assert not exposed(repr(fault.value).encode())


def test_what_cannot_be_read_back_is_not_quoted() -> None:
    for text in (
        f'{{"v": 9, "is": "{some.CANARY}"}}',
        some.CANARY,
        f'{{"v": 1, "is": "{NAMES[0]}"}}',
    ):
        with pytest.raises(CorruptStore) as fault:
            mapping.from_json(text, type(some.pupil(1)))
        assert fault.value.__cause__ is None
        assert fault.value.__context__ is None
