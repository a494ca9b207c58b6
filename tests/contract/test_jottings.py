"""What a store of drafts promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Pictured, Who
from moderation.jottings.model import Jotting, JottingId, Standing
from moderation.kernel import AccountId, BlobId, Conflict, PersonId, Platform, PupilKey
from moderation.ports import Conversation
from moderation.posts.model import Attachment
from storage.faults import RuleBroken
from tests.fakes.trust import NOON


if TYPE_CHECKING:
    from tests.databases import AnyUnits

HERE = Conversation(Platform.SLACK, "D1")
DRAFT = Jotting(
    id=JottingId("j1"),
    person=PersonId("reed"),
    conversation=HERE,
    standing=Standing.OPEN,
    opened_at=NOON,
    touched_at=NOON,
    text="The fair is on Saturday.",
    pictures=(Attachment(blob=BlobId("sha256:1"), alt="A banner", file_name="one.png"),),
    accounts=(AccountId("oakfield-x"),),
    pictured=Pictured(Who.THESE, frozenset({PupilKey("oak-amelia")})),
    stopped="digest",
)
OVER = Jotting(
    id=DRAFT.id,
    person=DRAFT.person,
    conversation=HERE,
    standing=Standing.FORGOTTEN,
    opened_at=NOON,
    touched_at=NOON,
)


async def test_a_draft_comes_back_whole(units: AnyUnits) -> None:
    async with units.write() as unit:
        assert await unit.jottings.get("j1") is None
        await unit.jottings.put("j1", DRAFT, 0)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.jottings.get("j1") == (DRAFT, 1)
        with pytest.raises(Conflict):
            await unit.jottings.put("j1", DRAFT, 0)


async def test_the_newest_open_one_of_this_person_there(units: AnyUnits) -> None:
    later = replace(DRAFT, id=JottingId("j0"), opened_at=NOON + timedelta(minutes=1))
    elsewhere = replace(DRAFT, id=JottingId("j2"), conversation=Conversation(Platform.TEAMS, "D1"))
    others = replace(DRAFT, id=JottingId("j3"), person=PersonId("lund"))
    async with units.write() as unit:
        assert await unit.jottings.newest(DRAFT.person, HERE) is None
        for draft in (DRAFT, later, elsewhere, others):
            await unit.jottings.put(draft.id, draft, 0)
        await unit.commit()
    async with units.write() as unit:
        assert await unit.jottings.newest(DRAFT.person, HERE) == (later, 1)
        await unit.jottings.put("j0", replace(OVER, id=later.id), 1)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.jottings.newest(DRAFT.person, HERE) == (DRAFT, 1)


async def test_of_one_that_is_over_no_word_is_kept(units: AnyUnits) -> None:
    async with units.write() as unit:
        await unit.jottings.put("j1", DRAFT, 0)
        await unit.commit()
    async with units.write() as unit:
        with pytest.raises(RuleBroken):
            await unit.jottings.put("j1", replace(DRAFT, standing=Standing.MADE), 1)
    async with units.write() as unit:
        await unit.jottings.put("j1", OVER, 1)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.jottings.get("j1") == (OVER, 2)
