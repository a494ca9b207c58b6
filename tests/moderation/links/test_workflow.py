"""Who says that a chat account is somebody's, and when it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.kernel import Asked, Identity, PersonId, Platform, Reason, Refused, Timer
from moderation.links import commands as ask, events as happened, present
from moderation.links.model import WAITS_FOR, Link, State, digest, link_of, same_address
from moderation.links.refusals import Refusal
from moderation.links.rights import judge
from moderation.links.workflow import Facts, decide, evolve
from moderation.people.model import Role, Span
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from moderation.imports.rights import Register
    from moderation.kernel import Actor
    from moderation.people.model import Person

NEW = Identity(Platform.SLACK, "U-new")
EMAIL = "Somebody@Oak.example"
KIM = t.person(PersonId("kim"), t.post(Role.BUSINESS_MANAGER))
EVERYBODY = [*(it.id for it in t.STAFF), KIM.id]


def everybody(*instead: Person) -> Register:
    return t.register((*t.instead(*instead), KIM))


def facts(who: PersonId, register: Register | None = None, *, fits: bool = True) -> Facts:
    there = register or everybody()
    return Facts(judging=judge(there, there.people[who], NEW, t.TODAY), fits=fits)


def asked(person: PersonId | None, by: Actor = NEW) -> Asked:
    return Asked(by=by, key="key", at=t.NOON, person=person)


def waiting(who: PersonId, *said: PersonId) -> Link:
    return Link(
        id=link_of(NEW),
        identity=NEW,
        person=who,
        address=digest(EMAIL),
        number=1,
        asked_at=t.NOON,
        confirmed_by=said,
    )


def yes(
    link: Link, who: PersonId, about: Facts | None = None
) -> tuple[happened.Event, ...] | Refused:
    command = ask.ConfirmLink(link=link.id, seen=link.number)
    return decide(link, command, about or facts(link.person), asked(who))


def codes(outcome: tuple[happened.Event, ...] | Refused) -> frozenset[str]:
    return outcome.codes if isinstance(outcome, Refused) else frozenset()


def is_linked(outcome: tuple[happened.Event, ...] | Refused) -> bool:
    return not isinstance(outcome, Refused) and isinstance(outcome[-1], happened.Linked)


# -- asking ---------------------------------------------------------------------------------------


REQUEST = ask.RequestLink(identity=NEW, email=EMAIL)


def test_it_is_asked_once() -> None:
    outcome = decide(None, REQUEST, facts(t.CY), asked(None))
    assert not isinstance(outcome, Refused)
    link = evolve(None, outcome[0])
    assert link == waiting(t.CY)
    assert codes(decide(link, REQUEST, facts(t.CY), asked(None))) == {Refusal.STILL_WAITING}
    declined = replace(link, state=State.DECLINED)
    assert codes(decide(declined, REQUEST, facts(t.CY), asked(None))) == {Refusal.WAS_DECLINED}


def test_after_a_fortnight_without_an_answer_it_may_be_asked_anew() -> None:
    link = waiting(t.CY)
    lapse = ask.LapseLink(link=link.id, number=1)
    timer = replace(asked(None, Timer()), at=t.NOON + WAITS_FOR)
    assert codes(decide(link, lapse, Facts(), asked(t.HEAD))) == {Refusal.ONLY_THE_TIMER}
    outcome = decide(link, lapse, Facts(), timer)
    assert not isinstance(outcome, Refused)
    lapsed = evolve(link, outcome[0])
    assert lapsed.state is State.LAPSED
    anew = decide(lapsed, REQUEST, facts(t.CY), asked(None))
    assert not isinstance(anew, Refused)
    again = evolve(lapsed, anew[0])
    assert (again.number, again.state) == (2, State.WAITING)
    # The clock of the first request says nothing of the second.
    assert decide(again, lapse, Facts(), timer) == ()
    assert codes(yes(replace(again, number=1), t.CY)) == {Refusal.YOURSELF}
    old = ask.ConfirmLink(link=again.id, seen=1)
    assert codes(decide(again, old, facts(t.CY), asked(t.HEAD))) == {Refusal.CHANGED_SINCE}


def test_nobody_asks_for_another_s_account() -> None:
    other = asked(None, Identity(Platform.SLACK, "U-else"))
    assert codes(decide(None, REQUEST, facts(t.CY), other)) == {Refusal.NOT_YOURS}
    known = Facts(owner=t.ANN)
    assert codes(decide(None, REQUEST, known, asked(t.ANN))) == {Refusal.KNOWN_ALREADY}


def test_unknown_is_all_that_is_told() -> None:
    unreached = everybody(
        *(replace(it, identities=()) for it in t.STAFF if it.id in (t.HEAD, t.LEAD))
    )
    for nothing in (Facts(), facts(t.CY, fits=False), facts(t.CY, unreached)):
        assert codes(decide(None, REQUEST, nothing, asked(None))) == {Refusal.UNKNOWN}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sam@Oak.example", " sam@oak.EXAMPLE ", True),
        ("jose\u0301@oak.example", "JOS\u00c9@oak.example", True),
        ("strasse@oak.example", "stra\u00dfe@oak.example", False),
        ("sam@oak.example", "sam@elm.example", False),
    ],
)
def test_addresses_are_one_however_they_are_written(one: str, other: str, *, same: bool) -> None:
    assert (same_address(one) == same_address(other)) is same
    assert (digest(one) == digest(other)) is same


# -- saying yes -----------------------------------------------------------------------------------


def test_for_somebody_who_approves_nowhere_the_head_suffices() -> None:
    for person in (t.CY, t.SUE, KIM.id):
        assert is_linked(yes(waiting(person), t.HEAD))
        assert is_linked(yes(waiting(person), t.LEAD))
        assert codes(yes(waiting(person), t.ANN)) == {Refusal.NO_SUCH_LINK}
        assert codes(yes(waiting(person), t.ELLE)) == {Refusal.NO_SUCH_LINK}
        assert codes(yes(waiting(person), t.DEE)) == {Refusal.NO_SUCH_LINK}


def test_for_a_moderator_it_takes_two_one_of_them_the_head() -> None:
    both = waiting(t.BOB)
    first = yes(both, t.DEE)
    assert first == (happened.Confirmed(by=t.DEE, at=t.NOON),)
    held = evolve(both, first[0])
    assert codes(yes(held, t.DEE)) == {Refusal.ALREADY_SAID}
    # Deputy and business manager are two, and neither leads the school.
    assert not is_linked(yes(held, KIM.id))
    done = yes(held, t.HEAD)
    assert is_linked(done)
    assert done[-1].confirmed_by == (t.DEE, t.HEAD)  # type: ignore[index,union-attr]


def test_where_the_head_is_away_the_deputy_stands_in() -> None:
    away = (Span(start=date(2026, 11, 16), end=date(2026, 11, 20)),)
    gone = [replace(it, absences=away) for it in t.STAFF if it.id in (t.HEAD, t.LEAD)]
    assert is_linked(yes(waiting(t.CY), t.DEE, facts(t.CY, everybody(*gone))))


def test_for_the_head_two_others_do_it() -> None:
    assert codes(yes(waiting(t.HEAD), t.HEAD)) == {Refusal.YOURSELF}
    assert not is_linked(yes(waiting(t.HEAD), t.LEAD))
    assert is_linked(yes(waiting(t.HEAD, t.DEE), t.LEAD))


def test_a_role_that_changes_meanwhile_is_judged_as_it_is_then() -> None:
    """Cy becomes a moderator while the head's card waits: one yes isn't enough any more."""
    moderates = t.register((*t.STAFF, KIM), grants=(*t.GRANTS, t.grant(t.CY)))
    assert not is_linked(yes(waiting(t.CY), t.HEAD, facts(t.CY, moderates)))
    # The deputy said yes as deputy, and is plain staff when the head does.
    plain = everybody(t.person(t.DEE))
    assert not is_linked(yes(waiting(t.BOB, t.DEE), t.HEAD, facts(t.BOB, plain)))
    assert is_linked(yes(waiting(t.BOB, t.DEE, KIM.id), t.HEAD, facts(t.BOB, plain)))


def test_an_address_that_changed_proves_nothing() -> None:
    assert codes(yes(waiting(t.CY), t.HEAD, facts(t.CY, fits=False))) == {Refusal.NO_LONGER}
    taken = replace(facts(t.CY), owner=t.ANN)
    assert codes(yes(waiting(t.CY), t.HEAD, taken)) == {Refusal.NO_LONGER}


def test_one_no_ends_it() -> None:
    link = waiting(t.BOB)
    no = ask.DeclineLink(link=link.id, seen=1)
    assert codes(decide(link, no, facts(t.BOB), asked(t.ANN))) == {Refusal.NO_SUCH_LINK}
    assert codes(decide(link, no, facts(t.BOB), asked(None))) == {Refusal.NO_SUCH_LINK}
    outcome = decide(link, no, facts(t.BOB), asked(t.DEE))
    assert outcome == (happened.Declined(by=t.DEE, at=t.NOON),)
    over = evolve(link, outcome[0])
    assert codes(yes(over, t.HEAD)) == {Refusal.NOT_WAITING}
    # To everybody else it is as if it weren't there.
    assert codes(yes(over, t.ANN)) == {Refusal.NO_SUCH_LINK}


@given(
    who=st.sampled_from(EVERYBODY),
    said=st.lists(st.sampled_from(EVERYBODY), max_size=6),
    heads=st.sets(st.sampled_from(EVERYBODY), max_size=2),
    away=st.sets(st.sampled_from(EVERYBODY), max_size=4),
)
def test_no_order_of_clicks_makes_it_theirs_against_the_rule(
    who: PersonId, said: list[PersonId], heads: set[PersonId], away: set[PersonId]
) -> None:
    """Never by oneself; never by one where it may approve; never by colleagues alone."""
    gone = (Span(start=t.TODAY, end=t.TODAY + timedelta(days=1)),)
    changed = [
        replace(
            it,
            appointments=(t.post(Role.ACTING_HEADTEACHER),) if it.id in heads else it.appointments,
            absences=gone if it.id in away else (),
        )
        for it in t.STAFF
    ]
    about = facts(who, everybody(*changed))
    assert about.judging is not None
    link = waiting(who)
    for clicker in said:
        outcome = yes(link, clicker, about)
        if isinstance(outcome, Refused):
            continue
        for event in outcome:
            link = evolve(link, event)
        if link.state is State.LINKED:
            break
    counted = set(link.confirmed_by)
    assert who not in counted
    assert not counted & {t.ANN, t.BOB, t.CY, t.SUE} - heads
    if link.state is State.LINKED:
        assert counted
        assert not about.judging.approves_at or len(counted) > 1
    # Whoever is asked can, and all of them together suffice wherever anybody at all could.
    everyone = about.judging.asked()
    assert all(about.judging.may_confirm(one) for one in everyone)
    assert about.judging.enough(everyone) == about.judging.enough(EVERYBODY)


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_a_sentence(code: Refusal) -> None:
    for state in State:
        (said,) = present.refusal((Reason(code, {"state": state.value}),))
        assert said.endswith(".")
        assert len(said.split()) < 35
