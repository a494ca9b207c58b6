"""Who may do what, read at the moment of the click: the rights table of the design."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.kernel import PersonId
from moderation.people.model import NEVER_APPROVE, AccountRole, Role, Span, Standing
from tests import builders as some
from tests.builders import ANN, BOB, CY, DAY, ELM, FEED, HEAD, OAK, PAGE, TRUST
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import SchoolId
    from moderation.people.model import Grant
    from moderation.people.rights import Rights


DEP, LEAD, CHAIR = PersonId("dep"), PersonId("lead"), PersonId("chair")
SINCE = Span(start=date(2026, 9, 1))
NOBODY: frozenset[PersonId] = frozenset()
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
LEADERS = (
    some.person(ANN),
    some.person(HEAD, Role.HEADTEACHER),
    some.person(DEP, Role.DEPUTY_HEADTEACHER),
    some.person(LEAD, Role.TRUST_LEAD, school=TRUST),
    some.person(CHAIR, Role.CHAIR_OF_GOVERNORS),
)


def of(*roles: Role, span: Span = SINCE, school: SchoolId = OAK) -> Rights:
    """The rights of Ann alone, with these roles and one grant as a moderator."""
    ann = some.person(ANN, *roles, span=span, school=school)
    return some.rights(people=[ann], grants=[some.grant(ANN)])


def away(*people: PersonId) -> Rights:
    return some.rights(
        people=[
            replace(one, absences=(Span(start=DAY, end=DAY),)) if one.id in people else one
            for one in LEADERS
        ],
        grants=[some.grant(ANN)],
    )


# -- proposing, approving, posting, stopping ------------------------------------------------------


@proves("STEP-MOD-1", "STEP-MOD-3")
@pytest.mark.parametrize(
    ("role", "proposes", "approves", "posts", "stops"),
    [
        (AccountRole.POSTER, True, False, True, False),
        (AccountRole.MODERATOR, True, True, True, True),
        (AccountRole.ADMINISTRATOR, True, False, True, False),
        (AccountRole.MASTER_ADMINISTRATOR, True, False, True, False),
    ],
)
def test_what_a_right_on_an_account_gives(
    role: AccountRole, *, proposes: bool, approves: bool, posts: bool, stops: bool
) -> None:
    rights = some.rights(grants=[some.grant(ANN, role=role)])
    assert rights.may_propose(ANN) is proposes
    assert rights.may_approve(ANN) is approves
    assert rights.may_post(ANN, PAGE) is posts
    assert rights.may_stop(ANN) is stops


def test_named_posters_put_posts_out_and_nobody_else() -> None:
    grants = [*some.GRANTS, some.grant(ANN, role=AccountRole.POSTER)]
    assert some.rights(grants=grants).posters(PAGE) == (ANN,)
    assert some.rights().posters(PAGE) == (ANN, BOB, CY)


@pytest.mark.parametrize(
    "lapsed",
    [
        some.grant(ANN, standing=Standing.PROPOSED),
        some.grant(ANN, span=Span(end=YESTERDAY)),
        some.grant(ANN, span=Span(start=TOMORROW)),
    ],
    ids=["not confirmed", "over", "to come"],
)
def test_a_right_counts_only_confirmed_and_in_its_time(lapsed: Grant) -> None:
    rights = some.rights(grants=[lapsed])
    assert not rights.may_propose(ANN)
    assert not rights.may_approve(ANN)
    assert not rights.may_stop(ANN)
    assert rights.granted(PAGE, AccountRole.MODERATOR) == ()


@pytest.mark.parametrize("span", [Span(end=DAY), Span(start=DAY)])
def test_both_ends_of_a_span_count(span: Span) -> None:
    assert some.rights(grants=[some.grant(ANN, span=span)]).may_approve(ANN)


def test_every_account_asks_for_a_right_of_its_own() -> None:
    both = (PAGE, FEED)
    one = some.rights(accounts=both)
    assert not one.may_approve(ANN)
    assert not one.may_propose(ANN)
    assert one.may_stop(ANN)
    all_of_them = some.rights(grants=[some.grant(ANN), some.grant(ANN, FEED)], accounts=both)
    assert all_of_them.may_approve(ANN)


@proves("STEP-MOD-3")
@pytest.mark.parametrize(
    ("roles", "approves", "proposes"),
    [
        ((Role.STAFF,), True, True),
        ((Role.SUPPLY,), False, True),
        ((Role.VOLUNTEER,), False, True),
        ((Role.SUPPLY, Role.STAFF), True, True),
        ((Role.GOVERNOR,), False, False),
        ((Role.DATA_PROTECTION_OFFICER,), False, False),
        ((Role.GOVERNOR, Role.DATA_PROTECTION_OFFICER), False, False),
        ((Role.GOVERNOR, Role.SUPPLY), False, True),
        (tuple(sorted(NEVER_APPROVE)), False, True),
        ((Role.GOVERNOR, Role.STAFF), True, True),
    ],
)
def test_what_a_role_takes_away(roles: tuple[Role, ...], *, approves: bool, proposes: bool) -> None:
    rights = of(*roles, span=Span(start=YESTERDAY, end=TOMORROW))
    assert rights.may_approve(ANN) is approves
    assert rights.may_propose(ANN) is proposes
    assert rights.moderators(PAGE) == ((ANN,) if approves else ())


@proves("STEP-MOD-3")
@pytest.mark.parametrize("role", [Role.SUPPLY, Role.VOLUNTEER])
def test_supply_and_volunteers_propose_only_while_their_time_has_an_end(role: Role) -> None:
    assert of(role, span=Span(end=DAY)).may_propose(ANN)
    assert not of(role, span=Span(start=YESTERDAY)).may_propose(ANN)
    assert not of(role, span=Span(start=YESTERDAY), school=TRUST).may_propose(ANN)
    assert of(role, Role.STAFF, span=Span(start=YESTERDAY)).may_propose(ANN)


@pytest.mark.parametrize(
    "rights",
    [of(Role.STAFF, span=Span(end=YESTERDAY)), of(Role.STAFF, school=ELM)],
    ids=["left", "works elsewhere"],
)
def test_who_is_not_of_this_school_has_no_right_whatever_the_register_says(rights: Rights) -> None:
    assert not rights.may_propose(ANN)
    assert not rights.may_approve(ANN)
    assert not rights.may_stop(ANN)
    assert not rights.may_post(ANN, PAGE)


def test_where_the_pack_says_so_all_staff_propose_but_not_supply() -> None:
    dates = Span(end=TOMORROW)
    everything_else = some.person(CY, *sorted(NEVER_APPROVE), span=dates)
    people = [some.person(ANN), some.person(BOB, Role.SUPPLY, span=dates), everything_else]
    rights = some.rights(people=people, grants=[], staff_may_propose=True)
    assert [rights.may_propose(who) for who in (ANN, BOB, CY)] == [True, False, False]


@pytest.mark.parametrize("role", [Role.SAFEGUARDING_LEAD, Role.DEPUTY_SAFEGUARDING_LEAD])
def test_safeguarding_stops_anything_and_approves_nothing(role: Role) -> None:
    rights = some.rights(people=[some.person(ANN, role)], grants=[])
    assert rights.may_stop(ANN)
    assert not rights.may_approve(ANN)


# -- the headteacher ------------------------------------------------------------------------------


@proves("STEP-HEAD-1", "MET-HEAD-1")
@pytest.mark.parametrize(
    ("authors", "absent", "who"),
    [
        ((), (), HEAD),
        ((HEAD,), (), DEP),
        ((), (HEAD,), DEP),
        ((HEAD,), (DEP,), LEAD),
        ((HEAD, DEP), (), LEAD),
        ((HEAD, DEP, LEAD), (), CHAIR),
        ((), (HEAD, DEP, LEAD, CHAIR), HEAD),
        ((HEAD,), (DEP, LEAD, CHAIR), DEP),
        ((HEAD, DEP, LEAD, CHAIR), (), None),
    ],
)
def test_who_gives_the_heads_yes(
    authors: tuple[PersonId, ...], absent: tuple[PersonId, ...], who: PersonId | None
) -> None:
    rights = away(*absent)
    assert rights.head_for(frozenset(authors)) == who
    if who is not None:
        assert rights.acts_as_head(who, frozenset(authors))
        assert who in rights.approvers(frozenset(authors))


def test_a_head_who_clicks_is_not_away() -> None:
    rights = away(HEAD)
    assert rights.acts_as_head(HEAD)
    assert rights.acts_as_head(DEP)
    assert not rights.acts_as_head(LEAD)


@proves("MET-HEAD-1")
def test_an_acting_head_is_the_head_for_as_long_as_it_is_said() -> None:
    acting = some.person(BOB, Role.ACTING_HEADTEACHER, span=Span(start=DAY, end=DAY))
    people = [*LEADERS, acting]
    assert some.rights(people=people).head() == BOB
    assert some.rights(people=people, today=TOMORROW).head() == HEAD


@proves("MET-HEAD-1")
def test_for_an_account_of_the_trust_the_trust_lead_is_the_head() -> None:
    rights = some.rights(people=LEADERS, school=TRUST)
    assert rights.head() == LEAD
    assert not rights.acts_as_head(HEAD)


def test_the_stand_ins_come_in_the_packs_own_order() -> None:
    rights = replace(away(HEAD), stand_ins=(Role.TRUST_LEAD, Role.DEPUTY_HEADTEACHER))
    assert rights.head_for(NOBODY) == LEAD
    assert replace(rights, stand_ins=()).head_for(NOBODY) == HEAD


def test_who_could_be_the_head_keeps_a_yes_given_as_one() -> None:
    rights = away()
    assert all(map(rights.could_be_head, (HEAD, DEP, LEAD, CHAIR)))
    assert not rights.could_be_head(ANN)


# -- what holds for everybody ---------------------------------------------------------------------

people = st.sampled_from([one.id for one in LEADERS])


@proves("STEP-MOD-1")
@given(st.frozensets(people), st.frozensets(people), people)
def test_an_author_never_approves_in_any_capacity(
    authors: frozenset[PersonId], absent: frozenset[PersonId], who: PersonId
) -> None:
    rights = away(*absent)
    authors |= {who}
    assert not rights.may_approve(who, authors)
    assert not rights.acts_as_head(who, authors)
    assert rights.head_for(authors) not in authors
    assert not authors & set(rights.approvers(authors))
    assert set(rights.available_approvers(authors)) == set(rights.approvers(authors)) - absent


def test_a_stranger_may_nothing() -> None:
    rights, stranger = some.rights(), PersonId("stranger")
    assert not rights.roles(stranger)
    assert not rights.here(stranger)
    assert not rights.may_propose(stranger)
    assert not rights.may_approve(stranger)
    assert not rights.may_stop(stranger)
    assert not rights.may_post(stranger, PAGE)


def test_the_day_decides() -> None:
    span = Span(start=date(2026, 9, 1), end=DAY)
    rights = of(Role.STAFF, span=span)
    assert rights.may_approve(ANN)
    assert not replace(rights, today=TOMORROW).may_approve(ANN)
