"""What a person's command brings about, to the last field: every event is written out here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import NOT_A_PUPIL, Check, NotAPupil
from moderation.kernel import Identity, PersonId, Platform, Reason, Refused
from moderation.people.model import Role
from moderation.policies.settings import PackSettings
from moderation.posts import commands as ask, events as happened
from moderation.posts.model import (
    Allowance,
    Approval,
    Dispute,
    Needs,
    Post,
    Posted,
    Posting,
    Question,
    Revision,
    State,
    Veto,
)
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import Rules, decide
from tests import builders as some
from tests.builders import ANN, BOB, CY, FEED, HEAD, OAK, PAGE, POST
from tests.model.world import PICTURE
from tests.moderation.posts import guard_cases as can


if TYPE_CHECKING:
    from moderation.posts.guards import Facts

AT = some.NOON + timedelta(hours=2)
"""Later than anything that stands in the post."""
SETTINGS = PackSettings(
    keep_draft_days=11, remind_after_hours=3, ask_head_after_hours=5, expire_after_days=6
)
FACTS = some.facts(settings=SETTINGS, pack="of today", needs=Needs(seconds=2))
SEEN = some.facts(
    settings=SETTINGS, findings=(some.FLAG, some.BLOCK), waiting_for=frozenset({PICTURE})
)
REVIEW = happened.SentToReview(
    at=AT,
    remind_at=AT + timedelta(hours=3),
    ask_head_at=AT + timedelta(hours=5),
    expires_at=AT + timedelta(days=6),
)
CLEAN = happened.Judged(findings=(), waiting_for=frozenset())
FOUND = happened.Judged(findings=SEEN.findings, waiting_for=SEEN.waiting_for)
KEPT = happened.KeptAsDraft(at=AT, until=AT + timedelta(days=11))
LINKED = some.finding(rule="links.other")
BLOCKED = some.post(State.DRAFT, findings=(some.ALLOWABLE, some.FLAG))


def comes(
    post: Post | None, command: ask.Command, by: PersonId = BOB, facts: Facts = FACTS
) -> tuple[happened.Event, ...]:
    said = decide(post, command, facts, some.asked(by, AT))
    assert not isinstance(said, Refused), said
    return said


def again(of: Revision, number: int) -> Revision:
    """The same words for the same people, under a new number and id."""
    return replace(of, id="r-new", number=number, at=AT)


# -- writing --------------------------------------------------------------------------------------


def test_a_proposal_holds_what_was_written_and_by_whom() -> None:
    words = some.content("Other words.", accounts=(PAGE, PAGE))
    once = some.content("Other words.")
    command = ask.Propose(post=POST, content=words)
    strangers = frozenset({Identity(Platform.SLACK, "U9")})
    facts = replace(FACTS, writers=frozenset({CY}), strangers=strangers)
    first = Revision(
        id="r-new",
        number=1,
        content=once,
        digest=once.digest(),
        authors=frozenset({ANN, CY}),
        needs=Needs(seconds=2),
        pack="of today",
        by=ANN,
        at=AT,
    )
    proposed = happened.Proposed(post=POST, school=OAK, revision=first, strangers=strangers)
    assert comes(None, command, ANN, facts) == (proposed, CLEAN, REVIEW)


@pytest.mark.parametrize(("by", "former"), [(ANN, None), (BOB, BOB)])
def test_a_revision_says_who_gave_up_their_yes_by_writing(
    by: PersonId, former: PersonId | None
) -> None:
    revised, judged, review = comes(some.post(), can.revise(), by)
    words = can.revise().content
    assert revised == happened.Revised(
        revision=Revision(
            id="r-new",
            number=2,
            content=words,
            digest=words.digest(),
            authors=frozenset({ANN, by}),
            needs=Needs(seconds=2),
            pack="of today",
            by=by,
            at=AT,
        ),
        former_approver=former,
    )
    assert (judged, review) == (CLEAN, replace(REVIEW, nobody_here=False))


@pytest.mark.parametrize(
    "facts",
    [
        SEEN,
        replace(SEEN, findings=()),
        replace(SEEN, waiting_for=frozenset()),
    ],
    ids=["both", "a picture", "a block"],
)
def test_what_is_found_is_kept_with_a_draft_that_ends_in_time(facts: Facts) -> None:
    _, *rest = comes(None, can.propose, ANN, facts)
    judged = happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    assert rest == [judged, KEPT]


def test_a_flag_goes_to_review_with_the_words() -> None:
    _, judged, review = comes(None, can.propose, ANN, replace(FACTS, findings=(some.FLAG,)))
    assert judged == replace(CLEAN, findings=(some.FLAG,))
    assert review == REVIEW


@pytest.mark.parametrize(("people", "nobody"), [(2, False), (1, True)])
def test_nobody_is_here_where_fewer_are_than_must_say_yes(people: int, nobody: bool) -> None:  # noqa: FBT001 -- a case
    here = [some.person(ANN), *(some.person(who) for who in (BOB, CY)[:people])]
    # A guard would stop it at the door; what the review says is looked at alone.
    without = Rules(guards={ask.Propose: ()})
    facts = replace(FACTS, rights=some.rights(people=here))
    said = decide(None, can.propose, facts, some.asked(ANN, AT), without)
    assert not isinstance(said, Refused)
    assert said[-1] == replace(REVIEW, nobody_here=nobody)


def test_a_proposal_to_no_school_is_a_fault() -> None:
    with pytest.raises(TypeError, match=PAGE):
        comes(None, can.propose, ANN, replace(FACTS, school=None))


# -- deciding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "as_head"), [(BOB, False), (HEAD, True)])
def test_a_yes_is_to_these_words_and_these_flags(by: PersonId, as_head: bool) -> None:  # noqa: FBT001 -- a case
    post = some.post(findings=(some.FLAG, LINKED))
    flags = frozenset({some.FLAG.key, LINKED.key})
    approval = Approval(
        revision="r1",
        digest=post.revision.digest,
        person=by,
        as_head=as_head,
        confirmed=flags,
        wording=1,
        at=AT,
    )
    # What is no flag of this post is not confirmed by naming it.
    command = can.approve(confirmed=flags | {some.BLOCK.key})
    cleared = happened.Cleared(at=AT, due=AT)
    assert comes(post, command, by) == (happened.Approved(approval=approval), cleared)


def test_a_yes_says_whose_a_flagged_name_is() -> None:
    named = some.finding(rule="names.first", confirm=NOT_A_PUPIL)
    post = some.post(findings=(named, LINKED))
    flags = frozenset({named.key, LINKED.key})
    silent = decide(post, can.approve(confirmed=flags), FACTS, some.asked(BOB, AT))
    assert isinstance(silent, Refused)
    assert silent.reasons == (Reason(Refusal.UNCONFIRMED, {"finding": named.key}),)
    told = (named.key, NotAPupil.VISITOR)
    # Only of a name is it kept, and saying whose it is isn't yet a yes.
    whose = frozenset({told, (LINKED.key, NotAPupil.OTHER), (some.BLOCK.key, NotAPupil.STAFF)})
    yes = comes(post, can.approve(confirmed=flags, whose=whose))[0]
    assert isinstance(yes, happened.Approved)
    assert yes.approval.whose == {told}
    unticked = can.approve(confirmed=frozenset({LINKED.key}), whose=whose)
    assert isinstance(decide(post, unticked, FACTS, some.asked(BOB, AT)), Refused)


def test_a_school_that_asks_for_another_statement_still_asks_whose_it_is() -> None:
    name = some.finding(rule="first-name", category="first_name", confirm="names_read")
    colleague = some.finding(rule="colleague", category="staff_perhaps", confirm="not_a_colleague")
    name, colleague = (replace(item, check=Check.PUPIL_NAMES) for item in (name, colleague))
    post = some.post(findings=(name, colleague))
    flags = frozenset({name.key, colleague.key})
    silent = decide(post, can.approve(confirmed=flags), FACTS, some.asked(BOB, AT))
    assert isinstance(silent, Refused)
    assert silent.reasons == (Reason(Refusal.UNCONFIRMED, {"finding": name.key}),)
    told = (name.key, NotAPupil.VISITOR)
    yes = comes(post, can.approve(confirmed=flags, whose=frozenset({told})))[0]
    assert isinstance(yes, happened.Approved)
    assert yes.approval.whose == {told}


def test_a_deputy_says_yes_as_the_head_only_where_the_head_wrote_it() -> None:
    deputy = some.person(CY, Role.DEPUTY_HEADTEACHER)
    people = [some.person(ANN), some.person(BOB), deputy, some.person(HEAD, Role.HEADTEACHER)]
    facts = replace(FACTS, rights=some.rights(people=people))
    by_head = some.post(revision=some.revision(authors=(HEAD,), by=HEAD))
    yeses = [comes(post, can.approve(), CY, facts)[0] for post in (some.post(), by_head)]
    assert [isinstance(yes, happened.Approved) and yes.approval.as_head for yes in yeses] == [
        False,
        True,
    ]


def test_what_is_timed_is_due_at_its_time() -> None:
    tomorrow = AT + timedelta(days=1)
    words = some.content(not_before=tomorrow)
    *_, cleared = comes(some.post(revision=some.revision(1, words)), can.approve())
    assert cleared == happened.Cleared(at=AT, due=tomorrow)


def test_a_yes_takes_back_the_own_no_and_clears_only_where_no_other_stands() -> None:
    own = happened.VetoLifted(of=BOB, by=BOB, reason="", at=AT)
    _, *rest = comes(some.post(vetoes=(some.veto(BOB),)), can.approve())
    assert rest == [own, happened.Cleared(at=AT, due=AT)]
    _, *rest = comes(some.post(vetoes=(some.veto(BOB), some.veto(CY))), can.approve())
    assert rest == [own]
    _, *rest = comes(some.post(vetoes=(some.veto(CY),)), can.approve())
    assert rest == []


def test_changes_are_asked_for_in_the_persons_words() -> None:
    request = Veto(person=BOB, reason="Why not?", at=AT)
    assert comes(some.post(), can.changes()) == (
        happened.ChangesRequested(request=request, until=AT + timedelta(days=11)),
    )


def test_a_no_after_a_yes_makes_a_new_version() -> None:
    veto = Veto(person=BOB, reason="Not like this.", at=AT)
    until = AT + timedelta(days=11)
    assert comes(some.post(), can.reject()) == (happened.Rejected(veto=veto, until=until),)
    others = some.post(approvals=(some.approval(CY),))
    assert comes(others, can.reject()) == (happened.Rejected(veto=veto, until=until),)
    post = some.post(approvals=(some.approval(CY), some.approval(BOB)))
    assert comes(post, can.reject()) == (
        happened.Rejected(veto=veto, until=until, revision=again(post.revision, 2)),
    )


def test_a_no_is_lifted_with_a_reason_and_the_rest_stand() -> None:
    lifted = happened.VetoLifted(of=BOB, by=HEAD, reason="It is mended.", at=AT)
    assert comes(can.VETOED, can.lift(), HEAD) == (lifted, REVIEW)
    stuck = replace(can.VETOED, findings=(some.BLOCK,))
    # What came to stand in its way meanwhile: nobody is asked for a yes that can't count.
    assert comes(stuck, can.lift(), HEAD) == (lifted, KEPT)
    two = replace(can.VETOED, vetoes=(some.veto(BOB), some.veto(CY)))
    assert comes(two, can.lift(), HEAD) == (lifted,)


@pytest.mark.parametrize(
    ("state", "yeses", "after"),
    [
        (State.REJECTED, (CY,), ("post:sent_to_review", "post:approved")),
        (State.IN_REVIEW, (CY,), ("post:approved",)),
        (State.IN_REVIEW, (), ()),
        (State.CHANGES_REQUESTED, (CY,), ()),
        (State.APPROVED, (CY,), ()),
    ],
)
def test_what_the_last_no_kept_back_goes_on(
    state: State, yeses: tuple[PersonId, ...], after: tuple[str, ...]
) -> None:
    approvals = tuple(some.approval(who) for who in yeses)
    post = some.post(state, vetoes=(some.veto(BOB),), approvals=approvals)
    lifted, *rest = comes(post, can.lift(), BOB)
    assert lifted.tag == "post:veto_lifted"
    assert some.tags(rest) == after


# -- the headteacher ------------------------------------------------------------------------------


def test_a_dispute_and_a_question_keep_who_said_what() -> None:
    dispute = Dispute(finding=some.ALLOWABLE.key, person=ANN, reason="A river.", at=AT)
    assert comes(BLOCKED, can.dispute(), ANN) == (happened.Disputed(dispute=dispute),)
    question = Question(person=ANN, words="May we?", at=AT)
    assert comes(some.post(), can.ask_head(), ANN) == (
        happened.HeadAsked(question=question, at=AT),
    )


def test_what_is_allowed_goes_to_review_once_nothing_else_stops_it() -> None:
    allowance = Allowance(finding=some.ALLOWABLE.key, person=HEAD, reason="A river.", at=AT)
    allowed = happened.Allowed(allowance=allowance)
    assert comes(BLOCKED, can.allow(), HEAD) == (allowed, REVIEW)
    waits = replace(BLOCKED, waiting_for=frozenset({PICTURE}))
    assert comes(waits, can.allow(), HEAD) == (allowed,)
    more = replace(BLOCKED, findings=(some.ALLOWABLE, some.BLOCK))
    assert comes(more, can.allow(), HEAD) == (allowed,)
    assert comes(replace(more, waiting_for=frozenset({PICTURE})), can.allow(), HEAD) == (allowed,)
    one_before = Allowance(finding=some.BLOCK.key, person=HEAD, reason="", at=some.NOON)
    assert comes(replace(more, allowances=(one_before,)), can.allow(), HEAD) == (allowed, REVIEW)


def test_a_no_to_what_was_asked_leaves_the_draft_as_it_is() -> None:
    asked = some.post(State.DRAFT, findings=(some.ALLOWABLE,), disputes=(can.DISPUTE,))
    no = Veto(person=HEAD, reason="Ask the family first.", at=AT)
    assert comes(asked, can.decline(), HEAD) == (happened.Declined(answer=no),)


# -- stopping, posting ----------------------------------------------------------------------------


def test_withdrawn_and_stopped_say_by_whom_and_when() -> None:
    assert comes(some.post(), ask.Withdraw(post=POST), ANN) == (happened.Withdrawn(by=ANN, at=AT),)
    assert comes(some.post(), can.stop()) == (happened.Stopped(by=BOB, reason="Wrong day.", at=AT),)


def test_what_was_handed_out_comes_back_as_a_draft_of_a_new_version() -> None:
    out = some.post(State.RELEASED, revision=some.revision(by=CY, pack="of then"))
    recalled = happened.Recalled(
        revision=again(out.revision, 2), by=BOB, reasons=(), words="Wrong day.", at=AT
    )
    assert comes(out, can.stop(), BOB, SEEN) == (recalled, FOUND, KEPT)


def test_removal_is_asked_of_the_pages_that_may_have_it() -> None:
    pages = (PAGE, FEED)
    words = some.content(accounts=pages)
    said = (
        Posting(account=PAGE, said=Posted.UNSURE, person=BOB, at=some.NOON),
        Posting(account=FEED, said=Posted.CANNOT, person=BOB, at=some.NOON),
    )
    question = Question(person=BOB, words="Wrong day.", at=AT)
    asked = happened.RemovalAsked(question=question, accounts=(PAGE,))
    out = some.post(State.RELEASED, revision=some.revision(1, words), postings=said)
    stopped = happened.Stopped(by=BOB, reason="Wrong day.", at=AT)
    assert comes(out, can.stop()) == (asked, stopped)
    # What is published already stays published; nothing is left to be stopped.
    assert comes(replace(out, state=State.PUBLISHED), can.stop()) == (asked,)
    cannot = replace(out, postings=said[1:])
    recalled, *_ = comes(cannot, can.stop())
    assert recalled.tag == "post:recalled"


def test_a_poster_marks_one_page_and_the_last_one_ends_it() -> None:
    url = "https://oak.example/fair"
    posting = Posting(account=PAGE, said=Posted.YES, person=BOB, at=AT, url=url)
    marked = happened.PostedOn(posting=posting)
    assert comes(can.RELEASED, can.mark(url=url)) == (marked, happened.Published(at=AT))
    # The address may come later; it is published once.
    assert comes(can.PUBLISHED, can.mark(url=url)) == (marked,)
    words = some.content(accounts=(PAGE, FEED))
    two = some.post(State.RELEASED, revision=some.revision(1, words))
    assert comes(two, can.mark(url=url)) == (marked,)


@pytest.mark.parametrize(("unsure", "word"), [(True, Posted.UNSURE), (False, Posted.CANNOT)])
def test_what_a_poster_could_not_do_is_kept_in_their_words(unsure: bool, word: Posted) -> None:  # noqa: FBT001 -- a case
    posting = Posting(account=PAGE, said=word, person=BOB, at=AT, words="Locked out.")
    assert comes(can.RELEASED, can.cannot(unsure=unsure)) == (happened.NotPosted(posting=posting),)
