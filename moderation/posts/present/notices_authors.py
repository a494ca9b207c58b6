"""What is told to those who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.effects import Message
from moderation.posts.model import Posted, State
from moderation.posts.present.needed import needed_lines
from moderation.posts.present.notices_wording import PLEASE_STOP, Wording, note, posts_it
from moderation.posts.present.parts import by
from moderation.posts.present.pausing import pause_lines, waits
from moderation.posts.present.refusals import sent_back
from moderation.posts.present.speech import at, page_of, people, person
from moderation.views import Quote, Tone
from moderation.words import both, capital, either


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Part


_MENDS = ("post.revise", "post.withdraw")
_GOES_OUT = frozenset({State.APPROVED, State.RELEASED, State.PUBLISHED})


def _approved(post: Post, view: PostView) -> Iterator[Part]:
    yes = both(people(view, dict.fromkeys(item.person for item in post.approvals)))
    lines = [f"{capital(yes)} said yes."]
    due = post.content.not_before
    if post.state is State.PUBLISHED:
        lines.append("It has been posted.")
    elif waits(post, view):
        lines += pause_lines(post, view)
    elif due is not None and due > view.now:
        lines.append(f"It goes out {at(view, due)}.")
    else:
        lines.append(f"Next, {_posters(post, view)} can post it.")
    yield note(*lines)


def _changes_requested(post: Post, view: PostView) -> Iterator[Part]:
    request = post.change_request
    if request is not None:
        label = by("asked for changes", request.person, request.at, view)
        yield Quote(text=request.reason, label=label)
    yield note("Please change it and send it again, or cancel your draft.")


def _rejected(post: Post, view: PostView) -> Iterator[Part]:
    for veto in post.vetoes:
        yield Quote(text=veto.reason, label=by("said no", veto.person, veto.at, view))
    owners = either(people(view, (veto.person for veto in post.vetoes)))
    change = "A real change is needed. "
    yield note(f"{change}The no stands until {owners} has said yes or taken it back.")


def _allowed(post: Post, view: PostView) -> Iterator[Part]:
    for allowance in post.allowances[-1:]:
        label = by("allowed this once", allowance.person, allowance.at, view)
        yield Quote(text=allowance.reason, label=label)
    if post.state is State.IN_REVIEW:
        yield note("It is now in front of those who can say yes.", *needed_lines(post, view))
    elif post.blocks:
        yield note("Something else still stands in the way. Please look at it.")
    else:
        yield note("Next, the pictures are looked at. Then it goes on by itself.")


def _declined(post: Post, view: PostView) -> Iterator[Part]:
    answer = post.change_request
    if answer is not None:
        yield Quote(text=answer.reason, label=by("said no", answer.person, answer.at, view))
    yield note("It is still your draft. Please change what is marked and send it again.")


def _has_been_declined(post: Post, _view: PostView) -> bool:
    return post.change_request is not None


def _stopped(_post: Post, view: PostView) -> Iterator[Part]:
    yield from _why(view, "post:stopped", "reason", "stopped this")
    yield note("This post has been stopped and won't go out.")


def _why(view: PostView, tag: str, words: str, did: str) -> Iterator[Part]:
    """What somebody gave as the reason when this last happened; the clock gives none."""
    line = next((line for line in reversed(view.history) if line.tag == tag), None)
    said = (line.payload or {}).get(words) if line is not None else None
    if line is not None and isinstance(said, str) and said:
        yield Quote(text=said, label=by(did, line.person, line.at, view))


def _sent_back(post: Post, view: PostView) -> Iterator[Part]:
    yield note(*(sent_back(code) for code in post.held_back), tone=Tone.CARE)
    if post.state is State.DRAFT:
        yield note("Please change it, or cancel your draft.")
    else:
        yield note("It is again in front of those who can say yes.", *needed_lines(post, view))


def _recalled(post: Post, view: PostView) -> Iterator[Part]:
    yield from _why(view, "post:recalled", "words", "called this back")
    if posts_it(post, view):
        yield note(*PLEASE_STOP, tone=Tone.STOPPED)
    yield note("It was ready to post, and has been called back. Those who post it have been told.")
    if post.held_back:
        yield note(*(sent_back(code) for code in post.held_back), tone=Tone.CARE)
    paused = tuple(pause_lines(post, view))
    if paused:
        yield note(*paused)


def _not_posted(post: Post, view: PostView) -> Iterator[Part]:
    for posting in post.postings:
        if posting.said is not Posted.YES:
            did = "couldn't post it" if posting.said is Posted.CANNOT else "didn't know"
            label = f"{page_of(view, posting.account)}: {by(did, posting.person, posting.at, view)}"
            if posting.words:
                yield Quote(text=posting.words, label=label)
    yield note(f"Please talk to {_posters(post, view)}, so that it is clear whether it is out.")


def _expired(_post: Post, _view: PostView) -> Iterator[Part]:
    yield note("This waited too long for an answer, so it won't go out. You can write it again.")


def _posters(post: Post, view: PostView) -> str:
    found: list[PersonId] = []
    for account in post.outstanding or post.content.accounts:
        found += view.rights.posters(account)
    return either([person(view, who) for who in dict.fromkeys(found)]) if found else "somebody"


TO_AUTHORS: Mapping[Message, Wording] = {
    Message.APPROVED: Wording(
        headline="Approved", tone=Tone.DONE, says=_approved, true_in=_GOES_OUT, follows=True
    ),
    Message.CHANGES_REQUESTED: Wording(
        headline="Changes asked for",
        tone=Tone.CARE,
        says=_changes_requested,
        true_in=frozenset({State.CHANGES_REQUESTED}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.REJECTED: Wording(
        headline="Rejected",
        tone=Tone.STOPPED,
        says=_rejected,
        true_in=frozenset({State.REJECTED}),
        verbs=("post.revise", "post.ask_head", "post.withdraw"),
        of_version=True,
    ),
    Message.ALLOWED: Wording(
        headline="Allowed this once",
        tone=Tone.DONE,
        says=_allowed,
        true_in=frozenset({State.DRAFT, State.IN_REVIEW}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.DECLINED: Wording(
        headline="Not this time",
        tone=Tone.CARE,
        says=_declined,
        true_in=frozenset({State.DRAFT}),
        verbs=_MENDS,
        asks=_has_been_declined,
        of_version=True,
    ),
    Message.STOPPED: Wording(
        headline="Stopped", tone=Tone.STOPPED, says=_stopped, true_in=frozenset({State.WITHDRAWN})
    ),
    Message.SENT_BACK: Wording(
        headline="Sent back",
        tone=Tone.CARE,
        says=_sent_back,
        true_in=frozenset({State.DRAFT, State.IN_REVIEW}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.RECALLED: Wording(
        headline="Called back",
        tone=Tone.STOPPED,
        says=_recalled,
        true_in=frozenset({State.DRAFT}),
        verbs=_MENDS,
        of_version=True,
    ),
    Message.NOT_POSTED: Wording(
        headline="Posting needs help",
        tone=Tone.CARE,
        says=_not_posted,
        true_in=frozenset({State.RELEASED}),
    ),
    Message.EXPIRED: Wording(
        headline="Ran out of time",
        tone=Tone.STOPPED,
        says=_expired,
        true_in=frozenset({State.EXPIRED}),
    ),
}
