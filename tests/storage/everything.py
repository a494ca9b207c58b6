"""A store with something in every sealed column, and everywhere the name of one invented pupil."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.imports.model import Batch, BatchId, Kind, Pupils, Roll, State as BatchState
from moderation.kernel import Asked, SubjectRef, Timer
from moderation.posts.events import Stopped
from moderation.posts.model import Allowance, Dispute, Posted, Posting, Question
from storage.columns import UtcDateTime
from storage.sealing import Sealing, columns
from storage.session import Session
from tests.fakes import samples as some


if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.people.model import Person
    from storage.crypto import Keys
    from storage.database import Database
    from storage.unit_of_work import Units


POST = SubjectRef("post", "p1")
BATCH = BatchId("b1")
CHOSEN = {"state": "waiting", "standing": "open", "agreed_by": None}
"""For columns that take certain words only, or may not be filled at first."""
WORDS = f"Is this {some.CANARY}?"


async def write_everywhere(units: Units) -> None:
    """Write through every repository that seals."""
    person, key = some.CY, some.finding().key
    post = replace(
        some.post(),
        findings=(replace(some.finding(), reason=WORDS),),
        disputes=(Dispute(finding=key, person=person, reason=WORDS, at=some.NOON),),
        allowances=(Allowance(finding=key, person=person, reason=WORDS, at=some.NOON),),
        questions=(Question(person=person, words=WORDS, at=some.NOON),),
        postings=(
            Posting(account=some.PAGE, said=Posted.YES, person=person, at=some.NOON, words=WORDS),
        ),
        removal_asked=Question(person=person, words=WORDS, at=some.NOON),
    )
    asked = Asked(by=Timer(), key=f"search {some.CANARY}", at=some.NOON)
    event = Stopped(by=some.CY, reason=WORDS, at=some.NOON)
    async with units.write() as unit:
        await unit.people.save((replace(some.STAFF[0], name=some.CANARY), *some.STAFF[1:]))
        await unit.rolls.save_pupils(
            some.OAK, (replace(some.pupil(1), number=some.CANARY), some.pupil(2))
        )
        await unit.rolls.save_consents(
            some.OAK, (replace(some.consent(some.pupil(1)), informed_by=some.CANARY),)
        )
        await unit.inspections.add(some.inspection())
        await unit.posts.put("p1", post, 0)
        await unit.record(asked, POST, 1, (event,), ())
        await unit.batches.put(BATCH, waiting_batch(), 0)
        await unit.listings.save("l1", "pupils", some.CANARY, some.NOON)
        await unit.sandbox.append("m1", "C1", WORDS)
        await unit.sandbox.replace("m1", f"{WORDS}!")
        await unit.media.token(POST, some.PICTURE, some.NOON)
        await unit.commit()


async def fill_the_rest(database: Database, keys: Keys) -> None:
    """One row, straight into the table, for each sealed column that is still empty.

    So that a table which somebody adds is counted and rotated without a word here.
    """
    async with database.writing() as connection:
        session = Session(connection, keys, writes=True)
        filled = await Sealing(session).counts()
        for table in {column.table for column in columns() if column.name not in filled}:
            row = {column.name: _something(column) for column in table.columns}
            for column in (column for column in columns() if column.table is table):
                where = column.place(str(row[column.row.name]))
                row[column.column.name] = keys.seal(WORDS.encode(), where)
            await session.execute(table.insert(), row)
        await session.commit()


async def hire(units: Units, people: Sequence[Person]) -> None:
    """Save a crowd, some at a time: a statement takes so many parameters and no more."""
    for start in range(0, len(people), 1000):
        async with units.write() as unit:
            await unit.people.save(tuple(people[start : start + 1000]))
            await unit.commit()


def _something(column: sa.Column[Any]) -> object:
    if column.name in CHOSEN:
        return CHOSEN[column.name]
    match column.type:
        case sa.Integer():
            return 1
        case UtcDateTime():
            return some.NOON
        case _:
            return "x"


def waiting_batch() -> Batch:
    return Batch(
        id=BATCH,
        kind=Kind.PUPILS,
        received_at=some.NOON,
        state=BatchState.WAITING,
        content=Pupils(rolls=(Roll(school=some.OAK, pupils=(some.pupil(1),)),)),
    )
