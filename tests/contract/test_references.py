"""What a store of conversation references promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.kernel import Platform
from storage.references import StoredReference
from tests.fakes import samples as some


if TYPE_CHECKING:
    from storage.unit_of_work import Units

HERS = StoredReference(conversation="a:1", person="p1", body='{"at": 1}')
CHANNEL = StoredReference(conversation="19:1", person="", body="{}")


async def test_what_a_platform_told_is_kept_until_it_tells_something_else(
    sql_units: Units,
) -> None:
    gone = replace(HERS, body='{"at": 2}', gone=True)
    async with sql_units.write() as unit:
        assert await unit.references.all(Platform.TEAMS) == ()
        await unit.references.keep(Platform.TEAMS, HERS, some.NOON)
        await unit.references.keep(Platform.TEAMS, CHANNEL, some.NOON)
        await unit.references.keep(Platform.SLACK, gone, some.NOON)
        await unit.commit()
    async with sql_units.write() as unit:
        assert await unit.references.all(Platform.TEAMS) == (CHANNEL, HERS)
        await unit.references.keep(Platform.TEAMS, gone, some.NOON)
        await unit.commit()
    async with sql_units.read() as unit:
        assert await unit.references.all(Platform.TEAMS) == (CHANNEL, gone)
        assert await unit.references.all(Platform.SANDBOX) == ()
