"""Who may report, take and finish a concern, what is written down, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from moderation.incidents import commands as ask, events as happened
from moderation.incidents.effects import Message
from moderation.incidents.model import Concern, IncidentId, State
from moderation.incidents.refusals import Refusal
from moderation.incidents.workflow import evolve
from moderation.kernel import (
    Accepted,
    CorruptStore,
    Later,
    PersonId,
    Repeated,
    Show,
    Tell,
)
from moderation.people.model import Role
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
    THEIR_PAGE,
    School,
    codes,
    somebody,
)


ID = IncidentId("r1")


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
