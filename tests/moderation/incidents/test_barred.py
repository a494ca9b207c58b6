"""A report never reaches whom it is about, nor nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from moderation.incidents.model import Rung
from moderation.incidents.rights import alike
from moderation.kernel import (
    Identity,
    PersonId,
    Platform,
)
from moderation.people.model import Person, Role
from tests.moderation.incidents.school import (
    ADE,
    HART,
    NOON,
    NOVAK,
    QUINN,
    REED,
    SHAH,
    School,
    rungs,
    somebody,
    without,
)
from tests.proves import proves


@proves("HARM-DSL-1")
async def test_whoever_is_named_is_left_out() -> None:
    school = School()
    found = await school.report(REED, NOVAK, ADE)
    assert rungs(found) == [(Rung.DEPUTY, SHAH)]
    await school.minutes(10)
    # Nobody who answers to a named head is in the head's place.
    assert rungs(school.stored(found.id))[1:] == [
        (Rung.ABOVE_HEAD, HART),
        (Rung.ABOVE_HEAD, QUINN),
    ]


async def test_where_all_of_them_are_named_it_goes_above_the_head() -> None:
    found = await School().report(REED, NOVAK, SHAH, ADE)
    assert found.asked == {HART, QUINN}


async def test_where_those_above_are_named_too_there_is_a_number_at_once() -> None:
    found = await School().report(REED, NOVAK, SHAH, ADE, HART, QUINN)
    assert (found.asked, found.unanswered_at) == (frozenset(), NOON)


async def test_the_reporter_is_not_asked_about_their_own_report() -> None:
    found = await School().report(NOVAK)
    assert found.asked == {SHAH}


@pytest.mark.parametrize("how", ["another chat", "another entry"])
async def test_a_second_identity_is_the_same_person(how: str) -> None:
    novak = somebody(NOVAK, Role.SAFEGUARDING_LEAD, email="novak@oakfield.example")
    if how == "another chat":
        twice = (Identity(Platform.SLACK, "U1"), Identity(Platform.SANDBOX, NOVAK))
        people = [replace(novak, identities=twice)]
    else:
        other = somebody(
            PersonId("novak-trust"), Role.DEPUTY_SAFEGUARDING_LEAD, email="Novak@Oakfield.example "
        )
        people = [novak, other]
    school = School((*people, *without(NOVAK)), platforms=tuple(Platform))
    found = await school.report(REED, NOVAK)
    await school.minutes(60)
    assert not school.stored(found.id).asked & {NOVAK, PersonId("novak-trust")}


async def test_an_entry_that_is_added_later_is_no_way_round() -> None:
    mail = "novak@oakfield.example"
    school = School((somebody(NOVAK, Role.STAFF, email=mail), *without(NOVAK)))
    found = await school.report(REED, NOVAK)
    again = PersonId("novak-2")
    school.put(somebody(again, Role.SAFEGUARDING_LEAD, email=mail))
    await school.minutes(60)
    assert again not in school.stored(found.id).asked


PEOPLE = tuple(map(PersonId, ("p0", "p1", "p2", "p3", "p4", "p5")))
RECEIVING = (
    Role.STAFF,
    Role.SAFEGUARDING_LEAD,
    Role.DEPUTY_SAFEGUARDING_LEAD,
    Role.HEADTEACHER,
    Role.ACTING_HEADTEACHER,
    Role.DEPUTY_HEADTEACHER,
    Role.CHAIR_OF_GOVERNORS,
)


def anybody(who: PersonId) -> st.SearchStrategy[Person]:
    return st.builds(
        lambda roles, platform, away, mail: somebody(
            who, *roles, platform=platform, away=away, email=mail
        ),
        st.lists(st.sampled_from(RECEIVING), max_size=2),
        st.sampled_from([Platform.SANDBOX, Platform.SANDBOX, Platform.SLACK, None]),
        st.booleans(),
        st.sampled_from(["", "", "a@x.example", "b@x.example"]),
    )


@given(
    people=st.tuples(*map(anybody, PEOPLE)),
    named=st.frozensets(st.sampled_from(PEOPLE), max_size=4),
    later=st.lists(st.tuples(st.integers(1, 25), st.tuples(*map(anybody, PEOPLE))), max_size=3),
)
async def test_it_never_reaches_whom_it_is_about_and_never_nobody(
    people: tuple[Person, ...],
    named: frozenset[PersonId],
    later: list[tuple[int, tuple[Person, ...]]],
) -> None:
    """Whatever the register says, and however it changes meanwhile."""
    school = School((somebody(REED, Role.STAFF), *people))
    known = {one.id for one in people if one.appointments}
    found = await school.report(REED, *(named & known))
    for minutes, others in [*later, (70, people)]:
        barred = alike({REED, *(named & known)}, school.units.state.people.values())
        before = school.stored(found.id).asked
        await school.minutes(minutes)
        stored = school.stored(found.id)
        assert not (stored.asked - before) & barred
        # Somebody is asked, or there is a number to ring: from the first moment on.
        assert stored.unanswered_at is not None or stored.receivers
        school.put(*others)
    ended = school.stored(found.id)
    assert not ended.asked & ended.barred
    assert ended.unanswered_at is not None
    assert len(ended.asked) == len(ended.receivers)
