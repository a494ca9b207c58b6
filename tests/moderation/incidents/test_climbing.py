"""A report climbs every ten minutes until somebody has it, and ends in a number to ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.incidents import commands as ask
from moderation.incidents.model import Rung, State
from moderation.kernel import (
    Accepted,
    Identity,
    Platform,
)
from moderation.people.model import Person, Role
from tests.moderation.incidents.school import (
    ADE,
    NOON,
    NOVAK,
    OAK,
    QUINN,
    REED,
    SHAH,
    STAFF,
    School,
    rungs,
    somebody,
    without,
)
from tests.proves import proves


@proves("HARM-DSL-1")
async def test_it_goes_to_the_safeguarding_lead_at_once_and_to_nobody_else() -> None:
    school = School()
    found = await school.report(REED)
    assert rungs(found) == [(Rung.LEAD, NOVAK)]
    assert (found.state, found.reporter, found.school) == (State.WAITING, REED, OAK)


@proves("HARM-DSL-1")
async def test_unanswered_it_climbs_every_ten_minutes_and_ends_in_a_number() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(9)
    assert school.stored(found.id).asked == {NOVAK}
    await school.minutes(1)
    assert school.stored(found.id).asked == {NOVAK, SHAH}
    await school.minutes(10)
    assert school.stored(found.id).asked == {NOVAK, SHAH, ADE}
    assert school.stored(found.id).unanswered_at is None
    await school.minutes(10)
    ended = school.stored(found.id)
    assert ended.unanswered_at == NOON + timedelta(minutes=30)
    await school.minutes(600)
    assert school.stored(found.id) == ended


async def test_somebody_who_has_it_stops_the_climb() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(8)
    assert isinstance(await school.do(ask.Acknowledge(incident=found.id), NOVAK), Accepted)
    await school.minutes(60)
    held = school.stored(found.id)
    assert (held.state, held.holder) == (State.ACKNOWLEDGED, NOVAK)
    assert held.asked == {NOVAK}


@pytest.mark.parametrize("late", [35, 6000])
async def test_late_is_as_good_as_early(late: int) -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(late)
    assert isinstance(await school.do(ask.Acknowledge(incident=found.id), SHAH), Accepted)
    assert school.stored(found.id).holder == SHAH


async def test_nobody_waits_for_somebody_who_is_away() -> None:
    away = (somebody(NOVAK, Role.SAFEGUARDING_LEAD, away=True), *without(NOVAK))
    school = School(away)
    found = await school.report(REED)
    assert rungs(found) == [(Rung.DEPUTY, SHAH)]
    await school.minutes(30)
    # At the end of the ladder whoever is away is asked too, beside the number.
    assert NOVAK in school.stored(found.id).asked


@pytest.mark.parametrize(
    "people",
    [
        tuple(one for one in STAFF if one.id == REED),
        tuple(replace(one, identities=()) for one in STAFF),
        tuple(replace(one, identities=(Identity(Platform.SLACK, one.id),)) for one in STAFF),
    ],
    ids=["nobody there", "no chat", "another chat"],
)
async def test_with_nobody_to_reach_there_is_a_number_at_once(people: tuple[Person, ...]) -> None:
    found = await School(people).report(REED)
    assert found.unanswered_at == NOON
    assert found.receivers == ()


async def test_where_everybody_is_away_there_is_a_number_at_once_and_they_are_asked() -> None:
    people = tuple(
        one if one.id == REED else somebody(one.id, *_roles(one), away=True) for one in STAFF
    )
    found = await School(people).report(REED)
    assert found.unanswered_at == NOON
    assert found.asked >= {NOVAK, SHAH, ADE}


def _roles(person: Person) -> tuple[Role, ...]:
    return tuple(held.role for held in person.appointments)


async def test_a_stand_in_is_asked_where_the_head_is_away() -> None:
    head = somebody(ADE, Role.HEADTEACHER, away=True)
    school = School((head, *without(ADE)))
    found = await school.report(REED)
    await school.minutes(20)
    assert rungs(school.stored(found.id))[-1] == (Rung.HEAD, QUINN)


async def test_a_head_who_is_the_safeguarding_lead_is_asked_once() -> None:
    both = somebody(ADE, Role.HEADTEACHER, Role.SAFEGUARDING_LEAD)
    school = School((both, *without(ADE, NOVAK)))
    found = await school.report(REED)
    await school.minutes(40)
    ended = school.stored(found.id)
    assert rungs(ended) == [(Rung.LEAD, ADE), (Rung.DEPUTY, SHAH)]
    assert ended.unanswered_at == NOON + timedelta(minutes=20)


async def test_somebody_newly_appointed_is_asked_at_the_next_step() -> None:
    school = School(without(NOVAK))
    found = await school.report(REED)
    school.put(somebody(NOVAK, Role.SAFEGUARDING_LEAD))
    await school.minutes(10)
    assert rungs(school.stored(found.id)) == [(Rung.DEPUTY, SHAH), (Rung.LEAD, NOVAK)]
