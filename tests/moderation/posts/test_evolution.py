"""How each event changes a post in which everything is set already: these fields and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.kernel import Identity, Platform
from moderation.posts import events as happened
from moderation.posts.evolution import evolve
from moderation.posts.model import (
    Allowance,
    Dispute,
    Post,
    Posted,
    Posting,
    Question,
    State,
    Veto,
)
from moderation.posts.refusals import Refusal
from tests import builders as some
from tests.builders import ANN, BOB, CY, FEED, HEAD, NOON, OAK, PAGE, POST
from tests.model.world import PICTURE


AT = NOON + timedelta(hours=2)
UNTIL = NOON + timedelta(days=3)
BEFORE = NOON + timedelta(days=1)
ASKED = Question(person=ANN, words="May we?", at=NOON)
DISPUTE = Dispute(finding=some.ALLOWABLE.key, person=ANN, reason="A river.", at=NOON)
ALLOWANCE = Allowance(finding=some.ALLOWABLE.key, person=HEAD, reason="A river.", at=NOON)
UNSURE = Posting(account=PAGE, said=Posted.UNSURE, person=BOB, at=NOON)
OTHER = replace(UNSURE, account=FEED)
FULL = some.post(
    State.IN_REVIEW,
    findings=(some.FLAG,),
    waiting_for=frozenset({PICTURE}),
    approvals=(some.approval(BOB),),
    vetoes=(some.veto(BOB), some.veto(CY)),
    disputes=(DISPUTE,),
    allowances=(ALLOWANCE,),
    change_request=some.veto(CY),
    questions=(ASKED,),
    publications=(some.publication(some.post()),),
    postings=(UNSURE, OTHER),
    expires_at=BEFORE,
    removal_asked=ASKED,
    held_back=("blocked",),
)
SECOND = some.revision(2, some.content("Other words."), authors=(ANN, CY), by=CY, at=AT)
RENEWED = replace(
    FULL,
    revision=SECOND,
    findings=(),
    waiting_for=frozenset(),
    approvals=(),
    disputes=(),
    allowances=(),
    publications=(),
    change_request=None,
    held_back=(),
)
AGAIN = Question(person=BOB, words="And this?", at=AT)
NO = Veto(person=BOB, reason="Still not.", at=AT)
DONE = Posting(account=PAGE, said=Posted.YES, person=BOB, at=AT, url="https://oak.example")
MORE = replace(DISPUTE, person=CY)
ALLOWED = replace(ALLOWANCE, finding=some.BLOCK.key)
OUT = (some.publication(some.post(), second=CY),)


def moved(state: State, expires_at: object = None, **fields: object) -> Post:
    return replace(FULL, state=state, entered_at=AT, expires_at=expires_at, **fields)  # type: ignore[arg-type]


CHANGES: tuple[tuple[happened.Event, Post], ...] = (
    (happened.Revised(revision=SECOND), RENEWED),
    (
        happened.Judged(findings=(some.BLOCK,), waiting_for=frozenset()),
        replace(FULL, findings=(some.BLOCK,), waiting_for=frozenset()),
    ),
    (
        happened.SentToReview(at=AT, remind_at=NOON, ask_head_at=NOON, expires_at=UNTIL),
        moved(State.IN_REVIEW, UNTIL),
    ),
    (happened.KeptAsDraft(at=AT, until=UNTIL), moved(State.DRAFT, UNTIL)),
    (happened.Disputed(dispute=MORE), replace(FULL, disputes=(DISPUTE, MORE))),
    (
        happened.Allowed(allowance=ALLOWED),
        replace(FULL, allowances=(ALLOWANCE, ALLOWED), change_request=None),
    ),
    (happened.Declined(answer=NO), replace(FULL, change_request=NO)),
    (
        happened.Approved(approval=some.approval(CY)),
        replace(FULL, approvals=(some.approval(BOB), some.approval(CY))),
    ),
    (happened.Cleared(at=AT, due=UNTIL), moved(State.APPROVED, held_back=())),
    (
        happened.ChangesRequested(request=NO, until=UNTIL),
        moved(State.CHANGES_REQUESTED, UNTIL, change_request=NO),
    ),
    (
        happened.Rejected(veto=NO, until=UNTIL),
        moved(State.REJECTED, UNTIL, vetoes=(some.veto(CY), NO)),
    ),
    (
        happened.Rejected(veto=NO, until=UNTIL, revision=SECOND),
        moved(State.REJECTED, UNTIL, vetoes=(some.veto(CY), NO), revision=SECOND, approvals=()),
    ),
    (
        happened.VetoLifted(of=BOB, by=HEAD, reason="It is mended.", at=AT),
        replace(FULL, vetoes=(some.veto(CY),)),
    ),
    (happened.HeadAsked(question=AGAIN, at=AT), replace(FULL, questions=(ASKED, AGAIN))),
    (happened.HeadAsked(question=None, at=AT), FULL),
    (happened.Withdrawn(by=ANN, at=AT), moved(State.WITHDRAWN)),
    (happened.Stopped(by=BOB, reason="Wrong day.", at=AT), moved(State.WITHDRAWN)),
    (
        happened.SentBack(revision=SECOND, reasons=("held", "blocked"), at=AT),
        replace(RENEWED, held_back=("held", "blocked")),
    ),
    (happened.HeldUp(at=AT), FULL),
    (happened.TakenUp(at=AT, remind_at=None), FULL),
    (
        happened.Released(publications=OUT, at=AT, remind_at=UNTIL),
        moved(State.RELEASED, publications=OUT, held_back=()),
    ),
    (
        happened.Recalled(revision=SECOND, by=BOB, reasons=("held",), words="Stop.", at=AT),
        replace(RENEWED, held_back=("held",), postings=()),
    ),
    (happened.PostedOn(posting=DONE), replace(FULL, postings=(OTHER, DONE))),
    (happened.NotPosted(posting=DONE), replace(FULL, postings=(OTHER, DONE))),
    (happened.Published(at=AT), moved(State.PUBLISHED)),
    (
        happened.RemovalAsked(question=AGAIN, accounts=(PAGE,)),
        replace(FULL, removal_asked=AGAIN),
    ),
    (happened.Reminded(at=AT), FULL),
    (happened.PostersReminded(accounts=(PAGE,), at=AT, again_at=UNTIL), FULL),
    (happened.Expired(at=AT), moved(State.EXPIRED)),
    (happened.Attended(by=BOB, at=AT, until=UNTIL), FULL),
    (happened.LookedAway(by=None, at=AT), FULL),
    (happened.PostingTaken(by=BOB, at=AT), FULL),
    (happened.PostingGivenBack(by=BOB, at=AT), FULL),
)


@pytest.mark.parametrize(("event", "after"), CHANGES, ids=lambda item: getattr(item, "tag", ""))
def test_an_event_changes_what_it_names(event: happened.Event, after: Post) -> None:
    assert evolve(FULL, event) == after


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.RELEASED])
def test_a_pause_is_noted_on_what_it_keeps_from_going_on(state: State) -> None:
    post = replace(FULL, state=state)
    held = evolve(post, happened.HeldUp(at=AT))
    assert held == replace(post, held_back=(Refusal.HELD,))
    assert evolve(held, happened.TakenUp(at=AT, remind_at=None)) == replace(post, held_back=())


def test_a_proposal_makes_a_draft_opened_when_it_was_written() -> None:
    wrote = frozenset({Identity(Platform.SLACK, "U9")})
    made = evolve(None, happened.Proposed(post=POST, school=OAK, revision=SECOND, strangers=wrote))
    assert made == Post(
        id=POST,
        school=OAK,
        state=State.DRAFT,
        revision=SECOND,
        opened_at=AT,
        entered_at=AT,
        strangers=wrote,
    )
