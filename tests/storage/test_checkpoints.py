"""The checkpoints that the database keeps: in order, one for a line, and each can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import Asked, Conflict, CorruptStore, Operator, SubjectRef
from moderation.posts.events import Reminded
from storage.audit.notes import Signer
from storage.database import PRAGMAS, Database
from tests.databases import makes, units_on
from tests.fakes import samples as some


if TYPE_CHECKING:
    from storage.unit_of_work import Units


SIGNER = Signer("hazelmere", [bytes([1]) * 32])
FIRST, SECOND, THIRD = (SIGNER.sign(seq, "5f" * 32, some.NOON) for seq in (3, 7, 12))


async def keep(units: Units) -> None:
    async with units.write() as unit:
        for note in (SECOND, THIRD, FIRST):
            await unit.checkpoints.add(note)
        await unit.commit()


async def test_they_are_found_by_their_line_and_in_order(sql_units: Units) -> None:
    async with sql_units.read() as unit:
        assert (await unit.checkpoints.newest(), await unit.checkpoints.all()) == (None, ())
    await keep(sql_units)
    async with sql_units.read() as unit:
        assert await unit.checkpoints.all() == (FIRST, SECOND, THIRD)
        assert await unit.checkpoints.newest() == THIRD
        assert await unit.checkpoints.get(7) == SECOND
        assert await unit.checkpoints.get(8) is None


async def test_a_line_has_one(sql_units: Units) -> None:
    await keep(sql_units)
    async with sql_units.write() as unit:
        with pytest.raises(Conflict, match=r"^this line has its checkpoint$"):
            await unit.checkpoints.add(SIGNER.sign(7, "60" * 32, some.NOON))


@pytest.mark.parametrize("text", ["something else", "", f"{FIRST}\n{SECOND}"])
async def test_one_that_is_not_as_it_was_written_is_a_fault(
    sql_units: Units, database: Database, text: str
) -> None:
    async with database.writing() as connection:
        insert = "INSERT INTO audit_checkpoint (seq, hash, at, note) VALUES (3, 'x', :at, :note)"
        at = sa.bindparam("at", some.NOON, sa.DateTime(timezone=True))
        await connection.execute(sa.text(insert).bindparams(at, note=text))
        await connection.commit()
    async with sql_units.read() as unit:
        with pytest.raises(CorruptStore, match=r"^a checkpoint in the database can't be read$"):
            await unit.checkpoints.all()


async def test_lines_and_checkpoints_are_in_order_however_the_database_keeps_them(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody asks for an order, this SQLite answers in the other one."""
    monkeypatch.setitem(PRAGMAS, "reverse_unordered_selects", ("ON", 1))
    database = Database(makes(request, "sqlite")())
    await database.open()
    try:
        units = units_on(database)
        await keep(units)
        reminded = Reminded(at=some.NOON)
        async with units.write() as unit:
            asked = Asked(by=Operator(), key="k", at=some.NOON)
            await unit.record(asked, SubjectRef("post", "p1"), 1, (reminded,) * 3, ())
            await unit.commit()
        async with units.read() as unit:
            assert await unit.checkpoints.all() == (FIRST, SECOND, THIRD)
            history = await unit.audit.history(SubjectRef("post", "p1"))
            assert [line.seq for line in history] == [1, 2, 3]
            assert (await unit.audit.verify()).problems == ()
    finally:
        await database.close()
