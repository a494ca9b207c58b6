"""What may be asked in which state, and what comes of it. The tables here are written anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, get_args

import pytest

from moderation.checks.model import Severity
from moderation.kernel import Reason, Refused
from moderation.people.model import Role, Span
from moderation.posts import commands as ask, events as happened
from moderation.posts.evolution import evolve
from moderation.posts.model import Needs, Posted, Posting, State
from moderation.posts.refusals import Refusal
from moderation.posts.signing import signatures
from moderation.posts.workflow import decide
from tests import builders as some
from tests.builders import ANN, BOB, CY, FEED, HEAD, NOON, PAGE, POST
from tests.model.world import PICTURE
from tests.moderation.posts import guard_cases as can
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import Asked, PersonId
    from moderation.posts.guards import Facts
    from moderation.posts.model import Approval, Post


MATRIX = """
                     draft review changes rejected approved released published withdrawn expired
    Propose            .     .      .        .        .        .         .         .        .
    Revise             x     x      x        x        x        .         .         .        .
    Judge              x     x      x        x        x        .         .         .        .
    Dispute            x     .      .        .        .        .         .         .        .
    Allow              x     .      .        .        .        .         .         .        .
    Decline            x     .      .        .        .        .         .         .        .
    Approve            .     x      .        .        .        .         .         .        .
    RequestChanges     .     x      .        .        .        .         .         .        .
    Reject             .     x      .        .        x        .         .         .        .
    LiftVeto           x     x      x        x        x        .         .         .        .
    AskHead            x     x      x        x        x        x         .         .        .
    Withdraw           x     x      x        x        x        .         .         .        .
    Stop               x     x      x        x        x        x         x         .        .
    MarkPosted         .     .      .        .        .        x         x         .        .
    SayNotPosted       .     .      .        .        .        x         .         .        .
    Release            .     .      .        .        x        .         .         .        .
    Recheck            .     x      .        .        .        x         .         .        .
    Remind             .     x      .        .        .        .         .         .        .
    AskHeadInTime      .     x      .        .        .        .         .         .        .
    Expire             x     x      x        x        .        .         .         .        .
    RemindPosters      .     .      .        .        .        x         .         .        .
    AskWhetherPosted   .     .      .        .        .        x         .         .        .
    Attend             .     x      .        .        .        .         .         .        .
    TakePosting        .     .      .        .        .        x         .         .        .
    LookAway           .     x      .        .        .        .         .         .        .
"""
"""Rows are commands, columns states; x is where a command may be asked (design, a post's life)."""

ROWS = {row.split()[0]: row.split()[1:] for row in MATRIX.strip().splitlines()[1:]}
MAY = {
    (name, state): mark == "x"
    for name, row in ROWS.items()
    for state, mark in zip(State, row, strict=True)
}
SAMPLES: tuple[ask.Command, ...] = (
    *{type(case.command): case.command for case in can.CASES}.values(),
    ask.Judge(post=POST),
    ask.Release(post=POST),
    ask.Recheck(post=POST),
    *(
        timed(post=POST, seen=1)
        for timed in (ask.Remind, ask.AskHeadInTime, ask.Expire, ask.RemindPosters, ask.LookAway)
    ),
    ask.AskWhetherPosted(post=POST, seen=1, account=PAGE),
)
STANDING = [sample for sample in SAMPLES if not isinstance(sample, ask.Propose)]
AFTER_ALL = NOON + timedelta(days=60)


def test_the_matrix_knows_every_command_and_every_state() -> None:
    assert ROWS.keys() == {command.__name__ for command in get_args(ask.Command)}
    assert {type(sample).__name__ for sample in SAMPLES} == ROWS.keys()


@proves("STEP-MOD-1")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", STANDING, ids=lambda sample: type(sample).__name__)
def test_a_command_is_heard_only_where_the_matrix_says_so(
    command: ask.Command, state: State
) -> None:
    """Elsewhere people are told that it is closed, and the timer brings nothing about."""
    allowed = MAY[type(command).__name__, state]
    post = some.post(
        state, findings=(some.BLOCK,), approvals=(some.approval(BOB),), expires_at=NOON
    )
    if isinstance(command, ask.Timed):
        facts = some.facts(findings=(some.BLOCK, some.FLAG))
        events = said(decide(post, command, facts, some.timer(AFTER_ALL)))
        assert bool(events) is allowed
        return
    answer = decide(post, command, some.facts(), some.asked(BOB))
    closed = isinstance(answer, Refused) and answer.codes == {Refusal.CLOSED}
    assert closed is not allowed
    if isinstance(answer, Refused) and closed:
        assert answer.reasons[0].about == {"state": state}


def said(answer: tuple[happened.Event, ...] | Refused) -> tuple[happened.Event, ...]:
    assert not isinstance(answer, Refused), answer
    return answer


def play(post: Post | None, *steps: tuple[ask.Command, Asked], facts: Facts | None = None) -> Post:
    """The post after these commands, each of which is accepted."""
    for number, (command, asked) in enumerate(steps, start=2):
        known = replace(facts or some.facts(), revision_id=f"r{number}")
        for event in said(decide(post, command, known, asked)):
            post = evolve(post, event)
    assert post is not None
    return post


def by(who: PersonId, at: timedelta = timedelta()) -> Asked:
    return some.asked(who, NOON + at)


# -- what comes of it -----------------------------------------------------------------------------


def test_a_proposal_is_in_front_of_the_approvers_with_its_clocks_set() -> None:
    facts = some.facts()
    events = said(decide(None, can.propose, facts, by(ANN)))
    assert some.tags(events) == ("post:proposed", "post:judged", "post:sent_to_review")
    review = events[-1]
    assert isinstance(review, happened.SentToReview)
    assert review.remind_at == NOON + timedelta(hours=4)
    assert review.ask_head_at == NOON + timedelta(hours=24)
    assert review.expires_at == NOON + timedelta(days=7)
    assert not review.nobody_here


def test_who_wrote_a_message_that_another_proposes_is_an_author_too() -> None:
    post = play(None, (can.propose, by(ANN)), facts=some.facts(writers=frozenset({BOB})))
    assert post.authors == {ANN, BOB}
    answer = decide(post, can.approve(), some.facts(), by(BOB))
    assert isinstance(answer, Refused)
    assert answer.codes == {Refusal.OWN_POST}


@pytest.mark.parametrize(
    "facts",
    [some.facts(findings=(some.BLOCK,)), some.facts(waiting_for=frozenset({PICTURE}))],
    ids=["a block", "a picture nobody looked at"],
)
def test_what_is_stopped_stays_a_draft_until_it_is_mended(facts: Facts) -> None:
    post = play(None, (can.propose, by(ANN)), facts=facts)
    assert post.state is State.DRAFT
    assert said(decide(post, ask.Judge(post=POST), facts, some.timer())) == ()
    mended = play(post, (ask.Judge(post=POST), some.timer()))
    assert mended.state is State.IN_REVIEW


def test_when_everybody_is_away_the_review_says_so() -> None:
    away = [replace(one, absences=(Span(),)) for one in some.STAFF]
    facts = some.facts(rights=some.rights(people=away))
    *_, review = said(decide(None, can.propose, facts, by(ANN)))
    assert isinstance(review, happened.SentToReview)
    assert review.nobody_here


def test_an_approver_who_edits_is_an_author_and_every_yes_is_void() -> None:
    approved = play(some.post(), (can.approve(), by(BOB)))
    assert approved.state is State.APPROVED
    revised = play(approved, (can.revise(), by(CY)))
    assert (revised.state, revised.approvals) == (State.IN_REVIEW, ())
    assert revised.authors == {ANN, CY}
    answer = decide(revised, can.approve(seen=2), some.facts(), by(CY))
    assert isinstance(answer, Refused)
    assert answer.codes == {Refusal.EDITED_BY_YOU}


def test_an_account_named_twice_gets_one_row() -> None:
    twice = ask.Propose(post=POST, content=some.content(accounts=(PAGE, FEED, PAGE)))
    rights = some.rights(
        grants=[*some.GRANTS, *(some.grant(who, FEED) for who in (ANN, BOB, CY))],
        accounts=(PAGE, FEED),
    )
    facts = some.facts(accounts={PAGE: some.account(), FEED: some.account(FEED)}, rights=rights)
    steps = (
        (twice, by(ANN)),
        (can.approve(), by(BOB)),
        (ask.Release(post=POST), some.timer()),
    )
    post = play(None, *steps, facts=facts)
    assert [row.account for row in post.publications] == [PAGE, FEED]
    again = ask.Revise(post=POST, seen=1, content=some.content(accounts=(PAGE, FEED)))
    same = decide(play(None, (twice, by(ANN)), facts=facts), again, facts, by(ANN))
    assert isinstance(same, Refused)
    assert same.codes == {Refusal.SAME_WORDS}


def test_nothing_goes_out_before_its_time() -> None:
    tomorrow = NOON + timedelta(days=1)
    words = some.content(not_before=tomorrow)
    post = play(some.post(revision=some.revision(1, words)), (can.approve(), by(BOB)))
    early = decide(post, ask.Release(post=POST), some.facts(), some.timer(NOON))
    assert said(early) == ()
    events = said(decide(post, ask.Release(post=POST), some.facts(), some.timer(tomorrow)))
    assert some.tags(events) == ("post:released",)


def test_sent_back_it_needs_every_yes_afresh() -> None:
    post = play(some.post(), (can.approve(), by(BOB)))
    flagged = some.facts(findings=(some.FLAG,), revision_id="r-new")
    back = play(post, (ask.Release(post=POST), some.timer()), facts=flagged)
    assert (back.state, back.approvals) == (State.IN_REVIEW, ())
    assert back.held_back == (Refusal.UNCONFIRMED,)
    assert (back.revision.number, back.revision.digest) == (2, post.revision.digest)


def test_too_few_yeses_never_go_out() -> None:
    post = some.post(State.APPROVED)
    back, *_ = said(decide(post, ask.Release(post=POST), some.facts(), some.timer()))
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (Refusal.TOO_FEW_YES,)


# -- what the headteacher is asked to allow --------------------------------------------------------

ASKED = (can.dispute(), by(ANN))
NO = (can.decline(), by(HEAD))
STOPPED_BY_A_WORD = some.post(State.DRAFT, findings=(some.ALLOWABLE,))


@proves("STEP-MOD-1")
def test_after_the_heads_no_the_words_change_before_anything_is_asked_again() -> None:
    post = play(STOPPED_BY_A_WORD, ASKED, NO)
    assert (post.state, post.revision.number) == (State.DRAFT, 1)
    assert not post.asked_points
    for again in (can.dispute(), can.dispute(finding=some.FLAG.key)):
        refused = decide(post, again, some.facts(), by(ANN))
        assert isinstance(refused, Refused)
        assert Reason(Refusal.DECLINED, {"person": HEAD}) in refused.reasons
    twice = decide(post, can.decline(), some.facts(), by(HEAD))
    assert isinstance(twice, Refused)
    assert twice.codes == {Refusal.NO_SUCH_FINDING}

    still_stopped = some.facts(findings=(some.ALLOWABLE,))
    changed = play(post, (can.revise(), by(ANN)), facts=still_stopped)
    assert (changed.state, changed.change_request) == (State.DRAFT, None)
    asked = play(changed, (can.dispute(seen=2), by(ANN)))
    assert asked.asked_points == {some.ALLOWABLE.key}


def test_the_head_may_allow_after_all_what_was_said_no_to() -> None:
    post = play(STOPPED_BY_A_WORD, ASKED, NO, (can.allow(), by(HEAD)))
    assert (post.state, post.change_request) == (State.IN_REVIEW, None)


def test_a_no_answers_every_point_and_allowing_one_opens_the_other_again() -> None:
    second = some.finding(Severity.BLOCK, "second", allowable=True)
    both = replace(STOPPED_BY_A_WORD, findings=(some.ALLOWABLE, second))
    also = (can.dispute(finding=second.key), by(ANN))
    answered = play(both, ASKED, also, NO)
    assert not answered.asked_points
    assert play(answered, (can.allow(), by(HEAD))).asked_points == {second.key}


# -- found by the model ---------------------------------------------------------------------------


@proves("STEP-MOD-1")
def test_a_yes_taken_back_does_not_count_once_the_no_is_overridden() -> None:
    steps = ((can.approve(), by(BOB)), (can.reject(), by(BOB)))
    post = play(some.post(), *steps)
    assert (post.revision.number, post.approvals) == (2, ())
    lifted = play(post, (can.lift(seen=2), by(HEAD)))
    assert lifted.state is State.IN_REVIEW
    assert play(lifted, (can.approve(seen=2), by(CY))).state is State.APPROVED


def test_lifting_the_last_no_clears_what_was_approved_meanwhile() -> None:
    steps = ((can.reject(), by(BOB)), (can.revise(), by(ANN)), (can.approve(seen=2), by(CY)))
    post = play(some.post(), *steps)
    assert post.state is State.IN_REVIEW
    assert play(post, (can.lift(seen=2), by(BOB))).state is State.APPROVED


@pytest.mark.parametrize("answer", [can.lift(seen=2), can.reject(seen=2)])
def test_no_answer_revives_what_has_expired(answer: ask.Command) -> None:
    steps = ((can.reject(), by(BOB)), (can.revise(), by(ANN)), (can.approve(seen=2), by(CY)))
    late = decide(play(some.post(), *steps), answer, some.facts(), by(BOB, timedelta(days=8)))
    assert isinstance(late, Refused)
    assert late.codes == {Refusal.EXPIRED}


def test_a_lost_right_as_moderator_is_not_made_up_for_by_a_deputys_role() -> None:
    deputy = some.person(BOB, Role.STAFF, Role.DEPUTY_HEADTEACHER)
    people = [some.person(ANN), deputy, some.person(HEAD, Role.HEADTEACHER)]
    with_right = some.facts(rights=some.rights(people=people))
    without = some.facts(rights=some.rights(people=people, grants=[some.grant(ANN)]))
    post = play(some.post(), (can.approve(), by(BOB)), facts=with_right)
    back, *_ = said(decide(post, ask.Release(post=POST), without, some.timer()))
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (Refusal.RIGHT_LOST,)


def test_who_left_lifts_no_veto() -> None:
    gone = [replace(one, appointments=()) if one.id == BOB else one for one in some.STAFF]
    facts = some.facts(rights=some.rights(people=gone))
    answer = decide(can.VETOED, can.lift(), facts, by(BOB))
    assert isinstance(answer, Refused)
    assert answer.codes == {Refusal.NOT_YOUR_VETO}
    assert play(can.VETOED, (can.lift(), by(HEAD)), facts=facts).state is State.IN_REVIEW


# -- stopping, posting ----------------------------------------------------------------------------


def test_one_person_stops_it_before_it_is_handed_out_and_recalls_it_after() -> None:
    assert play(some.post(), (can.stop(), by(BOB))).state is State.WITHDRAWN
    out = some.post(State.RELEASED, approvals=(some.approval(BOB),))
    events = said(decide(out, can.stop(), some.facts(), by(BOB)))
    assert some.tags(events) == ("post:recalled", "post:judged", "post:kept_as_draft")


@pytest.mark.parametrize("word", [Posted.YES, Posted.UNSURE])
def test_what_may_be_public_is_asked_to_be_removed(word: Posted) -> None:
    posting = Posting(account=PAGE, said=word, person=BOB, at=NOON)
    out = some.post(State.RELEASED, postings=(posting,))
    events = said(decide(out, can.stop(), some.facts(), by(BOB)))
    assert some.tags(events) == ("post:removal_asked", "post:stopped")


def test_it_is_published_when_the_last_account_has_it() -> None:
    words = some.content(accounts=(PAGE, FEED))
    out = some.post(State.RELEASED, revision=some.revision(1, words))
    rights = some.rights(grants=[some.grant(BOB), some.grant(BOB, FEED)], accounts=(PAGE, FEED))
    facts = some.facts(rights=rights)
    half = play(out, (can.mark(), by(BOB)), facts=facts)
    assert (half.state, half.outstanding) == (State.RELEASED, (FEED,))
    done = play(half, (can.mark(account=FEED, url="https://x.example/1"), by(BOB)), facts=facts)
    assert done.state is State.PUBLISHED
    later = play(done, (can.mark(url="https://f.example/2"), by(BOB)), facts=facts)
    assert {item.url for item in later.postings} == {"https://x.example/1", "https://f.example/2"}


# -- whose yes counts as what ---------------------------------------------------------------------

BOB_YES, CY_YES = some.approval(BOB), some.approval(CY)
HEAD_YES = some.approval(HEAD)


@proves("STEP-HEAD-2")
@pytest.mark.parametrize(
    ("needs", "yes", "signed"),
    [
        (Needs(), (), None),
        (Needs(), (BOB_YES,), (BOB, None, None)),
        (Needs(seconds=2), (BOB_YES, BOB_YES), None),
        (Needs(seconds=2), (BOB_YES, CY_YES), (BOB, CY, None)),
        (Needs(head=True), (BOB_YES,), None),
        (Needs(head=True), (HEAD_YES,), (HEAD, None, HEAD)),
        (Needs(head=True), (BOB_YES, HEAD_YES), (BOB, None, HEAD)),
        (Needs(head=True, head_counts=False), (HEAD_YES,), None),
        (Needs(head=True, head_counts=False), (HEAD_YES, BOB_YES), (BOB, None, HEAD)),
        (Needs(seconds=2, head=True), (HEAD_YES, BOB_YES), (HEAD, BOB, HEAD)),
        (Needs(seconds=2, head=True, head_counts=False), (HEAD_YES, BOB_YES), None),
    ],
)
def test_signatures(
    needs: Needs,
    yes: tuple[Approval, ...],
    signed: tuple[PersonId, PersonId | None, PersonId | None] | None,
) -> None:
    assert signatures(needs, yes) == signed
