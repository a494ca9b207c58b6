"""What a refusal tells: each reason with whom and what it is about, and where its limit lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.accounts.model import MonthOrDay
from moderation.kernel import BlobId, Reason, Refused
from moderation.people.model import Role, Span
from moderation.posts import commands as ask, judging
from moderation.posts.guards import FURTHEST, GRACE, LONGEST_ADDRESS, LONGEST_REASON, Case
from moderation.posts.model import Attachment, Needs, Posted, Posting, State
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import decide
from tests import builders as some
from tests.builders import ANN, BOB, CY, ELM, FEED, HEAD, NOON, PAGE, POST, TRUST
from tests.model.world import PICTURE
from tests.moderation.posts import guard_cases as can


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import PersonId, SchoolId
    from moderation.posts.guards import Facts
    from moderation.posts.model import Post


LEAD, DEPUTY = (type(ANN)(who) for who in ("lead", "deputy"))
THE_LEAD = some.person(LEAD, Role.TRUST_LEAD, school=TRUST)
SECOND = timedelta(seconds=1)
BOTH = {PAGE: some.account(), FEED: some.account(FEED)}


def reasons(
    post: Post | None, command: ask.Command, by: PersonId = BOB, facts: Facts | None = None
) -> tuple[Reason, ...]:
    """Every reason of the answer; none where it is accepted."""
    said = decide(post, command, facts or some.facts(), some.asked(by))
    return said.reasons if isinstance(said, Refused) else ()


def people(*who: PersonId, head: bool = True, lead: bool = False) -> Facts:
    """These are moderators and at work; perhaps with a head, and a lead who stands in for none."""
    there = [some.person(one) for one in who]
    there += [some.person(HEAD, Role.HEADTEACHER)] * head + [THE_LEAD] * lead
    moderators = map(some.grant, who)
    return some.facts(rights=some.rights(people=there, grants=moderators, stand_ins=()))


@pytest.mark.parametrize("case", can.CASES, ids=lambda case: case.name)
def test_a_refusal_says_what_it_is_about(case: can.Case) -> None:
    about: Mapping[Refusal, dict[str, str]] = {
        Refusal.NO_SECOND_PERSON: {},
        Refusal.NOT_ALLOWABLE: {"clause": "STEP-LINK-1"},
        Refusal.NOT_THE_HEAD: {"head": HEAD},
        Refusal.NOT_YOUR_VETO: {"person": BOB},
        Refusal.NOT_A_POSTER: {"account": PAGE},
        Refusal.UNCONFIRMED: {"finding": some.FLAG.key},
        Refusal.TAKEN: {"person": CY},
    }
    said = decide(case.post, case.command, case.facts, case.by)
    assert isinstance(said, Refused)
    assert said.reasons == (Reason(case.code, about.get(case.code, {})),)


def test_release_says_whose_right_whose_no_and_which_page() -> None:
    for check, facts, post, reason in (
        (judging.rights_still_held, can.NOBODY, (), Reason(Refusal.RIGHT_LOST, {"person": BOB})),
        (judging.no_veto, None, (some.veto(CY),), Reason(Refusal.VETO_STANDS, {"person": CY})),
        (
            judging.accounts_open,
            some.facts(accounts={}),
            (),
            Reason(Refusal.CLOSED_ACCOUNT, {"account": PAGE}),
        ),
    ):
        approved = some.post(State.APPROVED, approvals=(some.approval(BOB),), vetoes=post)
        case = Case(approved, ask.Release(post=POST), facts or some.facts(), some.timer())
        assert tuple(check(case)) == (reason,)


def test_a_yes_as_head_needs_a_role_it_may_come_from_and_never_an_authors() -> None:
    deputy = some.person(CY, Role.DEPUTY_HEADTEACHER)
    facts = some.facts(rights=some.rights(people=[some.person(ANN), deputy], grants=[]))
    as_head = some.approval(CY, as_head=True)
    command = ask.Release(post=POST)

    def lost(post: Post) -> tuple[Reason, ...]:
        return tuple(judging.rights_still_held(Case(post, command, facts, some.timer())))

    assert lost(some.post(State.APPROVED, approvals=(as_head,))) == ()
    own = some.post(State.APPROVED, approvals=(as_head,), revision=some.revision(authors=(ANN, CY)))
    assert lost(own) == (Reason(Refusal.OWN_POST),)
    facts = replace(facts, writers=frozenset({CY}))
    assert lost(some.post(State.APPROVED, approvals=(as_head,))) == (Reason(Refusal.OWN_POST),)


# -- who could say yes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "needs", "said"),
    [
        (people(ANN, BOB), Needs(), ()),
        (people(ANN, head=False), Needs(), (Reason(Refusal.NO_SECOND_PERSON),)),
        (
            people(ANN, head=False, lead=True),
            Needs(),
            (Reason(Refusal.NO_SECOND_PERSON, {"head": LEAD}),),
        ),
        (people(ANN), Needs(), ()),
        (people(ANN), Needs(seconds=2), (Reason(Refusal.NO_SECOND_PERSON, {"head": HEAD}),)),
        (
            people(ANN, lead=True),
            Needs(seconds=2),
            (Reason(Refusal.NO_SECOND_PERSON, {"head": HEAD}),),
        ),
        (people(ANN), Needs(head=True), ()),
        (people(ANN, BOB), Needs(head=True, head_counts=False), ()),
        (
            people(ANN),
            Needs(head=True, head_counts=False),
            (Reason(Refusal.NO_SECOND_PERSON, {"head": HEAD}),),
        ),
        # That the head doesn't count matters only where the head's yes comes on top.
        (people(ANN), Needs(head_counts=False), ()),
        (people(ANN, BOB, head=False), Needs(head=True), (Reason(Refusal.NO_HEADTEACHER),)),
        (
            people(ANN, BOB, head=False, lead=True),
            Needs(head=True),
            (Reason(Refusal.NO_HEADTEACHER, {"trust_lead": LEAD}),),
        ),
        (people(ANN, BOB, head=False), Needs(), ()),
    ],
)
def test_a_post_that_could_never_be_approved_is_refused_with_who_can_mend_it(
    facts: Facts, needs: Needs, said: tuple[Reason, ...]
) -> None:
    assert reasons(None, can.propose, ANN, replace(facts, needs=needs)) == said


def test_who_stands_in_for_the_head_counts_and_absence_does_not() -> None:
    deputy = some.person(DEPUTY, Role.DEPUTY_HEADTEACHER, absences=(Span(),))
    facts = some.facts(
        rights=some.rights(people=[some.person(ANN), deputy]), needs=Needs(head=True)
    )
    assert reasons(None, can.propose, ANN, facts) == ()


def test_the_head_is_named_to_whoever_may_not_decide_and_not_where_there_is_none() -> None:
    assert reasons(can.BLOCKED, can.allow(), BOB) == (Reason(Refusal.NOT_THE_HEAD, {"head": HEAD}),)
    alone = people(ANN, BOB, head=False)
    assert reasons(can.BLOCKED, can.allow(), BOB, alone) == (Reason(Refusal.NOT_THE_HEAD),)


def test_a_stand_in_decides_for_a_head_who_wrote_it_and_no_author_ever_does() -> None:
    deputy = some.person(CY, Role.DEPUTY_HEADTEACHER)
    staff = [some.person(ANN), some.person(BOB), deputy, some.person(HEAD, Role.HEADTEACHER)]
    facts = some.facts(rights=some.rights(people=staff))
    by_head = some.revision(authors=(HEAD,), by=HEAD)
    blocked, vetoed = (replace(post, revision=by_head) for post in (can.BLOCKED, can.VETOED))
    assert reasons(blocked, can.allow(), CY, facts) == ()
    assert reasons(blocked, can.allow(), HEAD, facts) == (
        Reason(Refusal.NOT_THE_HEAD, {"head": CY}),
    )
    assert reasons(vetoed, can.lift(), CY, facts) == ()
    assert reasons(vetoed, can.lift(), HEAD, facts) == (
        Reason(Refusal.NOT_YOUR_VETO, {"person": BOB}),
    )
    answered = replace(some.post(), revision=by_head)
    no_right = replace(facts, rights=some.rights(people=staff, grants=[]))
    assert reasons(answered, can.approve(), CY, no_right) == ()
    assert reasons(some.post(), can.approve(), CY, no_right) == (Reason(Refusal.NOT_AN_APPROVER),)


def test_who_is_known_only_now_to_have_written_it_is_an_author_where_it_is_decided() -> None:
    deputy = some.person(CY, Role.DEPUTY_HEADTEACHER)
    staff = [some.person(ANN), some.person(BOB), deputy, some.person(HEAD, Role.HEADTEACHER)]
    rights = some.rights(people=staff, grants=[some.grant(BOB)])
    bobs, heads = (some.facts(rights=rights, writers=frozenset({it})) for it in (BOB, HEAD))
    assert reasons(some.post(), can.approve(), BOB, bobs) == (Reason(Refusal.OWN_POST),)
    # What the head wrote, who stands in decides about.
    not_the_head = (Reason(Refusal.NOT_THE_HEAD, {"head": CY}),)
    assert reasons(can.BLOCKED, can.allow(), HEAD, heads) == not_the_head
    assert reasons(can.BLOCKED, can.allow(), CY, heads) == ()
    assert reasons(can.VETOED, can.lift(), HEAD, heads) == (
        Reason(Refusal.NOT_YOUR_VETO, {"person": BOB}),
    )
    assert reasons(some.post(), can.approve(), CY, heads) == ()


def test_taking_back_the_own_no_asks_for_no_reason_and_overriding_does() -> None:
    assert reasons(can.VETOED, can.lift(reason=""), BOB) == ()
    assert reasons(can.VETOED, can.lift(reason=""), HEAD) == (Reason(Refusal.NO_REASON),)
    assert reasons(can.VETOED, can.lift(of=CY), HEAD) == (Reason(Refusal.NO_VETO),)
    two = replace(can.VETOED, vetoes=(some.veto(CY), some.veto(BOB)))
    assert reasons(two, can.lift(), HEAD) == ()


def test_one_author_of_several_is_told_that_they_edited_it() -> None:
    both = some.revision(authors=(ANN, BOB), by=BOB)
    post = some.post(revision=both)
    assert reasons(post, can.approve(), BOB) == (Reason(Refusal.EDITED_BY_YOU),)
    assert reasons(post, can.approve(), ANN) == (Reason(Refusal.OWN_POST),)
    assert reasons(some.post(), can.approve(), ANN) == (Reason(Refusal.OWN_POST),)


# -- which page -----------------------------------------------------------------------------------


def test_a_revision_for_fewer_or_the_same_pages_asks_for_no_right_to_propose() -> None:
    facts = some.facts(rights=some.rights(grants=[some.grant(BOB), some.grant(CY)]), accounts=BOTH)
    words = some.content("Before.", accounts=(PAGE, FEED))
    post = some.post(revision=some.revision(1, words))
    for pages in ((PAGE,), (PAGE, FEED)):
        content = some.content("Other words.", accounts=pages)
        assert reasons(post, can.revise(content=content), ANN, facts) == ()


def test_a_page_that_the_post_is_not_for_is_unknown_to_its_posters() -> None:
    said = reasons(can.RELEASED, can.mark(account=FEED), BOB)
    assert said == (Reason(Refusal.UNKNOWN_ACCOUNT, {"account": FEED}),)


def test_a_page_is_known_open_and_long_enough() -> None:
    closed = some.account(closed_on=MonthOrDay(2026, 11, 17))
    short = some.account(platform="x")
    for accounts, said in (
        ({}, (Reason(Refusal.UNKNOWN_ACCOUNT, {"account": PAGE}),)),
        ({PAGE: closed}, (Reason(Refusal.CLOSED_ACCOUNT, {"account": PAGE}),)),
        ({PAGE: short}, ()),
    ):
        command = ask.Propose(post=POST, content=some.content("x" * 280))
        assert reasons(None, command, ANN, some.facts(accounts=accounts)) == said
    long = ask.Propose(post=POST, content=some.content("x" * 281))
    about = {"account": PAGE, "limit": "280", "length": "281"}
    assert reasons(None, long, ANN, some.facts(accounts={PAGE: short})) == (
        Reason(Refusal.TEXT_TOO_LONG, about),
    )


def test_one_post_is_for_one_school() -> None:
    mixed = {PAGE: some.account(), FEED: some.account(FEED, school=ELM)}
    command = ask.Propose(post=POST, content=some.content(accounts=(PAGE, FEED)))
    rights = some.rights(accounts=(PAGE,))
    facts = some.facts(accounts=mixed, school=None, rights=rights)
    assert reasons(None, command, ANN, facts) == (Reason(Refusal.SCHOOLS_MIXED),)


@pytest.mark.parametrize(("school", "code"), [(ELM, Refusal.SCHOOLS_MIXED), (None, None)])
def test_a_post_never_moves_to_another_school(
    school: SchoolId | None, code: Refusal | None
) -> None:
    said = reasons(some.post(), can.revise(), ANN, some.facts(school=school))
    assert [reason.code for reason in said] == ([code] if code else [])


# -- what it says ---------------------------------------------------------------------------------


def proposal(facts: Facts | None = None, **fields: object) -> tuple[Reason, ...]:
    content = some.content(**fields)  # type: ignore[arg-type]
    return reasons(None, ask.Propose(post=POST, content=content), ANN, facts or some.facts())


def test_a_post_without_a_page_says_only_that() -> None:
    assert proposal(some.facts(accounts={}, school=None), accounts=()) == (
        Reason(Refusal.NO_ACCOUNT),
    )


@pytest.mark.parametrize(("pictures", "said"), [(10, ()), (11, (Refusal.TOO_MANY_PICTURES,))])
def test_ten_pictures_are_the_most(pictures: int, said: tuple[Refusal, ...]) -> None:
    attachments = tuple(Attachment(blob=PICTURE, alt=str(at)) for at in range(pictures))
    assert proposal(attachments=attachments) == tuple(
        Reason(code, {"limit": "10"}) for code in said
    )


@pytest.mark.parametrize(("videos", "said"), [(1, ()), (2, (Reason(Refusal.TOO_MANY_VIDEOS),))])
def test_a_post_takes_one_video(videos: int, said: tuple[Reason, ...]) -> None:
    moving = frozenset(BlobId(f"sha256:v{at}") for at in range(videos))
    assert proposal(some.facts(videos=moving)) == said


def test_pictures_and_pupils_that_nobody_knows_are_told() -> None:
    unknown = some.facts(unknown_pictures=frozenset({PICTURE}), unknown_people=True)
    assert proposal(unknown) == (Reason(Refusal.UNKNOWN_PICTURE), Reason(Refusal.UNKNOWN_PUPIL))


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (-GRACE - SECOND, (Refusal.TIME_PAST,)),
        (-GRACE, ()),
        (timedelta(), ()),
        (FURTHEST, ()),
        (FURTHEST + SECOND, (Refusal.TIME_TOO_FAR,)),
    ],
)
def test_a_time_lies_a_little_back_at_most_and_a_year_ahead(
    offset: timedelta, said: tuple[Refusal, ...]
) -> None:
    assert proposal(not_before=NOON + offset) == tuple(Reason(code) for code in said)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (LONGEST_REASON, ()),
        (LONGEST_REASON + 1, (Reason(Refusal.REASON_TOO_LONG, {"limit": "2000"}),)),
    ],
)
def test_a_reason_has_an_end(length: int, said: tuple[Reason, ...]) -> None:
    for command in (can.reject(reason="x" * length), can.ask_head(words="x" * length)):
        assert reasons(some.post(), command, BOB) == said


LONG = "https://x.example/"


@pytest.mark.parametrize(
    ("url", "sound"),
    [
        ("", True),
        ("http://x.example", True),
        ("https://x.example/fair?day=6", True),
        ("ftp://x.example", False),
        ("https://", False),
        ("x.example", False),
        ("https://[x", False),
        ("https://x.example/a fair", False),
        (LONG + "x" * (LONGEST_ADDRESS - len(LONG)), True),
        (LONG + "x" * (LONGEST_ADDRESS - len(LONG) + 1), False),
    ],
)
def test_an_address_is_one_that_a_browser_opens(url: str, sound: bool) -> None:  # noqa: FBT001 -- a case
    said = reasons(can.RELEASED, can.mark(url=url), BOB)
    assert said == (() if sound else (Reason(Refusal.BAD_ADDRESS),))


# -- said already ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "command", "refused"),
    [
        (Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON), can.mark(), True),
        (Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON), can.mark(url=LONG), False),
        (
            Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON, url=LONG),
            can.mark(url=LONG),
            True,
        ),
        (Posting(account=PAGE, said=Posted.CANNOT, person=BOB, at=NOON), can.mark(), False),
        (Posting(account=FEED, said=Posted.YES, person=BOB, at=NOON), can.mark(), False),
        (Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON), can.cannot(), True),
    ],
)
def test_posted_is_said_once_unless_it_brings_the_address(
    standing: Posting,
    command: ask.Command,
    refused: bool,  # noqa: FBT001 -- a case
) -> None:
    post = some.post(State.RELEASED, postings=(standing,))
    assert reasons(post, command, BOB) == ((Reason(Refusal.ALREADY_SAID),) if refused else ())


def test_a_finding_that_stands_no_more_is_none() -> None:
    other = can.dispute(finding=some.FLAG.key)
    assert reasons(can.BLOCKED, other, ANN) == (Reason(Refusal.NO_SUCH_FINDING),)


def test_a_clock_that_a_person_forges_finds_no_post() -> None:
    for command in (ask.Release(post=POST), ask.Expire(post=POST, seen=1), ask.Judge(post=POST)):
        assert reasons(some.post(State.APPROVED), command, BOB) == (Reason(Refusal.UNKNOWN_POST),)
