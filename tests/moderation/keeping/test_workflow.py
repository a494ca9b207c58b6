"""Keeping a name takes two different people who may, and one to end it: every order of asking."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.checks.model import NotAPupil
from moderation.keeping import commands as ask, events as happened
from moderation.keeping.model import WAITS_FOR, KeptName, NameId, State
from moderation.keeping.present import refusal
from moderation.keeping.refusals import Refusal
from moderation.keeping.workflow import Brought, Facts, decide, evolve
from moderation.kernel import Asked, CorruptStore, Identity, PersonId, Platform, Refused, Timer
from moderation.posts.guards import LONGEST_REASON
from storage.mapping import plain
from tests.fakes.samples import NOON
from tests.fakes.trust import OAK
from tests.proves import proves


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import Actor

ANN, BOB, CY = map(PersonId, ("ann", "bob", "cy"))
KEEPERS = frozenset({ANN, BOB})
ID = NameId("n1")
NAME = "Jo Thistlewick"
FACTS = Facts(keepers=KEEPERS, days=30)
YES, NO, DROP = ask.AgreeName(id=ID), ask.DeclineName(id=ID, reason="No."), ask.DropName(id=ID)
LAPSE, END = ask.LapseName(id=ID), ask.EndName(id=ID)


def wanted(name: str = NAME, kind: NotAPupil | None = NotAPupil.VISITOR) -> ask.AskName:
    return ask.AskName(id=ID, school=OAK, name=name, kind=kind)


def asked(person: PersonId | None, at: datetime = NOON) -> Asked:
    by: Actor = Identity(Platform.SANDBOX, person or "x") if person != "timer" else Timer()
    return Asked(by=by, key="key", at=at, person=None if person == "timer" else person)


def after(*told: tuple[ask.Command, PersonId]) -> KeptName:
    kept: KeptName | None = None
    for command, who in told:
        events = decide(kept, command, FACTS, asked(who))
        assert not isinstance(events, Refused), events
        for event in events:
            kept = evolve(kept, event, Brought(name=f" {NAME}  ", reason="No."))
    assert kept is not None
    return kept


WAITING = after((wanted(), ANN))
KEPT = after((wanted(), ANN), (YES, BOB))


def codes(
    kept: KeptName | None, command: ask.Command, who: PersonId | None, facts: Facts = FACTS
) -> set[str]:
    said = decide(kept, command, facts, asked(who))
    return set(said.codes) if isinstance(said, Refused) else set()


def test_it_is_kept_for_as_long_as_the_policy_says() -> None:
    assert (KEPT.state, KEPT.asked_by, KEPT.agreed_by) == (State.KEPT, ANN, BOB)
    assert KEPT.until == NOON + timedelta(days=30)
    assert (KEPT.name, KEPT.kind) == (NAME, NotAPupil.VISITOR)
    assert after((wanted(), ANN), (NO, BOB)).reason == "No."


@pytest.mark.parametrize(
    ("kept", "command", "who", "facts", "code"),
    [
        (None, wanted(), None, FACTS, Refusal.MAY_NOT),
        (None, wanted(), CY, FACTS, Refusal.MAY_NOT),
        (None, wanted(), ANN, Facts(), Refusal.MAY_NOT),
        (None, wanted(), ANN, Facts(keepers=frozenset({ANN})), Refusal.NOBODY_ELSE),
        (None, wanted(), ANN, Facts(keepers=KEEPERS, must_accept=True), Refusal.MUST_ACCEPT),
        (None, wanted(), ANN, Facts(keepers=KEEPERS, checked_for=True), Refusal.IS_CHECKED_FOR),
        (None, wanted(), ANN, Facts(keepers=KEEPERS, known=True), Refusal.KNOWN_ALREADY),
        (None, wanted("Jo"), ANN, FACTS, Refusal.NOT_WHOLE),
        (None, wanted(f"Jo {'x' * 118}"), ANN, FACTS, Refusal.TOO_LONG),
        (None, wanted(kind=None), ANN, FACTS, Refusal.NO_KIND),
        (WAITING, wanted(), ANN, FACTS, Refusal.SENT_ALREADY),
        (KEPT, wanted("Bo Field"), BOB, FACTS, Refusal.SENT_ALREADY),
        (WAITING, wanted(), CY, FACTS, Refusal.MAY_NOT),
        (None, YES, BOB, FACTS, Refusal.NO_SUCH_NAME),
        (WAITING, YES, CY, FACTS, Refusal.NO_SUCH_NAME),
        (WAITING, YES, None, FACTS, Refusal.NO_SUCH_NAME),
        (WAITING, YES, ANN, FACTS, Refusal.OWN),
        (WAITING, NO, ANN, FACTS, Refusal.OWN),
        (WAITING, YES, BOB, Facts(keepers=KEEPERS, checked_for=True), Refusal.IS_CHECKED_FOR),
        (WAITING, YES, BOB, Facts(keepers=KEEPERS, must_accept=True), Refusal.MUST_ACCEPT),
        (WAITING, YES, BOB, Facts(keepers=frozenset({ANN})), Refusal.NO_SUCH_NAME),
        (WAITING, ask.DeclineName(id=ID, reason=" "), BOB, FACTS, Refusal.NO_REASON),
        (
            WAITING,
            ask.DeclineName(id=ID, reason="x" * (LONGEST_REASON + 1)),
            BOB,
            FACTS,
            Refusal.REASON_TOO_LONG,
        ),
        (KEPT, YES, BOB, FACTS, Refusal.OVER),
        (KEPT, NO, BOB, FACTS, Refusal.OVER),
        (KEPT, DROP, CY, FACTS, Refusal.NO_SUCH_NAME),
        (WAITING, LAPSE, BOB, FACTS, Refusal.ONLY_THE_TIMER),
        (KEPT, END, BOB, FACTS, Refusal.ONLY_THE_TIMER),
    ],
)
def test_every_reason_why_nothing_happens(
    kept: KeptName | None, command: ask.Command, who: PersonId | None, facts: Facts, code: Refusal
) -> None:
    assert codes(kept, command, who, facts) == {code}
    said = decide(kept, command, facts, asked(who))
    assert isinstance(said, Refused)
    assert all(NAME not in line for line in refusal(said.reasons))


def test_the_clock_ends_what_is_due_and_nothing_before() -> None:
    timer = PersonId("timer")
    late, over = NOON + WAITS_FOR, NOON + timedelta(days=30)
    just = timedelta(seconds=1)
    assert decide(WAITING, LAPSE, FACTS, asked(timer, late - just)) == ()
    assert decide(WAITING, LAPSE, FACTS, asked(timer, late)) == (happened.Lapsed(at=late),)
    # No clock needs to strike for a late answer to count for nothing.
    assert not isinstance(decide(WAITING, YES, FACTS, asked(BOB, late - just)), Refused)
    for answer in (YES, NO):
        too_late = decide(WAITING, answer, FACTS, asked(BOB, late))
        assert isinstance(too_late, Refused)
        assert set(too_late.codes) == {Refusal.OVER}
    assert decide(KEPT, END, FACTS, asked(timer, over - just)) == ()
    assert decide(KEPT, END, FACTS, asked(timer, over)) == (happened.Ended(at=over, posts=()),)
    for kept, command in ((KEPT, LAPSE), (WAITING, END), (None, LAPSE), (None, END)):
        assert decide(kept, command, FACTS, asked(timer, over)) == ()
    with pytest.raises(CorruptStore):
        evolve(None, happened.Lapsed(at=late))


COMMANDS = st.sampled_from((wanted(), YES, NO, DROP, LAPSE, END))
PEOPLE = st.sampled_from((ANN, BOB, CY, PersonId("timer")))


@proves("STEP-NAME-1")
@given(st.lists(st.tuples(COMMANDS, PEOPLE, st.integers(0, 40)), max_size=9))
def test_nothing_is_kept_by_one_person_whatever_is_asked_in_whatever_order(
    told: list[tuple[ask.Command, PersonId, int]],
) -> None:
    kept: KeptName | None = None
    at = NOON
    yeses: dict[PersonId, str] = {}
    for command, who, days in told:
        at += timedelta(days=days)
        events = decide(kept, command, FACTS, asked(who, at))
        if isinstance(events, Refused):
            continue
        for event in events:
            kept = evolve(kept, event)
        if events and isinstance(command, ask.AskName | ask.AgreeName):
            yeses[who] = type(command).__name__
    if kept is not None and kept.state is State.KEPT:
        assert yeses == {kept.asked_by: "AskName", kept.agreed_by: "AgreeName"}
        assert kept.asked_by != kept.agreed_by
        assert {kept.asked_by, kept.agreed_by} <= KEEPERS


def test_everything_that_is_wrong_with_a_form_is_told_at_once() -> None:
    assert codes(None, wanted("Jo", None), ANN) == {Refusal.NOT_WHOLE, Refusal.NO_KIND}


def test_no_event_holds_the_name_or_the_reason_and_no_repr_shows_them() -> None:
    told = [
        event
        for kept, command, who in ((None, wanted(), ANN), (WAITING, YES, BOB), (WAITING, NO, BOB))
        for event in _events(kept, command, who)
    ]
    assert len(told) == 3
    stored = [str(plain(event)) for event in told]
    assert not any(word in line for line in stored for word in ("Thistle", "No."))


def _events(
    kept: KeptName | None, command: ask.Command, who: PersonId
) -> tuple[happened.Event, ...]:
    events = decide(kept, command, FACTS, asked(who))
    assert not isinstance(events, Refused)
    return events


def test_no_repr_shows_the_name() -> None:
    events = decide(None, wanted(), FACTS, asked(ANN))
    assert not isinstance(events, Refused)
    assert not any("Thistle" in repr(shown) for shown in (WAITING, KEPT, wanted(), events))
