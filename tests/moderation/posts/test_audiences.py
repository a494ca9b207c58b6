"""Who is meant by each audience of a post, in which order, and each of them once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.kernel import Audience, PersonId
from moderation.people.model import AccountRole, Role, Span
from moderation.posts.audiences import audience, posters
from moderation.posts.model import Needs
from tests import builders as some
from tests.builders import ANN, BOB, CY, FEED, HEAD, PAGE, TRUST


LEAD, SAFE, DEPUTY_SAFE, ADMIN, MASTER, POSTER = (
    PersonId(who) for who in ("lead", "safe", "deputy-safe", "admin", "master", "poster")
)
PEOPLE = (
    *some.STAFF,
    some.person(DEPUTY_SAFE, Role.DEPUTY_SAFEGUARDING_LEAD),
    some.person(SAFE, Role.SAFEGUARDING_LEAD),
    some.person(ADMIN),
    some.person(MASTER),
    some.person(POSTER),
    some.person(LEAD, Role.TRUST_LEAD, school=TRUST),
)
GRANTS = (
    *some.GRANTS,
    some.grant(CY, FEED),
    some.grant(ADMIN, role=AccountRole.ADMINISTRATOR),
    some.grant(ADMIN, FEED, AccountRole.ADMINISTRATOR),
    some.grant(MASTER, FEED, AccountRole.MASTER_ADMINISTRATOR),
    some.grant(POSTER, FEED, AccountRole.POSTER),
)
RIGHTS = some.rights(people=PEOPLE, grants=GRANTS, accounts=(PAGE, FEED), stand_ins=())
ON_THE_PAGE = replace(RIGHTS, accounts=frozenset({PAGE}))
POST = some.post()
BOTH = some.post(revision=some.revision(1, some.content(accounts=(PAGE, FEED))))


@pytest.mark.parametrize(
    ("which", "who"),
    [
        (Audience.AUTHORS, (ANN, CY)),
        (Audience.APPROVERS, (BOB,)),
        (Audience.POSTERS, (ANN, BOB, CY, ADMIN)),
        (Audience.HEAD, (HEAD,)),
        (Audience.TRUST_LEAD, (LEAD,)),
        (Audience.SAFEGUARDING, (SAFE, DEPUTY_SAFE)),
        (Audience.ADMINISTRATORS, (ADMIN,)),
        (Audience.PERSON, ()),
    ],
)
def test_each_audience_is_these_people(which: Audience, who: tuple[PersonId, ...]) -> None:
    post = replace(POST, revision=some.revision(authors=(CY, ANN)))
    assert audience(which, post, ON_THE_PAGE) == who


def test_master_administrators_come_first_and_each_once() -> None:
    assert audience(Audience.ADMINISTRATORS, BOTH, RIGHTS) == (MASTER, ADMIN)


def test_every_page_has_its_own_posters() -> None:
    assert posters(BOTH, RIGHTS) == (ANN, BOB, CY, ADMIN, POSTER)


def test_where_the_head_wrote_it_a_stand_in_is_meant_then_the_head_then_the_trust() -> None:
    by_head = replace(POST, revision=some.revision(authors=(HEAD,)))
    deputy = some.person(BOB, Role.DEPUTY_HEADTEACHER)
    people = (some.person(ANN), deputy, PEOPLE[3], PEOPLE[-1])
    standing_in = some.rights(people=people)
    alone = replace(standing_in, stand_ins=())
    nobody = replace(alone, people=(some.person(ANN), PEOPLE[-1]))
    meant = [audience(Audience.HEAD, by_head, who) for who in (standing_in, alone, nobody)]
    assert meant == [(BOB,), (HEAD,), (LEAD,)]


def test_whoever_said_no_is_asked_too_while_they_are_here_and_may_still_say_yes() -> None:
    vetoed = replace(POST, vetoes=(some.veto(BOB), some.veto(HEAD)), approvals=(some.approval(CY),))
    assert audience(Audience.APPROVERS, vetoed, ON_THE_PAGE) == (BOB, HEAD)
    away = tuple(
        replace(one, absences=(Span(),)) if one.id == BOB else one for one in ON_THE_PAGE.people
    )
    assert audience(Audience.APPROVERS, vetoed, replace(ON_THE_PAGE, people=away)) == (HEAD,)
    no_right = replace(ON_THE_PAGE, grants=(some.grant(ANN), some.grant(CY)))
    assert audience(Audience.APPROVERS, vetoed, no_right) == (HEAD,)
    wrote_it = replace(vetoed, revision=some.revision(authors=(ANN, BOB)))
    assert audience(Audience.APPROVERS, wrote_it, ON_THE_PAGE) == (HEAD,)


def test_the_head_is_asked_where_the_heads_yes_is_needed() -> None:
    needed = replace(POST, revision=some.revision(needs=Needs(head=True, head_counts=False)))
    assert audience(Audience.APPROVERS, needed, ON_THE_PAGE) == (BOB, CY, HEAD)
