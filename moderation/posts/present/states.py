"""How a post stands, in words and one of four tones."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.posts.model import Posted, State
from moderation.posts.present.pausing import called_back, waits
from moderation.posts.present.speech import at
from moderation.posts.signing import missing
from moderation.views import Tone
from moderation.words import count


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView


def state_of(post: Post, view: PostView) -> tuple[str, Tone]:
    """The state in a few words, and its tone."""
    match post.state:
        case State.DRAFT:
            return _draft(post)
        case State.IN_REVIEW:
            return _in_review(post, view)
        case State.CHANGES_REQUESTED:
            return "Changes asked for", Tone.CARE
        case State.REJECTED:
            return "Rejected", Tone.STOPPED
        case State.APPROVED:
            if waits(post, view):
                return "Approved, posts are paused", Tone.WAITING
            due = post.content.not_before
            if due is not None and due > view.now:
                return f"Approved, goes out {at(view, due)}", Tone.DONE
            return "Approved", Tone.DONE
        case State.RELEASED:
            return _released(post, view)
        case State.PUBLISHED:
            return ("Posted, removal asked", Tone.STOPPED) if post.removal_asked else POSTED
        case State.WITHDRAWN:
            stopped = any(line.tag == "post:stopped" for line in view.history)
            return ("Stopped" if stopped else "Cancelled"), Tone.STOPPED
        case State.EXPIRED:
            return "Ran out of time", Tone.STOPPED
        case _ as never:
            assert_never(never)


POSTED = ("Posted", Tone.DONE)
BEING_CHANGED = "Being changed"
"""Of a draft, to everybody but those who may read it."""


def _draft(post: Post) -> tuple[str, Tone]:
    if post.blocks:
        return "This can't go out yet", Tone.STOPPED
    if post.waiting_for:
        return "Pictures are being looked at", Tone.WAITING
    if called_back(post):
        return "Called back: posts are paused", Tone.WAITING
    return "Not sent yet", Tone.CARE


def _in_review(post: Post, view: PostView) -> tuple[str, Tone]:
    lacks = missing(post, view.rights)
    if lacks.yeses > len(lacks.here) or (lacks.by_head and lacks.head is None):
        return "Nobody is here to say yes", Tone.CARE
    if post.vetoes:
        return "Somebody said no", Tone.CARE
    if lacks.by_head and not lacks.yeses:
        return "Waiting for the headteacher's yes", Tone.WAITING
    if lacks.yeses == 1 and not post.approvals:
        return "Waiting for a second yes", Tone.WAITING
    if lacks.yeses == 1:
        return "Waiting for one more yes", Tone.WAITING
    return f"Waiting for {count(lacks.yeses)} more yeses", Tone.WAITING


def _released(post: Post, view: PostView) -> tuple[str, Tone]:
    if post.removal_asked:
        return "Stop: please take it down", Tone.STOPPED
    if waits(post, view):
        return "Posts are paused", Tone.STOPPED
    if any(posting.said is not Posted.YES for posting in post.postings):
        return "Posting needs help", Tone.CARE
    return "Ready to post", Tone.WAITING
