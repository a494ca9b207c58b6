from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import Platform, SubjectRef
from moderation.posts.model import FINAL, POST, READY, State
from storage.shown_pictures import FIRST_WAIT, LONGEST_WAIT, HeldFile
from tests.fakes import samples as some


if TYPE_CHECKING:
    from storage.unit_of_work import Units


CARD = SubjectRef(POST, "p1")
HANDED_OUT = SubjectRef(READY, "p1")
BLOB = some.PICTURE
SLACK = Platform.SLACK


async def _post(units: Units, state: State, version: int = 0) -> None:
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", replace(some.post(), state=state), version)
        await unit.commit()


async def test_a_picture_has_one_file_for_each_subject_on_each_platform(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        shown = unit.shown_pictures
        assert await shown.held(SLACK, CARD, [BLOB]) == {}
        assert await shown.keep(SLACK, CARD, BLOB, "F1", some.NOON) == "F1"
        assert await shown.keep(SLACK, CARD, BLOB, "F2", some.NOON) == "F1"
        assert await shown.keep(SLACK, HANDED_OUT, BLOB, "F3", some.NOON) == "F3"
        await unit.commit()
    async with sql_units.read() as unit:
        shown = unit.shown_pictures
        assert await shown.held(SLACK, CARD, [BLOB]) == {BLOB: HeldFile("F1", usable=False)}
        assert await shown.held(Platform.TEAMS, CARD, [BLOB]) == {}
        assert await shown.held(SLACK, CARD, []) == {}


async def test_a_file_is_usable_once_the_platform_says_so_and_goes_when_dropped(
    sql_units: Units,
) -> None:
    async with sql_units.write() as unit:
        shown = unit.shown_pictures
        await shown.keep(SLACK, CARD, BLOB, "F1", some.NOON)
        await shown.usable(SLACK, "F1", some.NOON)
        assert await shown.held(SLACK, CARD, [BLOB]) == {BLOB: HeldFile("F1", usable=True)}
        await shown.drop(SLACK, "F1")
        assert await shown.held(SLACK, CARD, [BLOB]) == {}
        await shown.keep(SLACK, CARD, BLOB, "F2", some.NOON)
        assert await shown.held(SLACK, CARD, [BLOB]) == {BLOB: HeldFile("F2", usable=False)}


async def test_what_could_not_be_shown_is_due_again_each_time_later(sql_units: Units) -> None:
    now, waits = some.NOON, []
    for _ in range(12):
        async with sql_units.write() as unit:
            shown = unit.shown_pictures
            await shown.missed(SLACK, CARD, BLOB, now)
            due_at = now
            while not await shown.due(SLACK, due_at):
                due_at += FIRST_WAIT
            waits.append(due_at - now)
            assert await shown.due(SLACK, due_at) == (CARD,)
            await shown.put_off(SLACK, CARD, due_at)
            assert await shown.due(SLACK, due_at) == ()
            assert await shown.due(SLACK, due_at + LONGEST_WAIT) == (CARD,)
            await unit.commit()
        now = due_at
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits[-1] == LONGEST_WAIT


async def test_what_was_drawn_without_a_picture_is_drawn_once_more(
    sql_units: Units,
) -> None:
    later = some.NOON + timedelta(days=1)
    async with sql_units.write() as unit:
        shown = unit.shown_pictures
        await shown.missed(SLACK, CARD, BLOB, some.NOON)
        await shown.keep(SLACK, CARD, BLOB, "F1", some.NOON)
        await shown.usable(SLACK, "F1", some.NOON)
        assert await shown.due(SLACK, later) == (CARD,)
        await shown.put_off(SLACK, CARD, later)
        assert await shown.due(SLACK, later) == ()
        assert await shown.due(SLACK, later + timedelta(days=1)) == ()


@pytest.mark.parametrize("state", sorted(FINAL))
async def test_a_final_post_s_files_are_to_be_deleted(sql_units: Units, state: State) -> None:
    await _post(sql_units, State.IN_REVIEW)
    async with sql_units.write() as unit:
        shown = unit.shown_pictures
        await shown.keep(SLACK, CARD, BLOB, "F1", some.NOON)
        await shown.keep(SLACK, HANDED_OUT, BLOB, "F2", some.NOON)
        await shown.missed(SLACK, CARD, some.inspection().clean, some.NOON)
        assert await shown.over(SLACK) == ()
        assert not await shown.is_over(CARD)
        await unit.commit()
    await _post(sql_units, state, 1)
    async with sql_units.write() as unit:
        shown = unit.shown_pictures
        assert await shown.is_over(CARD)
        assert await shown.is_over(HANDED_OUT)
        assert not await shown.is_over(SubjectRef("hold", "p1"))
        assert await shown.over(SLACK) == ("F1", "F2")
        assert await shown.over(Platform.TEAMS) == ()
        assert await shown.due(SLACK, some.NOON + timedelta(days=1)) == ()
        for file in ("F1", "F2"):
            await shown.drop(SLACK, file)
        assert await shown.over(SLACK) == ()
