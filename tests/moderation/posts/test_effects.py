"""What follows from each event: cards, messages, clocks. And that evolve knows every event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, get_args

import pytest

from moderation.kernel import (
    Audience,
    CorruptStore,
    Effect,
    HandOut,
    Later,
    Show,
    SubjectRef,
    Tell,
)
from moderation.posts import commands as ask, events as happened
from moderation.posts.effects import Message, effects
from moderation.posts.evolution import evolve
from moderation.posts.model import READY, Allowance, Dispute, Posted, Posting, Question, State
from tests import builders as some
from tests.builders import ANN, BOB, HEAD, NOON, PAGE, POST


if TYPE_CHECKING:
    from datetime import datetime

LATER = NOON + timedelta(days=1)
DONE = Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON)
WORDS = Question(person=ANN, words="May we?", at=NOON)
SECOND = some.revision(2)
REVIEW = happened.SentToReview(at=NOON, remind_at=LATER, ask_head_at=LATER, expires_at=LATER)
OUT = some.publication(some.post())
EVENTS: tuple[happened.Event, ...] = (
    happened.Proposed(post=POST, school=some.OAK, revision=some.revision()),
    happened.Revised(revision=SECOND),
    happened.Judged(findings=(some.FLAG,), waiting_for=frozenset()),
    REVIEW,
    happened.KeptAsDraft(at=NOON, until=LATER),
    happened.Disputed(dispute=Dispute(finding=some.BLOCK.key, person=ANN, reason="", at=NOON)),
    happened.Allowed(allowance=Allowance(finding=some.BLOCK.key, person=HEAD, reason="", at=NOON)),
    happened.Declined(answer=some.veto(HEAD)),
    happened.Approved(approval=some.approval()),
    happened.Cleared(at=NOON, due=LATER),
    happened.ChangesRequested(request=some.veto(), until=LATER),
    happened.Rejected(veto=some.veto(), until=LATER),
    happened.VetoLifted(of=BOB, by=HEAD, reason="It is mended.", at=NOON),
    happened.HeadAsked(question=WORDS, at=NOON),
    happened.Withdrawn(by=ANN, at=NOON),
    happened.Stopped(by=BOB, reason="Wrong day.", at=NOON),
    happened.SentBack(revision=SECOND, reasons=("blocked",), at=NOON),
    happened.HeldUp(at=NOON),
    happened.TakenUp(at=NOON, remind_at=LATER),
    happened.Released(publications=(OUT,), at=NOON, remind_at=LATER),
    happened.Recalled(revision=SECOND, by=BOB, reasons=(), words="Stop.", at=NOON),
    happened.PostedOn(posting=DONE),
    happened.Published(at=NOON),
    happened.NotPosted(posting=DONE),
    happened.RemovalAsked(question=WORDS, accounts=(PAGE,)),
    happened.Reminded(at=NOON),
    happened.PostersReminded(accounts=(PAGE,), at=NOON, again_at=LATER),
    happened.Expired(at=NOON),
    happened.Attended(by=BOB, at=NOON, until=LATER),
    happened.LookedAway(by=None, at=NOON),
    happened.PostingTaken(by=BOB, at=NOON),
    happened.PostingGivenBack(by=BOB, at=NOON),
)
BY_TAG = {event.tag: event for event in EVENTS}
ENDS = {
    "post:sent_to_review": State.IN_REVIEW,
    "post:kept_as_draft": State.DRAFT,
    "post:approved": State.APPROVED,
    "post:changes_requested": State.CHANGES_REQUESTED,
    "post:rejected": State.REJECTED,
    "post:withdrawn": State.WITHDRAWN,
    "post:stopped": State.WITHDRAWN,
    "post:released": State.RELEASED,
    "post:published": State.PUBLISHED,
    "post:expired": State.EXPIRED,
}


def test_every_event_has_a_tag_of_its_own_and_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(happened.Event))
    assert len(BY_TAG) == len(EVENTS)
    assert all(tag.startswith("post:") for tag in BY_TAG)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.tag)
def test_evolve_is_total_and_moves_only_where_it_says(event: happened.Event) -> None:
    before = some.post(State.IN_REVIEW, approvals=(some.approval(),))
    after = evolve(before, event)
    state = State.DRAFT if event.tag == "post:proposed" else State.IN_REVIEW
    assert after.state is ENDS.get(event.tag, state)
    assert after.id == before.id


@pytest.mark.parametrize("event", EVENTS[1:], ids=lambda event: event.tag)
def test_nothing_but_a_proposal_makes_a_post(event: happened.Event) -> None:
    with pytest.raises(CorruptStore, match=event.tag):
        evolve(None, event)


@pytest.mark.parametrize("tag", ["post:revised", "post:sent_back", "post:recalled"])
def test_a_new_version_starts_without_a_single_yes(tag: str) -> None:
    before = some.post(
        State.APPROVED,
        approvals=(some.approval(),),
        publications=(OUT,),
        vetoes=(some.veto(),),
    )
    after = evolve(before, BY_TAG[tag])
    assert (after.revision, after.approvals, after.publications) == (SECOND, (), ())
    # A no outlives the words that it was said of.
    assert after.vetoes == before.vetoes


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.tag)
def test_every_event_redraws_the_card(event: happened.Event) -> None:
    follows = effects(evolve(some.post(), event), event)
    assert Show(some.subject()) in follows


def test_a_review_tells_the_approvers_and_sets_three_clocks() -> None:
    follows = effects(some.post(), REVIEW)
    assert [item.command for item in follows if isinstance(item, Later)] == [
        ask.Remind(post=POST, seen=1),
        ask.AskHeadInTime(post=POST, seen=1),
        ask.Expire(post=POST, seen=1),
    ]
    assert [(item.audience, item.message) for item in follows if isinstance(item, Tell)] == [
        (Audience.APPROVERS, Message.PLEASE_DECIDE)
    ]


def test_a_clock_is_one_for_each_version_and_instant() -> None:
    def keys(review: happened.SentToReview, number: int) -> set[str]:
        post = some.post(revision=some.revision(number))
        return {item.key for item in effects(post, review) if isinstance(item, Later)}

    sooner = replace(REVIEW, remind_at=NOON, ask_head_at=NOON, expires_at=NOON)
    three = (keys(REVIEW, 1), keys(REVIEW, 2), keys(sooner, 1))
    assert len(set.union(*three)) == 9
    assert keys(REVIEW, 1) == three[0]


def test_each_account_is_handed_out_once() -> None:
    released = BY_TAG["post:released"]
    follows = effects(evolve(some.post(), released), released)
    assert [item.account for item in follows if isinstance(item, HandOut)] == [PAGE]


def test_who_is_overridden_hears_of_it() -> None:
    lifted = BY_TAG["post:veto_lifted"]
    told = [item for item in effects(some.post(), lifted) if isinstance(item, Tell)]
    assert [(item.audience, item.person) for item in told] == [(Audience.PERSON, BOB)]
    own = happened.VetoLifted(of=BOB, by=BOB, reason="", at=NOON)
    assert not [item for item in effects(some.post(), own) if isinstance(item, Tell)]


# -- every effect of every event ------------------------------------------------------------------

CARD, HANDED_OUT = some.subject(), SubjectRef(READY, POST)
SHOWN, READY_SHOWN = Show(CARD), Show(HANDED_OUT)
SOON = LATER + timedelta(hours=1)
UNSURE = replace(DONE, said=Posted.UNSURE, person=None)
CANNOT = replace(DONE, said=Posted.CANNOT)
CLOCKS = replace(REVIEW, ask_head_at=SOON, expires_at=SOON, nobody_here=True)


def tell(audience: Audience, message: Message, arg: str = "1") -> Tell:
    return Tell(audience, message, CARD, arg)


def clock(command: ask.Timed, due: datetime, version: int = 1) -> Later:
    key = f"{type(command).__name__}:{POST}:{version}:{due.isoformat()}"
    return Later(command, due, key)


EXPIRY = clock(ask.Expire(post=POST, seen=1), LATER)
NEXT = clock(ask.RemindPosters(post=POST, seen=1), LATER)
FOLLOWS: tuple[tuple[happened.Event, State, tuple[Effect, ...]], ...] = (
    (EVENTS[0], State.DRAFT, ()),
    (happened.Judged(findings=(), waiting_for=frozenset()), State.DRAFT, ()),
    (
        CLOCKS,
        State.IN_REVIEW,
        (
            tell(Audience.APPROVERS, Message.PLEASE_DECIDE),
            Tell(Audience.HEAD, Message.NOBODY_HERE, CARD),
            clock(ask.Remind(post=POST, seen=1), LATER),
            clock(ask.AskHeadInTime(post=POST, seen=1), SOON),
            clock(ask.Expire(post=POST, seen=1), SOON),
        ),
    ),
    (BY_TAG["post:kept_as_draft"], State.DRAFT, (EXPIRY,)),
    (BY_TAG["post:disputed"], State.DRAFT, (tell(Audience.HEAD, Message.DISPUTED),)),
    (BY_TAG["post:allowed_once"], State.DRAFT, (tell(Audience.AUTHORS, Message.ALLOWED),)),
    (BY_TAG["post:declined"], State.DRAFT, (tell(Audience.AUTHORS, Message.DECLINED),)),
    (BY_TAG["post:approved_by"], State.IN_REVIEW, ()),
    (
        BY_TAG["post:approved"],
        State.APPROVED,
        (
            tell(Audience.AUTHORS, Message.APPROVED),
            clock(ask.Release(post=POST), LATER, 1),
        ),
    ),
    (
        BY_TAG["post:changes_requested"],
        State.CHANGES_REQUESTED,
        (tell(Audience.AUTHORS, Message.CHANGES_REQUESTED), EXPIRY),
    ),
    (
        BY_TAG["post:rejected"],
        State.REJECTED,
        (tell(Audience.AUTHORS, Message.REJECTED), EXPIRY),
    ),
    (
        BY_TAG["post:veto_lifted"],
        State.REJECTED,
        (Tell(Audience.PERSON, Message.VETO_LIFTED, CARD, person=BOB),),
    ),
    (BY_TAG["post:head_asked"], State.IN_REVIEW, (tell(Audience.HEAD, Message.HEAD_ASKED),)),
    (BY_TAG["post:withdrawn"], State.WITHDRAWN, ()),
    (
        BY_TAG["post:stopped"],
        State.WITHDRAWN,
        (
            tell(Audience.AUTHORS, Message.STOPPED),
            tell(Audience.HEAD, Message.STOPPED),
            READY_SHOWN,
        ),
    ),
    (BY_TAG["post:sent_back"], State.APPROVED, (tell(Audience.AUTHORS, Message.SENT_BACK),)),
    (BY_TAG["post:held_up"], State.APPROVED, ()),
    (BY_TAG["post:held_up"], State.RELEASED, (READY_SHOWN,)),
    (BY_TAG["post:taken_up"], State.RELEASED, (READY_SHOWN, NEXT)),
    (happened.TakenUp(at=NOON, remind_at=None), State.APPROVED, ()),
    (
        BY_TAG["post:released"],
        State.RELEASED,
        (READY_SHOWN, NEXT, HandOut(CARD, PAGE)),
    ),
    (
        BY_TAG["post:recalled"],
        State.RELEASED,
        (
            tell(Audience.POSTERS, Message.STOP_POSTING),
            tell(Audience.AUTHORS, Message.RECALLED),
            READY_SHOWN,
        ),
    ),
    (BY_TAG["post:posted_on"], State.RELEASED, (READY_SHOWN,)),
    (BY_TAG["post:published"], State.PUBLISHED, (READY_SHOWN,)),
    (
        happened.NotPosted(posting=UNSURE),
        State.RELEASED,
        (tell(Audience.POSTERS, Message.DID_IT_APPEAR, PAGE), READY_SHOWN),
    ),
    (
        happened.NotPosted(posting=CANNOT),
        State.RELEASED,
        (tell(Audience.AUTHORS, Message.NOT_POSTED, PAGE), READY_SHOWN),
    ),
    (
        BY_TAG["post:removal_asked"],
        State.RELEASED,
        (
            tell(Audience.POSTERS, Message.PLEASE_REMOVE),
            tell(Audience.HEAD, Message.PLEASE_REMOVE),
            READY_SHOWN,
        ),
    ),
    (BY_TAG["post:reminded"], State.IN_REVIEW, (tell(Audience.APPROVERS, Message.REMINDER),)),
    (
        BY_TAG["post:posters_reminded"],
        State.RELEASED,
        (tell(Audience.POSTERS, Message.UNPOSTED), NEXT),
    ),
    (BY_TAG["post:expired"], State.EXPIRED, (tell(Audience.AUTHORS, Message.EXPIRED),)),
)
"""What follows beside the card's redrawing, in the order in which it goes out."""


@pytest.mark.parametrize(
    ("event", "state", "rest"), FOLLOWS, ids=lambda item: getattr(item, "tag", "")
)
def test_what_follows_is_this_and_nothing_else(
    event: happened.Event, state: State, rest: tuple[Effect, ...]
) -> None:
    first, *others = effects(some.post(state), event)
    assert first == SHOWN
    assert sorted(map(repr, others)) == sorted(map(repr, rest))


def test_a_release_clock_is_of_the_version_that_set_it() -> None:
    [*_, set_by_second] = effects(some.post(revision=SECOND), BY_TAG["post:approved"])
    assert set_by_second == clock(ask.Release(post=POST), LATER, 2)
