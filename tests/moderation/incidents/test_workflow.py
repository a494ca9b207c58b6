"""A report of a concern climbs until somebody has it, and never reaches whom it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from moderation.incidents import commands as ask, events as happened
from moderation.incidents.effects import Message
from moderation.incidents.model import Concern, Incident, IncidentId, Rung, State
from moderation.incidents.refusals import Refusal
from moderation.incidents.rights import alike
from moderation.incidents.workflow import evolve
from moderation.kernel import (
    Accepted,
    CorruptStore,
    Identity,
    Later,
    PersonId,
    Platform,
    Refused,
    Repeated,
    Show,
    Tell,
)
from moderation.people.model import Person, Role
from tests.moderation.incidents.school import (
    ADE,
    DIAZ,
    HART,
    LUND,
    MILL,
    NOON,
    NOVAK,
    OAK,
    PAGE,
    PRICE,
    QUINN,
    REED,
    SHAH,
    STAFF,
    THEIR_PAGE,
    School,
    somebody,
)
from tests.proves import proves


ID = IncidentId("r1")


def without(*people: PersonId) -> tuple[Person, ...]:
    return tuple(one for one in STAFF if one.id not in people)


def rungs(incident: Incident) -> list[tuple[Rung, PersonId]]:
    return [(one.rung, one.person) for one in incident.receivers]


def codes(outcome: object) -> frozenset[str]:
    assert isinstance(outcome, Refused), outcome
    return outcome.codes


# -- the way up ------------------------------------------------------------------------------------


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


# -- never to whom it is about ---------------------------------------------------------------------


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


# -- who may do what -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [DIAZ, LUND, HART, NOVAK, QUINN])
async def test_anybody_who_works_or_helps_there_may_report(who: PersonId) -> None:
    assert (await School().report(who)).reporter == who


async def test_a_stranger_and_a_leaver_are_told_what_to_do_instead() -> None:
    school = School()
    school.put(somebody(LUND, Role.STAFF, until=date(2026, 7, 1)))
    command = ask.ReportConcern(incident=ID, concern=Concern(words="Words."))
    for who in (None, PersonId("nobody"), LUND):
        assert codes(await school.do(command, who)) == {Refusal.STRANGER}


@pytest.mark.parametrize(
    ("concern", "code"),
    [
        (Concern(words=" \u200b\n"), Refusal.NO_WORDS),
        (Concern(words="x" * 4001), Refusal.TOO_LONG),
        (Concern(words="x", place="y" * 501), Refusal.TOO_LONG),
        (Concern(words="x", account=THEIR_PAGE), Refusal.NO_SUCH_ACCOUNT),
        (Concern(words="x", named=frozenset({PRICE})), Refusal.NO_SUCH_PERSON),
        (Concern(words="x", named=frozenset({PersonId("?")})), Refusal.NO_SUCH_PERSON),
    ],
)
async def test_what_cannot_be_sent_says_why(concern: Concern, code: Refusal) -> None:
    outcome = await School().do(ask.ReportConcern(incident=ID, concern=concern), REED)
    assert codes(outcome) == {code}


async def test_whoever_is_at_several_schools_says_which() -> None:
    school = School()
    concern = Concern(words="x")
    assert codes(await school.do(ask.ReportConcern(incident=ID, concern=concern), QUINN)) == {
        Refusal.WHICH_SCHOOL
    }
    chosen = ask.ReportConcern(incident=ID, concern=concern, school=MILL)
    assert isinstance(await school.do(chosen, QUINN), Accepted)
    assert school.stored(ID).asked == {PRICE}
    elsewhere = ask.ReportConcern(incident=IncidentId("r2"), concern=concern, school=MILL)
    assert codes(await school.do(elsewhere, REED)) == {Refusal.WHICH_SCHOOL}


async def test_pressing_twice_sends_once() -> None:
    school = School()
    account = Concern(words="Words.", account=PAGE)
    command = ask.ReportConcern(incident=ID, concern=account)
    assert isinstance(await school.do(command, REED, key="once"), Accepted)
    assert isinstance(await school.do(command, REED, key="once"), Repeated)
    assert codes(await school.do(command, REED)) == {Refusal.SENT_ALREADY}
    assert codes(await school.do(command, LUND)) == {Refusal.NO_SUCH_REPORT}


async def test_only_whoever_was_asked_may_say_i_have_it() -> None:
    school = School()
    found = await school.report(REED)
    have = ask.Acknowledge(incident=found.id)
    for who in (LUND, SHAH, ADE, PRICE, None):
        assert codes(await school.do(have, who)) == {Refusal.NO_SUCH_REPORT}
    assert codes(await school.do(have, REED)) == {Refusal.OWN_REPORT}
    assert codes(await school.do(ask.Acknowledge(incident=ID), NOVAK)) == {Refusal.NO_SUCH_REPORT}


async def test_a_role_that_was_taken_away_takes_the_report_with_it() -> None:
    school = School()
    found = await school.report(REED)
    have = ask.Acknowledge(incident=found.id)
    school.put(somebody(NOVAK, Role.STAFF))
    assert codes(await school.do(have, NOVAK)) == {Refusal.NO_LONGER}
    school.put(somebody(NOVAK))
    assert codes(await school.do(have, NOVAK)) == {Refusal.NO_LONGER}


async def test_a_second_receiver_hears_who_has_it() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(10)
    have = ask.Acknowledge(incident=found.id)
    await school.do(have, NOVAK)
    assert codes(await school.do(have, SHAH)) == {Refusal.SOMEBODY_HAS_IT}
    assert await school.do(have, NOVAK) == Accepted(school.stored(found.id), ())


async def test_it_can_be_taken_over_from_somebody_who_left() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(10)
    have, finish = ask.Acknowledge(incident=found.id), ask.Finish(incident=found.id)
    await school.do(have, NOVAK)
    school.put(somebody(NOVAK))
    assert codes(await school.do(finish, SHAH)) == {Refusal.TAKE_IT_FIRST}
    assert isinstance(await school.do(have, SHAH), Accepted)
    assert school.stored(found.id).holder == SHAH


async def test_it_ends_with_whoever_has_it() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(10)
    have, finish = ask.Acknowledge(incident=found.id), ask.Finish(incident=found.id)
    assert codes(await school.do(finish, NOVAK)) == {Refusal.TAKE_IT_FIRST}
    await school.do(have, NOVAK)
    assert codes(await school.do(finish, SHAH)) == {Refusal.SOMEBODY_HAS_IT}
    assert isinstance(await school.do(finish, NOVAK), Accepted)
    assert school.stored(found.id).state is State.DONE
    for command in (have, finish):
        assert codes(await school.do(command, NOVAK)) == {Refusal.FINISHED}


async def test_nobody_climbs_by_hand() -> None:
    school = School()
    found = await school.report(REED)
    climb = ask.Climb(incident=found.id, step=1)
    assert codes(await school.do(climb, NOVAK)) == {Refusal.ONLY_THE_TIMER}


# -- what is written down and what follows ---------------------------------------------------------


async def test_the_record_says_who_was_told_and_when_and_nothing_of_the_content() -> None:
    school = School()
    words = "Zephyrine Quillfeather is not safe."
    found = await school.report(REED, LUND, words=words)
    await school.minutes(10)
    await school.do(ask.Acknowledge(incident=found.id), SHAH)
    said = repr(school.units.events)
    for secret in ("Zephyrine", "safe", LUND):
        assert secret not in said
    told = [one for event in school.units.events for one in getattr(event, "receivers", ())]
    assert [(one.person, one.at) for one in told] == [
        (NOVAK, NOON),
        (SHAH, NOON + timedelta(minutes=10)),
    ]
    assert "Zephyrine" not in repr(found)
    assert "Zephyrine" not in repr(school.units.effects)


async def test_each_step_has_its_own_timer_and_the_reporter_one_message() -> None:
    school = School()
    found = await school.report(REED)
    await school.minutes(40)
    laters = [one for one in school.units.effects if isinstance(one, Later)]
    assert [one.due - NOON for one in laters] == [timedelta(minutes=at) for at in (10, 20, 30)]
    tells = [one for one in school.units.effects if isinstance(one, Tell)]
    assert {one.person for one in tells} == {REED}
    assert [one.message for one in tells] == [Message.PLEASE_RING]
    shown = [one for one in school.units.effects if isinstance(one, Show)]
    assert {one.subject.id for one in shown} == {found.id}


def test_a_report_begins_with_itself() -> None:
    for event in (
        happened.Acknowledged(by=NOVAK, at=NOON),
        happened.Reported(incident=ID, school=OAK, by=REED, at=NOON),
    ):
        with pytest.raises(CorruptStore):
            evolve(None, event)


def test_every_command_is_tried_here() -> None:
    assert set(get_args(ask.Command)) == {
        ask.ReportConcern,
        ask.Acknowledge,
        ask.Finish,
        ask.Climb,
    }
