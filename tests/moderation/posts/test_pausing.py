"""What becomes of one post while all posts are paused, and what its cards say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.kernel import Later, PersonId, Refused, Show, SubjectRef
from moderation.posts import commands as ask, events as happened, judging, present
from moderation.posts.commands import RemindPosters
from moderation.posts.effects import Message, effects
from moderation.posts.evolution import evolve
from moderation.posts.model import READY, Pause, Post, Posted, Posting, State
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import decide
from tests import builders as some
from tests.builders import BOB, FEED, HEAD, NOON, OAK, PAGE, POST
from tests.model.faults import unjudged
from tests.moderation.posts import examples as shown
from tests.moderation.posts.examples import ADE, SAM
from tests.proves import proves


PAUSE = Pause(place=OAK, by=HEAD, since=NOON)
HELD = some.facts(pause=PAUSE)
TOMORROW = NOON + timedelta(days=1)
APPROVED = some.post(State.APPROVED, approvals=(some.approval(BOB),))
WAITING = replace(APPROVED, held_back=(Refusal.HELD,))
OUT = some.post(State.RELEASED, approvals=(some.approval(BOB),))
DONE = Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON)
BOTH = some.content(accounts=(PAGE, FEED))
HALF = replace(OUT, revision=replace(OUT.revision, content=BOTH), postings=(DONE,))
BACK = some.post(State.DRAFT, held_back=(Refusal.HELD,))


def events(
    post: Post, command: ask.Command, facts: object = HELD, **more: object
) -> tuple[happened.Event, ...]:
    said = decide(post, command, facts, some.timer(), **more)  # type: ignore[arg-type]
    assert not isinstance(said, Refused)
    return said


def tags(*given: object, **more: object) -> tuple[str, ...]:
    return some.tags(events(*given, **more))  # type: ignore[arg-type]


@proves("AUR-CRISIS-1")
def test_a_pause_holds_up_what_is_approved_once_and_sends_nothing_back() -> None:
    [held] = events(APPROVED, ask.Release(post=POST))
    assert held.tag == "post:held_up"
    after = evolve(APPROVED, held)
    assert (after.state, after.approvals) == (State.APPROVED, APPROVED.approvals)
    assert tags(after, ask.Release(post=POST)) == ()
    assert tags(after, ask.Release(post=POST), some.facts()) == ("post:released",)


def test_the_guard_alone_keeps_it_from_going_out() -> None:
    rules = unjudged(judging.not_held)
    assert tags(APPROVED, ask.Release(post=POST), rules=rules) == ("post:released",)


def test_what_else_stands_in_the_way_sends_it_back_with_every_reason() -> None:
    blocked = some.facts(pause=PAUSE, findings=(some.BLOCK,))
    back, *_ = events(APPROVED, ask.Release(post=POST), blocked)
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (Refusal.BLOCKED, Refusal.HELD)


def test_what_is_for_later_says_at_once_that_it_waits_and_that_it_no_longer_does() -> None:
    content = some.content(not_before=TOMORROW)
    timed = replace(APPROVED, revision=replace(APPROVED.revision, content=content))
    assert tags(timed, ask.Release(post=POST)) == ("post:held_up",)
    waiting = replace(timed, held_back=(Refusal.HELD,))
    [taken] = events(waiting, ask.Release(post=POST), some.facts())
    assert taken.tag == "post:taken_up"
    assert evolve(waiting, taken).held_back == ()
    assert tags(timed, ask.Release(post=POST), some.facts()) == ()


def test_what_was_handed_out_comes_back() -> None:
    assert tags(OUT, ask.Recheck(post=POST)) == (
        "post:recalled",
        "post:judged",
        "post:kept_as_draft",
    )
    cannot = replace(OUT, postings=(replace(DONE, said=Posted.CANNOT),))
    assert tags(cannot, ask.Recheck(post=POST))[0] == "post:recalled"


@pytest.mark.parametrize("said", [Posted.YES, Posted.UNSURE])
def test_what_is_public_somewhere_or_may_be_waits_where_it_is(said: Posted) -> None:
    half = replace(HALF, postings=(replace(DONE, said=said),))
    [held] = events(half, ask.Recheck(post=POST))
    assert held.tag == "post:held_up"
    after = evolve(half, held)
    assert Show(SubjectRef(READY, POST)) in effects(after, held)
    assert (after.state, tags(after, ask.Recheck(post=POST))) == (State.RELEASED, ())
    [taken] = events(after, ask.Recheck(post=POST), some.facts())
    follows = effects(evolve(after, taken), taken)
    [later] = [item for item in follows if isinstance(item, Later)]
    assert isinstance(later.command, RemindPosters)
    assert later.due > NOON


def test_nobody_is_reminded_to_post_what_must_wait() -> None:
    remind = ask.RemindPosters(post=POST, seen=1)
    assert tags(HALF, remind) == ()
    assert tags(HALF, remind, some.facts()) == ("post:posters_reminded",)


def test_what_was_called_back_is_asked_about_afresh_once_posts_start_again() -> None:
    judge = ask.Judge(post=POST)
    assert tags(BACK, judge) == ()
    again = ("post:taken_up", "post:judged", "post:sent_to_review")
    assert tags(BACK, judge, some.facts()) == again
    blocked = some.facts(findings=(some.BLOCK,))
    assert tags(BACK, judge, blocked) == again[:2]
    stopped = replace(BACK, held_back=(), findings=(some.BLOCK,))
    assert tags(stopped, judge, blocked) == ()


def test_people_write_and_decide_meanwhile_as_ever() -> None:
    approve = ask.Approve(post=POST, seen=1)
    said = decide(some.post(), approve, HELD, some.asked(BOB))
    assert not isinstance(said, Refused)
    cleared = happened.Cleared(at=NOON, due=NOON)
    sent_back = replace(some.post(), held_back=(Refusal.HELD, Refusal.RIGHT_LOST))
    assert evolve(sent_back, cleared).held_back == ()


# -- what is said ---------------------------------------------------------------------------------


def said(state: State, reader: PersonId | None = None, **fields: object) -> str:
    post = shown.post(state, **fields)
    pause = Pause(place=shown.OAK, by=ADE, since=shown.ago(minutes=20))
    view = shown.view(post, reader, pause=pause)
    return present.card(post, view).fallback


def test_the_card_says_who_paused_and_that_this_one_waits() -> None:
    words = said(State.APPROVED, held_back=(Refusal.HELD,))
    assert "Approved, posts are paused" in words
    assert "Posts are paused by Mrs Ade since today 15:20." in words
    assert "This one goes out when posts are started again." in words
    assert "by you since" in said(State.APPROVED, ADE)
    assert "goes out when posts are started again" in said(State.IN_REVIEW)
    for state in (State.PUBLISHED, State.WITHDRAWN, State.REJECTED, State.IN_REVIEW):
        assert "Posts are paused by" not in said(state)


def test_a_called_back_draft_says_that_it_comes_back_by_itself() -> None:
    words = said(State.DRAFT, SAM, held_back=(Refusal.HELD,))
    assert "Called back: posts are paused" in words
    assert "asked about afresh when posts are started again" in words
    blocked = said(State.DRAFT, SAM, held_back=(Refusal.HELD,), findings=(shown.NAMED,))
    assert "asked about afresh" not in blocked


def test_the_words_are_not_there_to_be_copied_while_they_must_wait() -> None:
    post = shown.post(State.RELEASED, postings=(shown.posting(Posted.YES),))
    pause = Pause(place=shown.OAK, by=ADE, since=shown.ago(minutes=20))
    waiting = present.ready(post, shown.view(post, SAM, pause=pause))
    assert waiting.state == "Posts are paused"
    assert post.content.text not in waiting.fallback
    assert "Please don't post the rest of this" in waiting.fallback
    assert post.content.text in present.ready(post, shown.view(post, SAM)).fallback


def test_who_hears_that_it_is_approved_hears_that_it_waits() -> None:
    post = shown.post(State.APPROVED, approvals=(shown.approval(),))
    pause = Pause(place=shown.OAK, by=ADE, since=shown.ago(minutes=20))
    view = shown.view(post, SAM, pause=pause)
    told = present.notice(Message.APPROVED, post, view).fallback
    assert "This one goes out when posts are started again." in told
    approve = ask.Approve(post=shown.POST, seen=1)
    assert "Posts are paused by Mrs Ade" in " ".join(present.done(approve, post, view))
