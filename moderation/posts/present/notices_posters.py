"""What is told to those who post it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.effects import Message
from moderation.posts.model import Posted, State
from moderation.posts.present.notices_wording import PLEASE_STOP, Wording, note, posts_it, writers
from moderation.posts.present.parts import removal_words
from moderation.posts.present.speech import at, glimpse, page_of, people
from moderation.posts.queries.past import Again
from moderation.views import Quote, Tone
from moderation.words import both


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Part


def _stop_posting(post: Post, view: PostView) -> Iterator[Part]:
    """Its first words only where a pause alone called it back: nothing else is said once more."""
    same = view.past.again is Again.PAUSED and not (post.blocks or post.waiting_for)
    if same and posts_it(post, view):
        yield Quote(text=glimpse(post.content.text), label=f"{writers(post, view)} wrote")
    else:
        yield note(f"It is what {both(people(view, sorted(post.authors)))} wrote.")
    yield note(*PLEASE_STOP, tone=Tone.STOPPED)


def _not_started_again(_post: Post, view: PostView) -> bool:
    """What a pause called back is no longer to be feared once that is over."""
    return not view.past.paused or view.pause is not None


def _please_remove(post: Post, view: PostView) -> Iterator[Part]:
    yield from removal_words(post, view)
    yield note("Please take it down now, wherever it is posted.", tone=Tone.STOPPED)


def _nobody_knows(post: Post, _view: PostView) -> bool:
    return any(item.said is Posted.UNSURE for item in post.postings)


def _did_it_appear(post: Post, view: PostView) -> Iterator[Part]:
    unsure = [item.account for item in post.postings if item.said is Posted.UNSURE]
    where = both([page_of(view, account) for account in unsure]) if unsure else "the page"
    yield note(f"I couldn't tell whether this reached {where}. Please look, and say what you see.")


def _unposted(post: Post, view: PostView) -> Iterator[Part]:
    since = at(view, post.entered_at)
    yield note(f"This has been ready to post since {since}, and nobody has posted it yet.")


TO_POSTERS: Mapping[Message, Wording] = {
    Message.STOP_POSTING: Wording(
        headline="Stop: please don't post this",
        tone=Tone.STOPPED,
        says=_stop_posting,
        true_in=frozenset(State) - {State.RELEASED, State.PUBLISHED},
        asks=_not_started_again,
        follows=True,
    ),
    Message.PLEASE_REMOVE: Wording(
        headline="Please take this down",
        tone=Tone.STOPPED,
        says=_please_remove,
        true_in=frozenset(State),
    ),
    Message.DID_IT_APPEAR: Wording(
        headline="Is it posted?",
        tone=Tone.CARE,
        says=_did_it_appear,
        true_in=frozenset({State.RELEASED}),
        quotes=True,
        verbs=("post.posted", "post.cannot_post"),
        asks=_nobody_knows,
    ),
    Message.UNPOSTED: Wording(
        headline="Ready, and not posted yet",
        tone=Tone.CARE,
        says=_unposted,
        true_in=frozenset({State.RELEASED}),
        quotes=True,
        verbs=("post.posted", "post.cannot_post"),
        of_version=True,
    ),
}
