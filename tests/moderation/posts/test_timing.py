"""What the timer's commands bring about, to the last field; pauses have pages of their own too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PersonId, Refused
from moderation.policies.settings import PackSettings
from moderation.posts import commands as ask, events as happened
from moderation.posts.model import (
    Allowance,
    Needs,
    Pause,
    Post,
    Posted,
    Posting,
    Publication,
    State,
)
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import decide
from tests import builders as some
from tests.builders import ANN, BOB, CY, FEED, HEAD, OAK, PAGE, POST
from tests.model.world import PICTURE


if TYPE_CHECKING:
    from collections.abc import Callable

    from moderation.posts.guards import Facts

AT = some.NOON + timedelta(hours=2)
AGAIN = AT + timedelta(hours=9)
SETTINGS = PackSettings(
    keep_draft_days=11,
    remind_after_hours=3,
    ask_head_after_hours=5,
    expire_after_days=6,
    unposted_after_hours=9,
)
FACTS = some.facts(settings=SETTINGS)
HELD = replace(FACTS, pause=Pause(place=OAK, by=HEAD, since=some.NOON))
FOR_HEAD = replace(FACTS, needs=Needs(head=True))
BLOCKED = replace(FACTS, findings=(some.FLAG, some.BLOCK))
APPROVED = some.post(State.APPROVED, approvals=(some.approval(BOB),))
OUT = some.post(State.RELEASED, approvals=(some.approval(BOB),))
BOTH = replace(OUT, revision=some.revision(1, some.content(accounts=(PAGE, FEED))))
REVIEW = happened.SentToReview(
    at=AT,
    remind_at=AT + timedelta(hours=3),
    ask_head_at=AT + timedelta(hours=5),
    expires_at=AT + timedelta(days=6),
)
CLEAN = happened.Judged(findings=(), waiting_for=frozenset())
KEPT = happened.KeptAsDraft(at=AT, until=AT + timedelta(days=11))
RELEASE, RECHECK = ask.Release(post=POST), ask.Recheck(post=POST)
JUDGE = ask.Judge(post=POST)


def comes(post: Post, command: ask.Command, facts: Facts = FACTS) -> tuple[happened.Event, ...]:
    said = decide(post, command, facts, some.timer(AT))
    assert not isinstance(said, Refused), said
    return said


def held_back(post: Post) -> Post:
    return replace(post, held_back=(Refusal.HELD,))


def posting(said: Posted, page: str = PAGE) -> Posting:
    return Posting(account=FEED if page == FEED else PAGE, said=said, person=BOB, at=some.NOON)


# -- judging a draft again ------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [BLOCKED, replace(FACTS, waiting_for=frozenset({PICTURE}))])
def test_a_draft_is_judged_again_only_where_something_is_new(facts: Facts) -> None:
    found = happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    draft = some.post(State.DRAFT, findings=(some.ALLOWABLE,))
    assert comes(draft, JUDGE, facts) == (found,)
    known = replace(draft, findings=facts.findings, waiting_for=facts.waiting_for)
    assert comes(known, JUDGE, facts) == ()
    assert comes(known, JUDGE) == (CLEAN, REVIEW)


def test_a_block_that_was_allowed_stops_nothing_when_it_is_judged_again() -> None:
    allowance = Allowance(finding=some.BLOCK.key, person=HEAD, reason="", at=some.NOON)
    found = happened.Judged(findings=BLOCKED.findings, waiting_for=frozenset())
    draft = some.post(State.DRAFT, allowances=(allowance,), findings=(some.BLOCK, some.ALLOWABLE))
    assert comes(draft, JUDGE, BLOCKED) == (found, REVIEW)


def test_what_a_pause_called_back_is_asked_about_afresh_when_it_ends() -> None:
    back = held_back(some.post(State.DRAFT))
    assert comes(back, JUDGE, HELD) == ()
    taken_up = happened.TakenUp(at=AT, remind_at=None)
    assert comes(back, JUDGE) == (taken_up, CLEAN, REVIEW)


def test_what_somebody_called_back_stays_with_its_authors_when_a_roll_changes() -> None:
    back = some.post(State.DRAFT, findings=(some.FLAG,))
    assert comes(back, JUDGE) == (CLEAN,)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_a_new_block_sends_a_post_back_at_once(state: State) -> None:
    post = some.post(state, approvals=(some.approval(BOB),))
    back, found, kept = comes(post, JUDGE, BLOCKED)
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (Refusal.BLOCKED, Refusal.UNCONFIRMED)
    assert found == happened.Judged(findings=BLOCKED.findings, waiting_for=frozenset())
    assert kept == KEPT


def test_a_new_flag_asks_those_again_who_have_said_yes() -> None:
    flagged = replace(FACTS, findings=(some.FLAG,))
    found = happened.Judged(findings=(some.FLAG,), waiting_for=frozenset())
    asked = some.post(State.IN_REVIEW, approvals=(some.approval(BOB),))
    back, *then = comes(asked, JUDGE, flagged)
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (Refusal.UNCONFIRMED,)
    assert then == [found, REVIEW]
    assert comes(some.post(State.IN_REVIEW), JUDGE, flagged) == (found,)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.REJECTED])
def test_a_post_in_which_nothing_is_new_is_left_alone(state: State) -> None:
    known = replace(some.post(state), findings=BLOCKED.findings)
    assert comes(known, JUDGE, BLOCKED) == ()


@pytest.mark.parametrize("state", [State.CHANGES_REQUESTED, State.REJECTED])
def test_what_waits_for_people_only_shows_what_is_found(state: State) -> None:
    found = happened.Judged(findings=BLOCKED.findings, waiting_for=frozenset())
    assert comes(some.post(state), JUDGE, BLOCKED) == (found,)


# -- the head's yes, asked for by what is found later ---------------------------------------------


def by_head(post: Post, *reasons: Refusal) -> happened.SentBack:
    needs = replace(post.revision.needs, head=True)
    revision = replace(post.revision, id="r-new", number=2, needs=needs, at=AT)
    return happened.SentBack(revision=revision, reasons=reasons or (Refusal.HEAD_NEEDED,), at=AT)


def test_a_draft_whose_picture_was_looked_at_is_asked_about_with_the_head() -> None:
    draft = some.post(State.DRAFT, waiting_for=frozenset({PICTURE}))
    assert comes(draft, JUDGE, FOR_HEAD) == (by_head(draft), CLEAN, REVIEW)
    stuck = replace(FOR_HEAD, findings=(some.BLOCK,))
    found = happened.Judged(findings=(some.BLOCK,), waiting_for=frozenset())
    assert comes(draft, JUDGE, stuck) == (by_head(draft), found, KEPT)


def test_a_draft_that_somebody_called_back_stays_with_its_authors_and_needs_the_head() -> None:
    draft = some.post(State.DRAFT)
    assert comes(draft, JUDGE, FOR_HEAD) == (by_head(draft), CLEAN, KEPT)


def test_what_the_head_allowed_is_allowed_afresh_under_a_new_number() -> None:
    allowance = Allowance(finding=some.BLOCK.key, person=HEAD, reason="", at=some.NOON)
    draft = some.post(State.DRAFT, allowances=(allowance,), waiting_for=frozenset({PICTURE}))
    *_, last = comes(draft, JUDGE, replace(FOR_HEAD, findings=(some.BLOCK,)))
    assert last == KEPT


def test_a_draft_that_a_pause_called_back_is_still_taken_up_after_it() -> None:
    draft = held_back(some.post(State.DRAFT))
    paused = replace(FOR_HEAD, pause=HELD.pause)
    back = by_head(draft, Refusal.HELD, Refusal.HEAD_NEEDED)
    assert comes(draft, JUDGE, paused) == (back, CLEAN, KEPT)
    taken_up = happened.TakenUp(at=AT, remind_at=None)
    assert comes(draft, JUDGE, FOR_HEAD) == (taken_up, by_head(draft), CLEAN, REVIEW)


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (State.IN_REVIEW, JUDGE),
        (State.IN_REVIEW, RECHECK),
        (State.APPROVED, JUDGE),
        (State.APPROVED, RELEASE),
    ],
)
def test_what_two_decided_goes_back_for_the_heads_yes(state: State, command: ask.Command) -> None:
    post = some.post(state, approvals=(some.approval(BOB),))
    assert comes(post, command, FOR_HEAD) == (by_head(post), CLEAN, REVIEW)
    asked = replace(post, revision=some.revision(needs=Needs(head=True)))
    assert by_head(post).tag not in some.tags(comes(asked, JUDGE, FOR_HEAD))


def test_a_no_waits_for_people_and_the_release_asks_for_the_head() -> None:
    assert comes(some.post(State.REJECTED), JUDGE, FOR_HEAD) == ()


def test_what_is_handed_out_and_nowhere_yet_comes_back_for_the_heads_yes() -> None:
    recalled = happened.Recalled(
        revision=by_head(OUT).revision, by=None, reasons=("head_needed",), words="", at=AT
    )
    assert comes(OUT, RECHECK, FOR_HEAD) == (recalled, CLEAN, REVIEW)
    half = replace(BOTH, postings=(posting(Posted.YES),))
    assert comes(half, RECHECK, FOR_HEAD) == ()


# -- release --------------------------------------------------------------------------------------


def row(page: str, **fields: object) -> Publication:
    revision = APPROVED.revision
    made = Publication(
        revision="r1",
        account=FEED if page == FEED else PAGE,
        digest=revision.digest,
        needs=revision.needs,
        author=ANN,
        second=BOB,
        third=None,
        head=None,
        at=AT,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def test_what_goes_out_names_everybody_who_signed_it() -> None:
    assert comes(APPROVED, RELEASE) == (
        happened.Released(publications=(row(PAGE),), at=AT, remind_at=AGAIN),
    )
    words = some.content(accounts=(PAGE, FEED))
    needs = Needs(seconds=2, head=True, head_counts=False)
    revision = some.revision(1, words, needs=needs)
    yeses = tuple(some.approval(who, revision) for who in (BOB, HEAD, CY))
    both = some.post(State.APPROVED, revision=revision, approvals=yeses)
    facts = replace(
        FACTS,
        accounts={PAGE: some.account(), FEED: some.account(FEED)},
        rights=some.rights(grants=some.GRANTS, accounts=(PAGE,)),
    )
    signed = {"digest": revision.digest, "needs": needs, "third": CY, "head": HEAD}
    rows = (row(PAGE, **signed), row(FEED, **signed))
    assert comes(both, RELEASE, facts) == (
        happened.Released(publications=rows, at=AT, remind_at=AGAIN),
    )


@pytest.mark.parametrize(
    ("by", "author"), [(CY, CY), (ANN, ANN), (HEAD, ANN)], ids=["last", "first", "neither"]
)
def test_the_row_names_whoever_wrote_the_version_if_they_are_an_author(
    by: PersonId, author: PersonId
) -> None:
    post = replace(APPROVED, revision=some.revision(authors=(ANN, CY), by=by))
    [released] = comes(post, RELEASE)
    assert isinstance(released, happened.Released)
    assert [item.author for item in released.publications] == [author]


def test_what_goes_back_is_the_same_words_with_every_reason() -> None:
    post = replace(APPROVED, approvals=(), vetoes=(some.veto(BOB), some.veto(CY)))
    revision = replace(post.revision, id="r-new", number=2, at=AT)
    sent_back = happened.SentBack(
        revision=revision, reasons=("blocked", "veto_stands", "too_few_yes"), at=AT
    )
    found = happened.Judged(findings=BLOCKED.findings, waiting_for=frozenset())
    assert comes(post, RELEASE, BLOCKED) == (sent_back, found, KEPT)


@pytest.mark.parametrize("early", [True, False])
def test_before_its_time_it_waits_and_a_pause_is_shown(early: bool) -> None:  # noqa: FBT001 -- a case
    words = some.content(not_before=AT + timedelta(seconds=1) if early else AT)
    revision = some.revision(1, words)
    timed = some.post(State.APPROVED, revision=revision, approvals=(some.approval(BOB, revision),))
    tags = some.tags(comes(timed, RELEASE))
    assert tags == (() if early else ("post:released",))
    assert comes(timed, RELEASE, HELD) == (happened.HeldUp(at=AT),)
    assert comes(held_back(timed), RELEASE, HELD) == ()
    if early:
        taken_up = happened.TakenUp(at=AT, remind_at=None)
        assert comes(held_back(timed), RELEASE) == (taken_up,)


# -- looking again at what is out -----------------------------------------------------------------


def test_a_block_calls_back_what_is_out_and_asks_to_remove_what_is_public() -> None:
    revision = replace(OUT.revision, id="r-new", number=2, at=AT)
    recalled = happened.Recalled(revision=revision, by=None, reasons=("blocked",), words="", at=AT)
    found = happened.Judged(findings=BLOCKED.findings, waiting_for=frozenset())
    assert comes(OUT, RECHECK, BLOCKED) == (recalled, found, KEPT)
    half = replace(BOTH, postings=(posting(Posted.YES),))
    asked, stopped = comes(half, RECHECK, BLOCKED)
    assert asked.tag == "post:removal_asked"
    assert stopped == happened.Stopped(by=None, reason="", at=AT)


def test_a_pause_calls_back_what_is_nowhere_yet() -> None:
    revision = replace(OUT.revision, id="r-new", number=2, at=AT)
    recalled = happened.Recalled(revision=revision, by=None, reasons=("held",), words="", at=AT)
    assert comes(OUT, RECHECK, HELD) == (recalled, CLEAN, KEPT)
    cannot = replace(OUT, postings=(posting(Posted.CANNOT),))
    assert comes(cannot, RECHECK, HELD) == (recalled, CLEAN, KEPT)
    assert comes(OUT, RECHECK) == ()


@pytest.mark.parametrize("said", [Posted.YES, Posted.UNSURE])
def test_a_pause_holds_up_the_rest_of_what_is_public(said: Posted) -> None:
    half = replace(BOTH, postings=(posting(Posted.CANNOT, FEED), posting(said)))
    assert comes(half, RECHECK, HELD) == (happened.HeldUp(at=AT),)
    assert comes(held_back(half), RECHECK, HELD) == ()
    assert comes(held_back(half), RECHECK) == (happened.TakenUp(at=AT, remind_at=AGAIN),)


def test_a_pause_holds_up_what_is_in_review() -> None:
    waiting = some.post()
    assert comes(waiting, RECHECK, HELD) == (happened.HeldUp(at=AT),)
    taken_up = happened.TakenUp(at=AT, remind_at=None)
    assert comes(held_back(waiting), RECHECK) == (taken_up,)


# -- clocks ---------------------------------------------------------------------------------------

CLOCKS = (ask.Remind, ask.AskHeadInTime, ask.Expire, ask.RemindPosters)


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock_of_an_older_version_is_nothing(clock: Callable[..., ask.Timed]) -> None:
    post = some.post(State.RELEASED if clock is ask.RemindPosters else State.IN_REVIEW)
    late = replace(post, expires_at=some.NOON)
    assert comes(late, clock(post=POST, seen=0)) == ()
    assert comes(late, clock(post=POST, seen=1)) != ()


def test_each_clock_says_what_it_was_set_for() -> None:
    assert comes(some.post(), ask.Remind(post=POST, seen=1)) == (happened.Reminded(at=AT),)
    assert comes(some.post(), ask.AskHeadInTime(post=POST, seen=1)) == (
        happened.HeadAsked(question=None, at=AT),
    )
    reminded = happened.PostersReminded(accounts=(FEED,), at=AT, again_at=AGAIN)
    half = replace(BOTH, postings=(posting(Posted.YES),))
    command = ask.RemindPosters(post=POST, seen=1)
    assert comes(half, command) == (reminded,)
    assert comes(half, command, HELD) == ()


def test_a_post_expires_at_its_moment_and_not_before_and_not_without_one() -> None:
    expire = ask.Expire(post=POST, seen=1)
    ends = [AT, AT - timedelta(seconds=1), AT + timedelta(seconds=1), None]
    expired = (happened.Expired(at=AT),)
    assert [comes(some.post(expires_at=end), expire) for end in ends] == [expired, expired, (), ()]


def test_a_page_without_an_answer_is_unsure_unless_it_is_done() -> None:
    unsure = Posting(account=PAGE, said=Posted.UNSURE, person=None, at=AT)
    command = ask.AskWhetherPosted(post=POST, seen=1, account=PAGE)
    assert comes(OUT, command) == (happened.NotPosted(posting=unsure),)
    assert comes(replace(BOTH, postings=(posting(Posted.YES),)), command) == ()
