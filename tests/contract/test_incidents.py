"""What a store of reports promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.incidents.model import (
    Concern,
    Incident,
    IncidentId,
    Receiver,
    Rung,
    State,
)
from moderation.kernel import AccountId, Conflict, PersonId
from storage import incident_tables as t
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from moderation.incidents.ports import IncidentsUnit
    from storage.database import Database
    from storage.unit_of_work import Unit, Units
    from tests.databases import AnyUnits
    from tests.fakes.units import FakeUnit


ID = IncidentId("r1")
LEAD, DEPUTY, NAMED = map(PersonId, ("wyatt", "xiao", "yusuf"))


def as_the_room_asks(unit: Unit | FakeUnit) -> IncidentsUnit:
    """Checked by mypy: both stores are what the room's ports say."""
    return unit


def receiver(who: PersonId, step: int = 1) -> Receiver:
    return Receiver(person=who, rung=Rung.LEAD, step=step, at=some.later(10 * step))


def report() -> Incident:
    return Incident(
        id=ID,
        school=some.OAK,
        reporter=some.ANN,
        at=some.NOON,
        concern=Concern(
            words=f"Is {some.CANARY} safe?",
            place=f"https://social.example/{some.CANARY}",
            account=AccountId("oak-page"),
            named=frozenset({NAMED}),
            danger=True,
        ),
        barred=frozenset({some.ANN, NAMED}),
        step=1,
        receivers=(receiver(LEAD),),
    )


async def store(units: AnyUnits, incident: Incident, expected: int = 0) -> None:
    async with units.write() as unit:
        await unit.incidents.put(ID, incident, expected)
        await unit.commit()


async def test_a_report_comes_back_as_it_was_put(units: AnyUnits) -> None:
    await store(units, report())
    async with units.read() as unit:
        assert await as_the_room_asks(unit).incidents.get(ID) == (report(), 1)
        assert await unit.incidents.get("r2") is None


async def test_it_goes_on_and_its_receivers_are_kept(units: AnyUnits) -> None:
    await store(units, report())
    asked = replace(report(), step=2, receivers=(receiver(LEAD), receiver(DEPUTY, 2)))
    await store(units, asked, 1)
    held = replace(
        asked, state=State.ACKNOWLEDGED, holder=DEPUTY, held_at=some.NOON + timedelta(minutes=21)
    )
    await store(units, held, 2)
    async with units.read() as unit:
        assert await unit.incidents.get(ID) == (held, 3)


async def test_whoever_loads_an_old_version_conflicts(units: AnyUnits) -> None:
    await store(units, report())
    for stale in (0, 2):
        with pytest.raises(Conflict):
            await store(units, report(), stale)


@pytest.mark.parametrize("who", [some.ANN, NAMED])
async def test_nobody_who_is_barred_is_ever_a_receiver(units: AnyUnits, who: PersonId) -> None:
    with pytest.raises(RuleBroken, match="incident_asked_not_barred"):
        await store(units, replace(report(), receivers=(receiver(who),)))
    await store(units, report())
    # Taking the bar out of the report doesn't help: it was written down with the report.
    later = replace(report(), barred=frozenset(), receivers=(receiver(LEAD), receiver(who, 2)))
    with pytest.raises(RuleBroken, match="incident_asked_not_barred"):
        await store(units, later, 1)
    async with units.read() as unit:
        assert await unit.incidents.get(ID) == (report(), 1)


async def test_the_newest_are_found_by_when_they_were_sent(units: AnyUnits) -> None:
    await store(units, report())
    async with units.read() as unit:
        assert await unit.incidents.since(some.NOON) == (ID,)
        assert await unit.incidents.since(some.later(1)) == ()


async def test_a_report_stands_under_its_own_id(units: AnyUnits) -> None:
    with pytest.raises(RuleBroken):
        async with units.write() as unit:
            await unit.incidents.put("r2", report(), 0)


ATTACKS = {
    "the bars taken away": "DELETE FROM incident_barred",
    "a bar changed": "UPDATE incident_barred SET person_digest = 'x'",
    "a bar added late": "INSERT INTO incident_barred VALUES ('r1', 'x')",
    "a receiver taken away": "DELETE FROM incident_asked",
    "a receiver changed": "UPDATE incident_asked SET step = 9",
    "a receiver twice": (
        "INSERT INTO incident_asked SELECT incident_id, person_digest, 'head', 2, at "
        "FROM incident_asked"
    ),
    "a barred receiver": (
        "INSERT INTO incident_asked SELECT b.incident_id, b.person_digest, 'head', 2, i.at "
        "FROM incident_barred b JOIN incident i ON i.id = b.incident_id"
    ),
    "a receiver of a report without bars": (
        "INSERT INTO incident_asked SELECT 'r9', 'x', 'head', 1, at FROM incident"
    ),
    "the report taken away": "DELETE FROM incident",
}


async def test_the_database_itself_refuses(database: Database, sql_units: Units) -> None:
    await store(sql_units, report())
    for attack in ATTACKS.values():
        async with database.writing() as connection:
            with pytest.raises(sa.exc.DBAPIError, match=r"incident_|FOREIGN KEY|UNIQUE"):
                await connection.execute(sa.text(attack))
    async with sql_units.read() as unit:
        assert await unit.incidents.get(ID) == (report(), 1)


async def test_neither_words_nor_people_stand_in_the_clear(
    database: Database, sql_units: Units
) -> None:
    await store(sql_units, report())
    async with database.reading() as connection:
        for table in (t.incident, t.incident_barred, t.incident_asked):
            rows = (await connection.execute(sa.select(table))).all()
            assert rows
            told = [str(part) for row in rows for part in row]
            for secret in (*some.CANARY.split(), some.ANN, NAMED, LEAD):
                assert not [part for part in told if secret in part], table.name
