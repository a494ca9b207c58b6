"""Days that are kept, and who may say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.absences import commands as ask, events as happened, present
from moderation.absences.model import StatementId, covering, subject_of, with_absence, without
from moderation.absences.refusals import Refusal
from moderation.absences.rights import Here, gap
from moderation.absences.workflow import Facts, decide
from moderation.kernel import Asked, Identity, Operator, Platform, Refused, Timer
from moderation.people.model import Role, Span
from tests.moderation.posts.examples import ADE, FACEBOOK, LUND, NOW, OAK, OKAFOR, SAM, rights


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.model import Person


TODAY = NOW.date()
SPANS = st.lists(
    st.tuples(st.integers(-30, 60), st.integers(0, 20)).map(
        lambda drawn: Span(
            start=TODAY + timedelta(days=drawn[0]), end=TODAY + timedelta(days=sum(drawn))
        )
    ),
    max_size=8,
)


def asked(person: PersonId | None) -> Asked:
    return Asked(by=Identity(Platform.SLACK, "U1"), key="key", at=NOW, person=person)


def person(who: PersonId, *absences: Span) -> Person:
    found = next(one for one in rights().people if one.id == who)
    return replace(found, absences=absences)


def facts(whom: PersonId, *absences: Span, known: bool = True) -> Facts:
    here = Here(rights=rights(), least=2)
    return Facts(today=TODAY, person=person(whom, *absences), known=known, places={OAK: here})


def away(whom: PersonId, start: date = TODAY, end: date = TODAY) -> ask.SayAway:
    return ask.SayAway(statement=StatementId("s"), person=whom, start=start, end=end)


def codes(command: ask.Command, found: Facts, by: Asked) -> frozenset[str]:
    outcome = decide(command, found, by)
    return outcome.codes if isinstance(outcome, Refused) else frozenset()


@given(said=SPANS)
def test_absences_never_overlap_and_the_newest_word_counts(said: list[Span]) -> None:
    absences: tuple[Span, ...] = ()
    for span in said:
        absences = with_absence(absences, span, TODAY)
        assert span.start is not None
        assert span.end is not None
        assert covering(absences, span.start)
        assert covering(absences, span.end)
        for day in range(-40, 90):
            assert sum(one.covers(TODAY + timedelta(days=day)) for one in absences) <= 1


@given(said=SPANS, day=st.integers(-5, 70))
def test_whoever_is_back_is_here_that_day_and_was_away_before(said: list[Span], day: int) -> None:
    absences: tuple[Span, ...] = ()
    for span in said:
        absences = with_absence(absences, span, TODAY)
    back = TODAY + timedelta(days=day)
    after = without(absences, back)
    assert covering(after, back) is None
    for before in range(1, 30):
        earlier = back - timedelta(days=before)
        assert (covering(after, earlier) is None) == (covering(absences, earlier) is None)


def test_everybody_says_it_of_themselves_and_the_head_of_anybody() -> None:
    assert codes(away(SAM), facts(SAM), asked(SAM)) == frozenset()
    assert codes(away(SAM), facts(SAM), asked(ADE)) == frozenset()
    assert codes(away(SAM), facts(SAM), asked(LUND)) == {Refusal.MAY_NOT_SAY}
    assert codes(away(SAM), facts(SAM), asked(None)) == {Refusal.UNKNOWN_PERSON}
    assert codes(away(SAM), facts(SAM, known=False), asked(ADE)) == {Refusal.NOBODY}
    assert codes(away(SAM), Facts(today=TODAY), asked(ADE)) == {Refusal.NOBODY}


def test_nobody_becomes_the_head_by_saying_that_the_head_is_away() -> None:
    """The manager may say it of anybody; of the head not, where the head's yes became theirs."""
    manager = tuple(
        replace(
            one,
            appointments=tuple(
                replace(held, role=role)
                for held in one.appointments[:1]
                for role in (Role.BUSINESS_MANAGER, Role.DEPUTY_HEADTEACHER)
            ),
        )
        if one.id == LUND
        else one
        for one in rights().people
    )
    here = Here(rights=replace(rights(), people=manager), least=2)
    of_head = replace(facts(ADE), places={OAK: here})
    of_sam = replace(facts(SAM), places={OAK: here})
    assert codes(away(SAM), of_sam, asked(LUND)) == frozenset()
    assert codes(away(ADE), of_head, asked(LUND)) == {Refusal.GAINS}


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (-3, -1, Refusal.OVER),
        (3, 2, Refusal.WRONG_ORDER),
        (0, 400, Refusal.TOO_LONG),
        (400, 401, Refusal.TOO_FAR),
    ],
)
def test_days_that_make_no_sense_are_refused(start: int, end: int, code: Refusal) -> None:
    first, last = (TODAY + timedelta(days=days) for days in (start, end))
    outcome = decide(away(SAM, first, last), facts(SAM), asked(SAM))
    assert isinstance(outcome, Refused)
    assert outcome.codes == {code}
    assert all(present.refusal(outcome.reasons, {}, own=True))


def test_whoever_is_here_cannot_come_back() -> None:
    later = TODAY + timedelta(days=9)
    back = ask.SayBack(statement=StatementId("s"), person=SAM, day=TODAY)
    outcome = decide(back, facts(SAM, Span(start=later, end=later)), asked(SAM))
    assert isinstance(outcome, Refused)
    [said] = present.refusal(outcome.reasons, {}, own=True)
    assert f"the days from {later.day} {later:%B %Y} on, add that day" in said


def test_only_the_timer_begins_one_and_only_while_it_is_so() -> None:
    begin = ask.BeginAbsence(statement=StatementId("s"), person=SAM)
    span = Span(start=TODAY, end=TODAY)
    timer = replace(asked(None), by=Timer())
    assert codes(begin, facts(SAM, span), asked(ADE)) == {Refusal.ONLY_THE_TIMER}
    assert codes(begin, facts(SAM, span), replace(asked(None), by=Operator())) == {
        Refusal.ONLY_THE_TIMER
    }
    assert decide(begin, facts(SAM), timer) == ()
    [event] = decide(begin, facts(SAM, span), timer)  # type: ignore[misc]  # not refused
    assert isinstance(event, happened.Begun)


def test_an_account_is_short_on_the_day_on_which_another_goes_too() -> None:
    """Mr Lund is away from the third day on; Mrs Okafor's fortnight then leaves nobody."""
    third = TODAY + timedelta(days=2)
    people = tuple(
        replace(one, absences=(Span(start=third, end=third),)) if one.id == LUND else one
        for one in rights().people
    )
    here = Here(rights=replace(rights(), people=people), least=2)
    fortnight = Span(start=TODAY, end=TODAY + timedelta(days=13))
    found = gap(here, person(OKAFOR), (), fortnight)
    [short] = [one for one in found.short if one.account == FACEBOOK]
    assert (short.day, short.left) == (third, ())
    assert ADE in short.else_


def test_a_statement_names_its_person() -> None:
    assert subject_of(SAM, StatementId("01J")) == f"{SAM}:01J"
    assert isinstance(NOW, datetime)
