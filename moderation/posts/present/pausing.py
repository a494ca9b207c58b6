"""What a post's cards say while somebody has paused all posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.model import Posted, State
from moderation.posts.present.speech import at, person
from moderation.posts.queries.past import Again
from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView


WAITS = frozenset({State.APPROVED, State.RELEASED})
AFTERWARDS = "goes out when posts are started again"


def waits(post: Post, view: PostView) -> bool:
    """Whether it would go on its way but for the pause."""
    return view.pause is not None and post.state in WAITS


def called_back(post: Post) -> bool:
    """Whether a pause made a draft of it that comes back by itself."""
    back = post.state is State.DRAFT and Refusal.HELD in post.held_back
    return back and not post.blocks and not post.waiting_for


def pause_lines(post: Post, view: PostView) -> Iterator[str]:
    """Who paused all posts and what that means for this one; nothing where none are paused."""
    if view.pause is None or not (waits(post, view) or called_back(post)):
        return
    yield f"Posts are paused by {person(view, view.pause.by)} since {at(view, view.pause.since)}."
    if post.state is State.APPROVED:
        yield "This one goes out when posts are started again."
    elif called_back(post):
        yield "This one is asked about afresh when posts are started again."
    elif any(item.said is Posted.YES for item in post.postings):
        yield "Please don't post the rest of this before posts are started again."
    else:
        yield "Please don't post this before posts are started again."


def afresh(view: PostView) -> Iterator[str]:
    """Of a post in review again: why its words, which nobody changed, need a fresh yes."""
    if view.past.again is Again.PAUSED:
        yield "The words are as they were. All posts were paused, so it needs a fresh yes."


def why_back(post: Post) -> tuple[str, ...]:
    """Codes to be worded on the card: a pause that merely holds it up has its own lines."""
    if post.state in WAITS:
        return tuple(code for code in post.held_back if code != Refusal.HELD)
    return post.held_back
