"""What may become of a draft that a message began, and what each answer changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from moderation.checks.model import Pictured, Who
from moderation.jottings import commands as ask, events as happened
from moderation.jottings.model import (
    MOST_PICTURES,
    Change,
    Colleagues,
    Jotting,
    JottingId,
    SayAccounts,
    SayAlt,
    SayText,
    Standing,
)
from moderation.jottings.refusals import Refusal
from moderation.jottings.workflow import Facts, decide
from moderation.kernel import Asked, BlobId, Identity, PersonId, Platform, PupilKey, Refused, Timer
from moderation.ports import Conversation
from moderation.posts.model import NOT_SAID, Attachment
from tests.fakes.trust import FACEBOOK, LUND, MILL, MILL_PAGE, NOON, OAK, REED, X


HERE = Conversation(Platform.SLACK, "D1")
ID = JottingId("j1")
FACTS = Facts(schools={FACEBOOK: OAK, X: OAK, MILL_PAGE: MILL}, last=(X,))
ONE = Attachment(blob=BlobId("sha256:1"), alt="")
TWO = Attachment(blob=BlobId("sha256:2"), alt="")
THESE = Pictured(Who.THESE, frozenset({PupilKey("oak-amelia")}))
COMMANDS = (
    ask.Begin(jotting=ID, conversation=HERE, text="Words."),
    ask.Say(jotting=ID, pictures=(TWO,)),
    ask.NoteStopped(jotting=ID, digest="d"),
    ask.Make(jotting=ID),
    ask.Forget(jotting=ID),
    ask.Lapse(jotting=ID),
)


def asked(person: PersonId | None = REED) -> Asked:
    return Asked(by=Identity(Platform.SLACK, "U1"), key="k", at=NOON, person=person)


def after(
    jotting: Jotting | None, command: ask.Command, facts: Facts = FACTS, by: Asked | None = None
) -> Jotting:
    decided = decide(jotting, command, facts, by or asked())
    assert decided is not None
    assert not isinstance(decided, Refused)
    return decided[1]


def codes(
    jotting: Jotting | None, command: ask.Command, facts: Facts = FACTS, by: Asked | None = None
) -> frozenset[str]:
    decided = decide(jotting, command, facts, by or asked())
    return decided.codes if isinstance(decided, Refused) else frozenset()


def said(jotting: Jotting, *changes: Change) -> Jotting:
    return after(jotting, ask.Say(jotting=ID), replace(FACTS, changes=changes))


OPEN = after(None, ask.Begin(jotting=ID, conversation=HERE, text="Words.", pictures=(ONE,)))


def test_it_begins_with_the_account_of_last_time() -> None:
    assert (OPEN.person, OPEN.accounts, OPEN.text, OPEN.pictures) == (REED, (X,), "Words.", (ONE,))


def test_nothing_begins_without_words_or_a_right() -> None:
    empty = ask.Begin(jotting=ID, conversation=HERE, text=" \u200b")
    assert codes(None, empty) == {Refusal.NOTHING_SAID}
    assert codes(None, COMMANDS[0], Facts(schools={})) == {Refusal.NOWHERE_TO_PROPOSE}
    assert codes(None, COMMANDS[0], by=asked(None)) == {Refusal.UNKNOWN_PERSON}


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_nobody_else_changes_it(command: ask.Command) -> None:
    assert codes(OPEN, command, by=asked(LUND)) == {Refusal.NO_SUCH_JOTTING}


def test_a_picture_more_asks_again_who_is_in_them() -> None:
    known = said(OPEN, THESE)
    assert known.pictured == THESE
    assert after(known, ask.Say(jotting=ID, pictures=(ONE,))).pictured == THESE
    assert after(known, ask.Say(jotting=ID, pictures=(TWO,))).pictured == NOT_SAID


def test_another_school_has_other_pupils() -> None:
    known = said(OPEN, THESE)
    assert said(known, SayAccounts((FACEBOOK,))).pictured == THESE
    assert said(known, SayAccounts((MILL_PAGE,))).pictured == NOT_SAID
    nobody = Pictured(Who.NOBODY)
    assert said(said(OPEN, nobody), SayAccounts((MILL_PAGE,))).pictured == nobody


def test_one_description_for_all_keeps_those_that_there_are() -> None:
    two = after(OPEN, ask.Say(jotting=ID, pictures=(TWO,)))
    described = said(said(two, SayAlt(2, "A hedge")), SayAlt(0, "A tree"))
    assert [it.alt for it in described.pictures] == ["A tree", "A hedge"]


def test_there_are_only_so_many_pictures() -> None:
    many = tuple(replace(ONE, blob=BlobId(f"sha256:x{at}")) for at in range(MOST_PICTURES))
    assert codes(OPEN, ask.Say(jotting=ID, pictures=many)) == {Refusal.TOO_MANY_PICTURES}


def test_there_is_one_video_at_most() -> None:
    more = ask.Say(jotting=ID, pictures=(TWO,))
    assert codes(OPEN, more, replace(FACTS, videos=2)) == {Refusal.TOO_MANY_VIDEOS}
    assert after(OPEN, more, replace(FACTS, videos=1)).pictures == (ONE, TWO)


def test_it_is_over_when_the_post_is_there_and_not_before() -> None:
    assert codes(OPEN, ask.Make(jotting=ID)) == {Refusal.NOT_A_POST_YET}
    made = after(OPEN, ask.Make(jotting=ID), replace(FACTS, proposed=True))
    assert (made.standing, made.text, made.pictures) == (Standing.MADE, "", ())


def test_the_timer_alone_lets_it_lapse() -> None:
    timer = Asked(by=Timer(), key="k", at=NOON)
    assert decide(None, ask.Lapse(jotting=ID), FACTS, timer) is None
    gone = after(OPEN, ask.Lapse(jotting=ID), by=timer)
    assert gone.standing is Standing.FORGOTTEN
    assert decide(gone, ask.Lapse(jotting=ID), FACTS, timer) is None
    assert decide(OPEN, ask.Lapse(jotting=ID), FACTS, asked()) == decide(
        None, ask.Lapse(jotting=ID), FACTS, asked()
    )


@given(
    changes=st.lists(
        st.sampled_from((SayText("Other."), SayAccounts((FACEBOOK,)), SayAlt(1, "A tree"), THESE))
    ),
    commands=st.lists(st.sampled_from(COMMANDS), max_size=8),
)
def test_what_is_over_stays_over_and_holds_nothing(
    changes: list[Change], commands: list[ask.Command]
) -> None:
    facts = replace(FACTS, changes=tuple(changes), proposed=True)
    jotting = OPEN
    for command in commands:
        before = jotting
        decided = decide(jotting, command, facts, asked())
        if decided is None or isinstance(decided, Refused):
            continue
        event, jotting = decided
        assert before.standing is Standing.OPEN
        assert not hasattr(event, "text")
        assert isinstance(event, happened.Event)
        if jotting.standing is not Standing.OPEN:
            assert (jotting.text, jotting.pictures, jotting.accounts) == ("", (), ())
            assert jotting.pictured == NOT_SAID


def test_colleagues_stay_whatever_is_said_of_pupils_and_go_with_their_school() -> None:
    staff = frozenset({LUND})
    named = said(OPEN, Colleagues(staff))
    assert named.pictured == Pictured(staff=staff)
    assert said(named, Pictured(Who.NOBODY)).pictured == Pictured(Who.NOBODY, staff=staff)
    both = said(named, THESE)
    assert (both.pictured.pupils, both.pictured.staff) == (THESE.pupils, staff)
    assert said(both, SayAccounts((FACEBOOK,))).pictured == both.pictured
    assert said(named, SayAccounts((MILL_PAGE,))).pictured == NOT_SAID
    assert said(both, Colleagues(frozenset())).pictured == THESE
    more = after(both, ask.Say(jotting=ID, pictures=(TWO,)))
    assert more.pictured == NOT_SAID
