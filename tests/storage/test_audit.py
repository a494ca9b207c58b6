from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import (
    Asked,
    Conflict,
    Identity,
    Operator,
    Platform,
    PostId,
    SubjectRef,
    Timer,
)
from moderation.posts.events import Proposed, Rejected, Reminded
from moderation.posts.model import Veto
from storage import guards
from storage.audit.chain import Head
from tests.fakes import samples as some


if TYPE_CHECKING:
    from storage.audit.chain import ChainReport
    from storage.database import Database
    from storage.unit_of_work import Units


ONE = SubjectRef("post", "p1")
ANN = Asked(by=Identity(Platform.SLACK, "U-ann"), key="a", at=some.NOON, person=some.ANN)
BOB = Asked(by=Identity(Platform.TEAMS, "T-bob"), key="b", at=some.later(3), person=some.BOB)
VETO = Veto(person=some.BOB, reason=f"{some.CANARY} must not be named", at=some.later(3))


async def happen(units: Units) -> None:
    proposed = Proposed(post=PostId("p1"), school=some.OAK, revision=some.revision("p1"))
    rejected = Rejected(veto=VETO, until=some.later(99))
    clock = Asked(by=Timer(), key="c", at=some.later(4))
    operator = Asked(by=Operator(), key="d", at=some.later(5))
    async with units.write() as unit:
        await unit.record(ANN, ONE, 1, (proposed, Reminded(at=some.NOON)), ())
        await unit.record(BOB, ONE, 2, (rejected,), ())
        await unit.record(clock, SubjectRef("post", "p2"), 1, (Reminded(at=some.NOON),), ())
        await unit.record(operator, ONE, 3, (Reminded(at=some.NOON),), ())
        await unit.commit()


async def verified(units: Units) -> ChainReport:
    async with units.read() as unit:
        return await unit.audit.verify()


async def test_the_audit_says_who_and_when(sql_units: Units) -> None:
    await happen(sql_units)
    async with sql_units.read() as unit:
        lines = await unit.audit.history(ONE)
        elsewhere = await unit.audit.history(SubjectRef("watch", "p1"))
        [clock] = await unit.audit.history(SubjectRef("post", "p2"))
        newest = await unit.audit.newest("post:reminded")
        never = await unit.audit.newest("post:stopped")
    assert [(line.tag, line.person, line.at, line.version, line.actor_kind) for line in lines] == [
        ("post:proposed", some.ANN, some.NOON, 1, "slack"),
        ("post:reminded", some.ANN, some.NOON, 1, "slack"),
        ("post:rejected", some.BOB, some.later(3), 2, "teams"),
        ("post:reminded", None, some.later(5), 3, "operator"),
    ]
    assert [line.actor_id for line in lines] == ["U-ann", "U-ann", "T-bob", ""]
    assert lines[0].payload is not None
    assert lines[0].payload["revision"]["content"]["text"] == f"Well done, {some.CANARY}!"
    assert lines[2].payload is not None
    assert lines[2].payload["veto"]["reason"] == VETO.reason
    assert elsewhere == ()
    assert (clock.person, clock.actor_kind, clock.actor_id) == (None, "timer", "")
    assert newest is not None
    assert (newest.seq, newest.actor_kind) == (5, "operator")
    assert never is None


async def test_an_untouched_chain_verifies(sql_units: Units) -> None:
    empty = await verified(sql_units)
    assert (empty.head, empty.problems) == (Head(0, ""), ())
    await happen(sql_units)
    report = await verified(sql_units)
    assert (report.head.seq, report.problems) == (5, ())
    assert len(report.head.hash) == 64


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit_event SET person_id = 'cy' WHERE seq = 3", "3: it was altered"),
        ("UPDATE audit_event SET tag = 'post:approved' WHERE seq = 1", "1: it was altered"),
        ("UPDATE audit_event SET commitment = 'x' WHERE seq = 1", "1: its payload was altered"),
        ("UPDATE audit_event SET link_salt = NULL WHERE seq = 1", "1: it was altered"),
        ("DELETE FROM audit_payload WHERE seq = 3", "3: what happened is missing"),
        ("DELETE FROM audit_event WHERE seq = 2", "3: a gap before it"),
        ("UPDATE audit_event SET hash = 'x' WHERE seq = 2", "3: it doesn't follow"),
        (
            "UPDATE audit_payload SET body = (SELECT body FROM audit_payload WHERE seq = 1)",
            "2: its payload was altered",
        ),
    ],
)
async def test_tampering_is_found(
    sql_units: Units, database: Database, statement: str, problem: str
) -> None:
    """By somebody who could switch the guards off, and didn't know the whole chain."""
    await happen(sql_units)
    async with database.writing() as connection:
        for guard in guards.GUARDS:
            if guard.table == "audit_event" and guard.event != "INSERT":
                on = "" if database.dialect == "sqlite" else f" ON {guard.table}"
                await connection.execute(sa.text(f"DROP TRIGGER {guard.name}{on}"))
        if database.dialect == "postgresql":
            await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        elif "DELETE" in statement:
            await connection.execute(sa.text("DELETE FROM audit_payload WHERE seq = 2"))
        await connection.execute(sa.text(statement))
        await connection.commit()
    assert any(problem in found for found in (await verified(sql_units)).problems)


async def test_what_happened_may_be_missing_from_a_line(
    sql_units: Units, database: Database
) -> None:
    await happen(sql_units)
    async with database.writing() as connection:
        await connection.execute(sa.text("DELETE FROM audit_payload WHERE seq = 3"))
        await connection.commit()
    async with sql_units.read() as unit:
        lines = await unit.audit.history(ONE)
    assert [line.seq for line in lines if line.payload is None] == [3]
    assert lines[2].person == some.BOB


async def test_a_walk_begins_where_an_earlier_one_ended(sql_units: Units) -> None:
    await happen(sql_units)
    whole = (await verified(sql_units)).head
    async with sql_units.read() as unit:
        lines = [line async for line in unit.audit.lines()]
        rest = await unit.audit.verify(start=Head(2, lines[1].hash))
        other = await unit.audit.verify(start=Head(2, "x"))
    assert (rest.head, rest.problems) == (whole, ())
    assert other.problems == (
        "2: it isn't what it was when it was looked at before",
        "3: it doesn't follow the line before it",
    )


async def test_many_writers_make_one_chain(sql_units: Units) -> None:
    async def write(number: int) -> None:
        async with sql_units.write() as unit:
            asked = replace(ANN, key=f"key-{number}")
            event = Reminded(at=some.NOON)
            await unit.record(asked, SubjectRef("post", f"p{number}"), 1, (event, event), ())
            await unit.commit()

    await asyncio.gather(*(write(number) for number in range(25)))
    report = await verified(sql_units)
    assert (report.head.seq, report.problems) == (50, ())


async def test_whoever_only_reads_waits_for_nobody(sql_units: Units) -> None:
    await happen(sql_units)
    async with sql_units.write() as writing:
        await writing.record(replace(ANN, key="e"), ONE, 4, (Reminded(at=some.NOON),), ())
        async with sql_units.read() as reading:
            assert (await reading.audit.head()).seq == 5
        await writing.commit()


async def test_one_key_has_one_effect_however_often_it_arrives(sql_units: Units) -> None:
    async def write() -> bool:
        async with sql_units.write() as unit:
            if await unit.seen(ANN.key):
                return False
            try:
                await unit.record(ANN, ONE, 1, (Reminded(at=some.NOON),), ())
            except Conflict:
                return False
            await unit.commit()
        return True

    assert sum(await asyncio.gather(*(write() for _ in range(8)))) == 1
    assert (await verified(sql_units)).head.seq == 1


async def test_the_inbox_forgets_old_keys(sql_units: Units) -> None:
    await happen(sql_units)
    async with sql_units.write() as unit:
        assert await unit.forget_keys(some.later(4)) == 2
        assert not await unit.seen(ANN.key)
        assert await unit.seen("c")
