"""Private messages: each says what it is about, is true when read, and offers what helps."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.posts import present
from moderation.posts.effects import Message
from moderation.posts.model import Pause, State
from moderation.posts.present.notices import WORDINGS
from moderation.posts.queries.past import Again, Past
from moderation.views import Card, Quote
from tests.moderation.posts import examples as some
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.posts.model import Post


SITUATIONS: dict[Message, tuple[str, PersonId, str]] = {
    Message.PLEASE_DECIDE: ("in review with a flag", some.OKAFOR, "Sam Reed wrote this."),
    Message.REMINDER: (
        "in review",
        some.LUND,
        "This has waited for a yes since Wednesday 18 November, 15:21.",
    ),
    Message.NOBODY_HERE: ("in review", some.ADE, "Sam Reed wrote this for Facebook"),
    Message.HEAD_ASKED: ("asked", some.ADE, "May we name the visitor?"),
    Message.DISPUTED: ("disputed draft", some.ADE, "Her family asked us."),
    Message.APPROVED: (
        "approved for tomorrow",
        some.SAM,
        "It goes out Thursday 19 November, 08:00.",
    ),
    Message.CHANGES_REQUESTED: ("changes requested", some.SAM, "Please say where the fair is."),
    Message.REJECTED: ("rejected", some.SAM, "It sounds like an advertisement."),
    Message.VETO_LIFTED: ("approved", some.LUND, "Mrs Ade (headteacher) let this go on"),
    Message.ALLOWED: ("allowed once, in review", some.SAM, "The family asked in writing."),
    Message.DECLINED: ("declined draft", some.SAM, "Ask the family in writing first."),
    Message.STOPPED: ("cancelled", some.SAM, "has been stopped"),
    Message.SENT_BACK: ("sent back", some.SAM, "something new to look at"),
    Message.STOP_POSTING: ("recalled draft", some.SAM, "please take it down now"),
    Message.RECALLED: ("recalled draft", some.SAM, "has been called back"),
    Message.PLEASE_REMOVE: ("partly posted, removal asked", some.SAM, "A family has asked."),
    Message.NOT_POSTED: ("ready on two pages", some.SAM, "I am locked out."),
    Message.DID_IT_APPEAR: ("nobody knows whether it is posted", some.SAM, "Please look"),
    Message.UNPOSTED: ("ready", some.SAM, "nobody has posted it yet"),
    Message.EXPIRED: ("out of time", some.SAM, "won't go out"),
}


def told(message: Message, post: Post, viewer: PersonId) -> Card:
    return present.notice(message, post, some.view(post, viewer))


def test_every_message_has_words_and_an_example() -> None:
    assert set(WORDINGS) == set(SITUATIONS) == set(Message)


@pytest.mark.parametrize("message", SITUATIONS)
def test_a_message_is_true_on_other_days_too(message: Message) -> None:
    """It stays as it was sent, beside a day of its own."""
    name, reader, _ = SITUATIONS[message]
    words = told(message, some.EXAMPLES[name], reader).fallback
    assert not re.search(r"\b(today|yesterday|tomorrow) \d", words)


@pytest.mark.parametrize("message", SITUATIONS)
def test_a_message_says_what_happened(message: Message) -> None:
    name, reader, words = SITUATIONS[message]
    card = told(message, some.EXAMPLES[name], reader)
    assert card.state == WORDINGS[message].headline
    assert words in card.fallback


@pytest.mark.parametrize("message", Message)
def test_a_message_is_never_without_words_whatever_has_happened(message: Message) -> None:
    for post in some.EXAMPLES.values():
        for reader in (some.SAM, some.OKAFOR, some.ADE, some.DIAZ):
            card = told(message, post, reader)
            assert card.parts
            assert len(card.buttons) <= 4


def test_the_head_who_is_asked_can_say_no_as_well() -> None:
    card = told(Message.DISPUTED, some.EXAMPLES["disputed draft"], some.ADE)
    assert [item.label for item in card.buttons] == [
        "Allow this once",
        "Not this time",
        "Look at it",
    ]
    assert card.buttons[1].form is not None
    assert "If not, say why: it stays a draft, and Sam Reed can change it." in card.fallback


def test_after_the_heads_no_its_author_reads_why_and_changes_it() -> None:
    post = some.EXAMPLES["declined draft"]
    card = told(Message.DECLINED, post, some.SAM)
    assert [item.label for item in card.buttons] == ["Change it", "Cancel my draft", "Look at it"]
    assert "It is still your draft." in card.fallback
    asked = told(Message.DISPUTED, post, some.ADE)
    assert "You have said what should change. It is with its author." in asked.fallback
    assert [item.label for item in asked.buttons] == ["Look at it"]
    allowed = replace(post, change_request=None)
    assert "still your draft" not in told(Message.DECLINED, allowed, some.SAM).fallback


def test_of_what_a_pause_called_back_a_poster_reads_which_one_it_is_until_that_is_over() -> None:
    post = some.post(State.DRAFT, held_back=("held",))
    pause = Pause(place=some.OAK, by=some.ADE, since=some.ago(minutes=5))
    paused = Past(written_at=some.ago(minutes=30), again=Again.PAUSED, paused=True)
    stopped = replace(paused, again=Again.OTHERWISE, paused=False)

    def stop(post: Post, past: Past, pause: Pause | None = None) -> Card:
        view = some.view(post, some.SAM, past=past, pause=pause)
        return present.notice(Message.STOP_POSTING, post, view, str(post.revision.number))

    red = stop(post, paused, pause)
    assert red.state == "Stop: please don't post this"
    assert post.content.text[:30] in red.fallback
    # What is stopped for another reason is not said once more.
    other = stop(post, stopped)
    assert other.state == "Stop: please don't post this"
    assert post.content.text[:30] not in other.fallback
    assert "It is what you wrote." in other.fallback
    over = stop(replace(post, state=State.IN_REVIEW, held_back=()), paused)
    assert over.state == "Waiting for a second yes"
    assert "Nothing is asked of you here." in over.fallback


def test_a_message_that_came_too_late_says_how_the_post_stands() -> None:
    card = told(Message.PLEASE_DECIDE, some.EXAMPLES["posted"], some.OKAFOR)
    assert card.state == "Posted"
    assert "Nothing is asked of you" in card.fallback
    assert [item.label for item in card.buttons] == ["Look at it"]


def test_an_approver_can_say_yes_from_the_message() -> None:
    card = told(Message.PLEASE_DECIDE, some.EXAMPLES["in review with a flag"], some.OKAFOR)
    assert [item.label for item in card.buttons] == [
        "Approve",
        "Request changes",
        "Reject",
        "Look at it",
    ]
    assert any(isinstance(part, Quote) and part.text == some.TEXT for part in card.parts)


@proves("STEP-MOD-1")
def test_no_message_offers_an_author_to_approve() -> None:
    for message in Message:
        for post in some.EXAMPLES.values():
            for author in post.authors:
                verbs = {item.intent.verb for item in told(message, post, author).buttons}
                assert "post.approve" not in verbs


@pytest.mark.parametrize("message", Message)
def test_no_message_tells_a_draft_to_those_who_may_not_see_it(message: Message) -> None:
    post = some.EXAMPLES["blocked draft"]
    for reader in (some.OKAFOR, some.HART, some.NOVAK, some.DIAZ):
        card = told(message, post, reader)
        assert "Amelia" not in repr(card)
        assert "post.open" not in {item.intent.verb for item in card.buttons}


def test_the_reason_of_a_stop_comes_from_the_record() -> None:
    post = some.EXAMPLES["cancelled"]
    stop = some.Line(
        at=some.ago(minutes=1),
        tag="post:stopped",
        person=some.LUND,
        payload={"reason": "A family has asked."},
    )
    card = present.notice(
        Message.STOPPED, post, some.view(post, some.SAM, history=(*some.HISTORY, stop))
    )
    assert (
        "Mr Lund stopped this, Wednesday 18 November, 15:39: A family has asked." in card.fallback
    )
    erased = some.Line(at=some.NOW, tag="post:stopped", person=some.LUND, payload=None)
    card = present.notice(Message.STOPPED, post, some.view(post, some.SAM, history=(erased,)))
    assert "has been stopped" in card.fallback


def test_the_head_hears_what_to_do_where_nobody_is_here() -> None:
    post = some.post()
    away = frozenset({some.OKAFOR, some.LUND, some.SHAH, some.QUINN})
    sole = some.rights(
        away=away,
        people=tuple(
            some.person(who, away=who in away) for who in some.NAMES if who is not some.ADE
        ),
    )
    card = present.notice(Message.NOBODY_HERE, post, some.view(post, some.SHAH, rights=sole))
    assert "Away today" in card.fallback


def test_a_message_names_everybody_whose_yes_would_do() -> None:
    card = told(Message.PLEASE_DECIDE, some.EXAMPLES["in review"], some.OKAFOR)
    assert "It needs your yes" not in card.fallback
    assert "One more yes:" in card.fallback
    assert " you" in card.fallback


def test_whoever_has_said_yes_is_not_asked_again() -> None:
    for post in some.EXAMPLES.values():
        for approval in post.approvals:
            for message in (Message.PLEASE_DECIDE, Message.REMINDER):
                card = told(message, post, approval.person)
                assert "post.approve" not in {item.intent.verb for item in card.buttons}
                assert card.state != WORDINGS[message].headline


def test_a_message_about_an_older_version_asks_for_nothing() -> None:
    post = some.EXAMPLES["in review"]
    view = some.view(post, some.OKAFOR)
    older = present.notice(Message.PLEASE_DECIDE, post, view, "0")
    assert {item.intent.verb for item in older.buttons} <= {"post.open"}
    assert not present.notice_lasts(Message.PLEASE_DECIDE, post, view, "0")
    assert present.notice_lasts(Message.PLEASE_DECIDE, post, view, str(post.revision.number))


@pytest.mark.parametrize("message", [Message.HEAD_ASKED, Message.DISPUTED])
def test_who_is_next_in_line_is_to_tell_a_head_who_cannot_be_written_to(message: Message) -> None:
    post = some.EXAMPLES[SITUATIONS[message][0]]
    card = present.notice(message, post, some.view(post, some.SHAH), unreached=some.ADE)
    assert card.state == "Please tell the headteacher"
    assert "Mrs Ade (headteacher) can't be reached here. Please tell them" in card.fallback
    assert "You can allow it" not in card.fallback
    late = some.EXAMPLES["cancelled"]
    over = present.notice(message, late, some.view(late, some.SHAH), unreached=some.ADE)
    assert "can't be reached" not in over.fallback
