"""What counts as widening who may approve, and who is asked about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.accounts.model import MonthOrDay
from moderation.imports.model import Change, Gain
from moderation.imports.rights import asked, ended, entitled, uncovered, widened
from moderation.kernel import AccountId, Identity, Platform
from moderation.people.model import AccountRole, Role, Span, Standing
from tests.moderation.imports import trust as t
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.imports.rights import Register
    from moderation.kernel import PersonId, SchoolId


NOBODY: frozenset[PersonId] = frozenset()
YESTERDAY, TOMORROW = date(2026, 11, 17), date(2026, 11, 19)
NEXT_TERM = date(2027, 1, 5)


def gains(after: Register, before: Register | None = None) -> set[tuple[object, ...]]:
    """Each change in short: how, who, where."""
    changes = widened(before or t.register(), after, t.TODAY)
    return {(one.gain, one.person or one.account, one.place) for one in changes}


def moderator(who: PersonId, place: SchoolId = t.OAK) -> tuple[object, ...]:
    return (Gain.MODERATOR, who, place)


# -- what widens ----------------------------------------------------------------------------------


@proves("MET-MOD-2")
def test_a_new_moderator_widens() -> None:
    assert gains(t.register(grants=(*t.GRANTS, t.grant(t.CY)))) == {moderator(t.CY)}


@pytest.mark.parametrize(
    "role", [AccountRole.POSTER, AccountRole.ADMINISTRATOR, AccountRole.MASTER_ADMINISTRATOR]
)
def test_other_rights_do_not(role: AccountRole) -> None:
    assert gains(t.register(grants=(*t.GRANTS, t.grant(t.CY, role=role)))) == set()


def test_a_right_that_is_only_proposed_does_not() -> None:
    proposed = t.grant(t.CY, standing=Standing.PROPOSED)
    assert gains(t.register(grants=(*t.GRANTS, proposed))) == set()


def test_a_right_of_next_term_widens_today() -> None:
    later = t.grant(t.CY, span=Span(start=NEXT_TERM))
    assert gains(t.register(grants=(*t.GRANTS, later))) == {moderator(t.CY)}


def test_a_right_that_has_ended_does_not() -> None:
    past = t.grant(t.CY, span=Span(end=YESTERDAY))
    assert gains(t.register(grants=(*t.GRANTS, past))) == set()


def test_a_right_that_is_prolonged_widens() -> None:
    short = t.register(grants=(t.grant(t.ANN, span=Span(end=TOMORROW)),))
    long = t.register(grants=(t.grant(t.ANN, span=Span(end=NEXT_TERM)),))
    assert gains(long, short) == {moderator(t.ANN)}
    assert gains(short, long) == set()


@pytest.mark.parametrize(
    ("role", "gain"),
    [
        (Role.HEADTEACHER, Gain.HEAD),
        (Role.ACTING_HEADTEACHER, Gain.HEAD),
        (Role.DEPUTY_HEADTEACHER, Gain.STAND_IN),
        (Role.EXECUTIVE_HEADTEACHER, Gain.STAND_IN),
        (Role.CHAIR_OF_GOVERNORS, Gain.STAND_IN),
        (Role.TRUST_LEAD, Gain.STAND_IN),
    ],
)
def test_becoming_a_head_or_a_stand_in_widens(role: Role, gain: Gain) -> None:
    after = t.register(t.instead(t.person(t.CY, t.post(), t.post(role))))
    assert gains(after) == {(gain, t.CY, t.OAK)}


def test_the_trust_lead_is_the_head_of_the_trust() -> None:
    after = t.register(t.instead(t.person(t.CY, t.post(Role.TRUST_LEAD, t.TRUST))))
    assert gains(after) == {(Gain.HEAD, t.CY, t.TRUST)}


@pytest.mark.parametrize(
    "role",
    [Role.ADMINISTRATOR, Role.BUSINESS_MANAGER, Role.SAFEGUARDING_LEAD, Role.GOVERNOR, Role.SUPPLY],
)
def test_other_roles_do_not(role: Role) -> None:
    assert gains(t.register(t.instead(t.person(t.CY, t.post(), t.post(role))))) == set()


def test_a_head_who_becomes_deputy_gains_nothing() -> None:
    after = t.register(t.instead(t.person(t.HEAD, t.post(Role.DEPUTY_HEADTEACHER))))
    assert gains(after) == set()


def test_a_deputy_who_becomes_acting_head_does() -> None:
    acting = t.post(Role.ACTING_HEADTEACHER, end=NEXT_TERM)
    after = t.register(t.instead(t.person(t.DEE, t.post(Role.DEPUTY_HEADTEACHER), acting)))
    assert gains(after) == {(Gain.HEAD, t.DEE, t.OAK)}


def test_a_moderator_who_leaves_supply_for_good_gains() -> None:
    """A supply teacher never approves, so the right counts only from the appointment on."""
    before = t.register(grants=(*t.GRANTS, t.grant(t.SUE)))
    after = replace(before, people={**before.people, t.SUE: t.person(t.SUE)})
    assert gains(before) == set()
    assert gains(after, before) == {moderator(t.SUE)}


def test_a_moderator_who_comes_back_gains() -> None:
    gone = t.register(t.instead(t.person(t.ANN, t.post(end=YESTERDAY))))
    assert gains(t.register(), gone) == {moderator(t.ANN), (Gain.MODERATOR, t.ANN, t.TRUST)}


def test_a_moderator_of_a_trust_account_may_work_at_any_school() -> None:
    after = t.register(grants=(*t.GRANTS, t.grant(t.ELLE, t.FEED)))
    assert gains(after) == {(Gain.MODERATOR, t.ELLE, t.TRUST)}


def test_a_moderator_from_another_school_gains_nothing() -> None:
    """Whoever doesn't belong to the school approves nothing there, whatever the file says."""
    assert gains(t.register(grants=(*t.GRANTS, t.grant(t.CY, t.LEAF)))) == set()


def test_another_chat_account_of_an_approver_widens() -> None:
    stolen = t.person(t.ANN, identities=(t.slack("somebody-else"),))
    changes = widened(t.register(), t.register(t.instead(stolen)), t.TODAY)
    assert changes == tuple(
        Change(gain=Gain.IDENTITY, person=t.ANN, place=place, platform=Platform.SLACK)
        for place in (t.OAK, t.TRUST)
    )


def test_a_chat_account_more_widens_and_one_less_does_not() -> None:
    teams = Identity(Platform.TEAMS, "T-head")
    both = t.register(
        t.instead(t.person(t.HEAD, t.post(Role.HEADTEACHER), identities=(teams, t.slack("head"))))
    )
    assert gains(both) == {(Gain.IDENTITY, t.HEAD, t.OAK)}
    assert gains(t.register(), both) == set()


def test_a_chat_account_of_somebody_who_approves_nothing_does_not() -> None:
    linked = t.person(t.CY, identities=(t.slack("cy"), Identity(Platform.TEAMS, "T-cy")))
    assert gains(t.register(t.instead(linked))) == set()


def test_somebody_new_with_a_right_is_one_change() -> None:
    new = t.person(t.CHAIR, t.post(Role.CHAIR_OF_GOVERNORS))
    assert gains(t.register(t.instead(new))) == {(Gain.STAND_IN, t.CHAIR, t.OAK)}


def test_an_account_that_changes_school_concerns_both_heads() -> None:
    moved = t.register(accounts=(t.page(school=t.ELM), *t.PAGES[1:]))
    assert gains(moved) >= {(Gain.MOVED, t.PAGE, t.OAK), (Gain.MOVED, t.PAGE, t.ELM)}


def test_a_new_account_alone_does_not() -> None:
    new = t.page(AccountId("oak-choir"))
    assert gains(t.register(accounts=(*t.PAGES, new))) == set()


def test_less_never_widens() -> None:
    nothing = t.register(people=(), grants=())
    assert gains(nothing) == set()
    assert gains(t.register(grants=())) == set()
    assert gains(t.register()) == set()


# -- what is lost ---------------------------------------------------------------------------------


def test_an_account_without_moderators_is_told() -> None:
    assert uncovered(t.register(), t.register(grants=(t.grant(t.BOB),)), t.TODAY) == (
        t.LEAF,
        t.FEED,
    )
    left = t.instead(t.person(t.ELLE, t.post(Role.HEADTEACHER, t.ELM, end=YESTERDAY)))
    assert uncovered(t.register(), t.register(left), t.TODAY) == (t.LEAF,)


def test_a_closed_account_needs_none() -> None:
    closed = t.page(closed_on=MonthOrDay(2026, 7))
    after = t.register(accounts=(closed, *t.PAGES[1:]), grants=())
    assert t.PAGE not in uncovered(t.register(), after, t.TODAY)


def test_whoever_is_no_longer_head_is_known() -> None:
    after = t.register(
        t.instead(
            t.person(t.HEAD), t.person(t.LEAD, t.post(Role.TRUST_LEAD, t.TRUST, end=YESTERDAY))
        )
    )
    assert ended(t.register(), after, t.TODAY) == (t.HEAD, t.LEAD)


# -- who is asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "gaining", "who"),
    [
        (t.OAK, NOBODY, (t.HEAD,)),
        (t.ELM, NOBODY, (t.ELLE,)),
        (t.OAK, {t.HEAD}, (t.LEAD,)),
        (t.OAK, {t.HEAD, t.LEAD}, (t.DEE,)),
        (t.ELM, {t.ELLE, t.LEAD}, ()),
        (t.TRUST, NOBODY, (t.LEAD,)),
        (t.TRUST, {t.LEAD}, (t.ELLE, t.HEAD)),
        (t.TRUST, {t.LEAD, t.HEAD}, (t.ELLE,)),
    ],
)
def test_who_is_asked(place: SchoolId, gaining: set[PersonId], who: tuple[PersonId, ...]) -> None:
    assert set(asked(t.register(), place, frozenset(gaining), t.TODAY)) == set(who)


def test_the_acting_head_is_asked_before_the_head() -> None:
    acting = t.person(t.DEE, t.post(Role.ACTING_HEADTEACHER, end=NEXT_TERM))
    assert asked(t.register(t.instead(acting)), t.OAK, NOBODY, t.TODAY) == (t.DEE,)


def test_a_head_who_is_away_is_passed_over() -> None:
    away = t.person(t.HEAD, t.post(Role.HEADTEACHER), absences=(Span(),))
    assert asked(t.register(t.instead(away)), t.OAK, NOBODY, t.TODAY) == (t.LEAD,)
    everybody = tuple(replace(someone, absences=(Span(),)) for someone in t.STAFF)
    assert asked(t.register(everybody), t.OAK, NOBODY, t.TODAY) == (t.HEAD,)


@pytest.mark.parametrize(
    ("person", "place", "may"),
    [
        (t.HEAD, t.OAK, True),
        (t.LEAD, t.OAK, True),
        (t.LEAD, t.TRUST, True),
        (t.DEE, t.OAK, False),
        (t.ANN, t.OAK, False),
        (t.HEAD, t.ELM, False),
        (t.ELLE, t.TRUST, False),
    ],
)
def test_who_may_say_yes(person: PersonId, place: SchoolId, *, may: bool) -> None:
    assert entitled(t.register(), place, person, NOBODY, t.TODAY) is may


def test_the_deputy_may_only_when_nobody_above_can() -> None:
    gaining = frozenset({t.HEAD, t.LEAD})
    assert entitled(t.register(), t.OAK, t.DEE, gaining, t.TODAY)
