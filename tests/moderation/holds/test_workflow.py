"""Pausing all posts and starting them again: who may, when, and what follows. The rule anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from moderation.holds import commands as ask, events as happened
from moderation.holds.audiences import audience
from moderation.holds.effects import TOLD, Message, effects
from moderation.holds.model import HOLD, Hold
from moderation.holds.refusals import Refusal
from moderation.holds.workflow import Facts, decide, evolve
from moderation.kernel import (
    Audience,
    CorruptStore,
    Later,
    PersonId,
    PostId,
    Refused,
    Show,
    SubjectRef,
    Tell,
)
from moderation.people.model import AccountRole, Role, Span
from moderation.posts.commands import Judge, Recheck, Release
from moderation.posts.guards import LONGEST_REASON
from tests import builders as some
from tests.builders import ANN, BOB, CY, HEAD, NOON, OAK, PAGE


LEAD, DSL = PersonId("lead"), PersonId("dsl")
POSTS = (PostId("p1"), PostId("p2"))
ANN_ONLY, DEPUTY = some.person(ANN), some.person(BOB, Role.STAFF, Role.DEPUTY_HEADTEACHER)
THE_HEAD = some.person(HEAD, Role.HEADTEACHER)
SAFE = some.person(DSL, Role.SAFEGUARDING_LEAD)
TRUST_LEAD = some.person(LEAD, Role.TRUST_LEAD, school=some.TRUST)
PEOPLE = (ANN_ONLY, DEPUTY, some.person(CY), THE_HEAD, SAFE, TRUST_LEAD)
AWAY = tuple(replace(one, absences=(Span(),)) if one.id == HEAD else one for one in PEOPLE)
FACTS = Facts(rights=some.rights(PEOPLE), posts=POSTS)
HEAD_AWAY = replace(FACTS, rights=some.rights(AWAY))
PAUSE = ask.Pause(school=OAK, reason="A flood.")
START = ask.Start(school=OAK)
PAUSED = Hold(school=OAK, number=3, by=HEAD, reason="A flood.", at=NOON)
OVER = replace(PAUSED, started_by=HEAD, started_at=NOON)


def codes(hold: Hold | None, command: ask.Command, facts: Facts, who: PersonId | None) -> set[str]:
    said = decide(hold, command, facts, some.asked(who))
    return set(said.codes) if isinstance(said, Refused) else set()


@pytest.mark.parametrize(
    ("who", "pauses", "starts"),
    [
        (HEAD, True, True),
        (LEAD, True, True),
        (DSL, True, False),
        (BOB, False, False),
        (ANN, False, False),
        (CY, False, False),
    ],
)
def test_the_head_and_the_trust_lead_do_both_and_the_safeguarding_lead_pauses(
    who: PersonId, *, pauses: bool, starts: bool
) -> None:
    assert codes(None, PAUSE, FACTS, who) == (set() if pauses else {Refusal.MAY_NOT_PAUSE})
    assert codes(PAUSED, START, FACTS, who) == (set() if starts else {Refusal.MAY_NOT_START})


def test_who_stands_in_for_a_head_who_is_away_does_both() -> None:
    assert codes(None, PAUSE, HEAD_AWAY, BOB) == set()
    assert codes(PAUSED, START, HEAD_AWAY, BOB) == set()


def test_every_reason_is_told_and_a_stranger_hears_only_that() -> None:
    blank = replace(PAUSE, reason="\u200b ")
    assert codes(PAUSED, blank, FACTS, ANN) == {
        Refusal.MAY_NOT_PAUSE,
        Refusal.NO_REASON,
        Refusal.ALREADY_PAUSED,
    }
    longer = replace(PAUSE, reason="x" * (LONGEST_REASON + 1))
    assert codes(None, longer, FACTS, HEAD) == {Refusal.REASON_TOO_LONG}
    assert codes(PAUSED, PAUSE, FACTS, None) == {Refusal.UNKNOWN_PERSON}
    assert codes(None, PAUSE, Facts(rights=None), HEAD) == {Refusal.UNKNOWN_PLACE}


def test_only_the_pause_that_was_seen_is_ended() -> None:
    assert codes(PAUSED, replace(START, seen=2), FACTS, HEAD) == {Refusal.OLDER_PAUSE}
    assert codes(PAUSED, replace(START, seen=3), FACTS, HEAD) == set()
    assert codes(OVER, START, FACTS, HEAD) == codes(None, START, FACTS, HEAD)
    assert codes(OVER, START, FACTS, HEAD) == {Refusal.NOT_PAUSED}
    above = replace(FACTS, trust_paused=True)
    assert codes(None, START, above, HEAD) == {Refusal.TRUST_PAUSED}


def test_a_new_pause_has_a_number_of_its_own() -> None:
    [event] = _events(decide(OVER, PAUSE, FACTS, some.asked(HEAD)))
    again = evolve(OVER, event)
    assert (again.number, again.paused, again.started_by) == (4, True, None)
    [first] = _events(decide(None, PAUSE, FACTS, some.asked(DSL)))
    assert (evolve(None, first).number, evolve(None, first).by) == (1, DSL)


def test_nothing_starts_that_was_never_paused() -> None:
    started = happened.Started(by=HEAD, at=NOON, posts=())
    with pytest.raises(CorruptStore, match="hold:started"):
        evolve(None, started)
    assert not evolve(PAUSED, started).paused


def test_pausing_tells_everybody_and_lets_each_post_look() -> None:
    [event] = _events(decide(None, PAUSE, FACTS, some.asked(HEAD)))
    follows = effects(evolve(None, event), event)
    assert follows[0] == Show(SubjectRef(HOLD, OAK))
    tells = [item for item in follows if isinstance(item, Tell)]
    assert [(item.audience, item.message) for item in tells] == [
        (which, Message.PAUSED) for which in TOLD
    ]
    later = [item.command for item in follows if isinstance(item, Later)]
    assert later == [make(post=post) for post in POSTS for make in (Release, Recheck)]


def test_starting_takes_up_what_waited_and_what_was_called_back() -> None:
    [event] = _events(decide(PAUSED, START, FACTS, some.asked(HEAD)))
    follows = effects(evolve(PAUSED, event), event)
    later = [item for item in follows if isinstance(item, Later)]
    assert [item.command for item in later] == [
        make(post=post) for post in POSTS for make in (Release, Recheck, Judge)
    ]
    # Each pause has clocks of its own: nothing is taken for done that another pause did.
    first = {item.key for item in later}
    second = effects(replace(PAUSED, number=4), event)
    assert not first & {item.key for item in second if isinstance(item, Later)}


def test_nobody_is_told_twice() -> None:
    grants = (some.grant(BOB), some.grant(CY), some.grant(CY, role=AccountRole.POSTER))
    rights = (some.rights(PEOPLE, grants), some.rights(AWAY, grants))
    told = [who for which in TOLD for who in audience(which, rights)]
    assert sorted(told) == sorted(set(told))
    assert set(told) >= {BOB, CY, HEAD, DSL, LEAD}
    assert audience(Audience.APPROVERS, rights) == (BOB, CY)
    assert audience(Audience.AUTHORS, rights) == ()
    assert PAGE in rights[0].accounts


WHO = st.sampled_from((ANN, BOB, CY, HEAD, DSL, LEAD))
COMMANDS = st.one_of(
    st.just(PAUSE), st.builds(ask.Start, school=st.just(OAK), seen=st.none() | st.integers(0, 4))
)


@given(st.lists(st.tuples(WHO, COMMANDS), max_size=25))
def test_whatever_is_tried_in_whatever_order(tries: list[tuple[PersonId, ask.Command]]) -> None:
    """Paused exactly since the last good pause, numbers rise by one, a refusal changes nothing."""
    hold: Hold | None = None
    now, paused, pauses = NOON, False, 0
    for who, command in tries:
        now += timedelta(minutes=1)
        said = decide(hold, command, FACTS, some.asked(who, at=now))
        if isinstance(command, ask.Pause):
            good = not paused and who in {HEAD, LEAD, DSL}
            paused, pauses = (True, pauses + 1) if good else (paused, pauses)
        else:
            good = paused and who in {HEAD, LEAD} and command.seen in {None, pauses}
            paused = paused and not good
        assert isinstance(said, Refused) is not good
        for event in () if isinstance(said, Refused) else said:
            hold = evolve(hold, event)
        assert (hold is not None and hold.paused) is paused
        assert (0 if hold is None else hold.number) == pauses


def _events(said: tuple[happened.Event, ...] | Refused) -> tuple[happened.Event, ...]:
    assert not isinstance(said, Refused), said
    return said
