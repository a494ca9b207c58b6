"""What is told to those who say yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.effects import Message
from moderation.posts.model import LIVE, State
from moderation.posts.present.needed import head_lines, needed_lines, veto_lines
from moderation.posts.present.notices_wording import Wording, note, writers
from moderation.posts.present.parts import by
from moderation.posts.present.speech import at, people, title, with_role
from moderation.posts.signing import missing
from moderation.views import Quote, Tone
from moderation.words import both, capital


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Part


_IN_REVIEW = frozenset({State.IN_REVIEW})
_DECIDES = ("post.approve", "post.request_changes", "post.reject")


def _please_decide(post: Post, view: PostView) -> Iterator[Part]:
    yield note(f"{writers(post, view)} wrote this.", *_whose_yes(post, view))


def _whose_yes(post: Post, view: PostView) -> Iterator[str]:
    """Never more than is true: where somebody else could say it as well, they are named."""
    yield from veto_lines(post, view)
    if missing(post, view.rights).asked == (view.viewer,):
        yield from ("It needs your yes.", *head_lines(post, view))
    else:
        yield from needed_lines(post, view)


def _may_say_yes(post: Post, view: PostView) -> bool:
    reader = view.viewer
    said = any(approval.person == reader for approval in post.approvals)
    return reader is not None and not said and view.rights.may_approve(reader, post.authors)


def _reminder(post: Post, view: PostView) -> Iterator[Part]:
    lines = [f"This has waited for a yes since {at(view, post.entered_at)}."]
    lines += _whose_yes(post, view)
    if post.expires_at is not None:
        lines.append(f"Without an answer it ends {at(view, post.expires_at)}.")
    yield note(*lines)


def _nobody_here(post: Post, view: PostView) -> Iterator[Part]:
    yield note(f"{writers(post, view)} wrote this for {title(view, post.content)}.")
    yield note(*needed_lines(post, view), tone=Tone.CARE)


def _head_asked(post: Post, view: PostView) -> Iterator[Part]:
    if post.questions:
        asked = post.questions[-1]
        label = by("asked you", asked.person, asked.at, view)
        yield Quote(text=asked.words, label=label)
    if post.state is State.IN_REVIEW:
        yield note(f"It has waited for a yes since {at(view, post.entered_at)}.")
    else:
        yield note(f"Please answer {both(people(view, sorted(post.authors)))}.")


def _waits_for_the_head(post: Post, _view: PostView) -> bool:
    return bool(post.asked_points)


def _disputed(post: Post, view: PostView) -> Iterator[Part]:
    for dispute in post.disputes:
        yield Quote(text=dispute.reason, label=by("asked you", dispute.person, dispute.at, view))
    hears = both(people(view, sorted(post.authors)))
    yield note(
        "You can allow it this once. It then still needs a second yes.",
        f"If not, say why: it stays a draft, and {hears} can change it.",
    )


def _veto_lifted(_post: Post, view: PostView) -> Iterator[Part]:
    head = view.rights.head()
    who = with_role(view, head) if head is not None else "The headteacher"
    yield note(f"{capital(who)} let this go on after your no, and gave a reason.")


TO_DECIDERS: Mapping[Message, Wording] = {
    Message.PLEASE_DECIDE: Wording(
        headline="Please say yes or no",
        tone=Tone.WAITING,
        says=_please_decide,
        true_in=_IN_REVIEW,
        quotes=True,
        verbs=_DECIDES,
        asks=_may_say_yes,
        of_version=True,
    ),
    Message.REMINDER: Wording(
        headline="Still waiting for a yes",
        tone=Tone.WAITING,
        says=_reminder,
        true_in=_IN_REVIEW,
        quotes=True,
        verbs=_DECIDES,
        asks=_may_say_yes,
        of_version=True,
    ),
    Message.NOBODY_HERE: Wording(
        headline="Nobody is here to say yes",
        tone=Tone.CARE,
        says=_nobody_here,
        true_in=_IN_REVIEW,
        follows=True,
    ),
    Message.HEAD_ASKED: Wording(
        headline="You are asked to decide",
        tone=Tone.CARE,
        says=_head_asked,
        true_in=LIVE,
        quotes=True,
        verbs=_DECIDES,
    ),
    Message.DISPUTED: Wording(
        headline="May this go out this once?",
        tone=Tone.CARE,
        says=_disputed,
        true_in=frozenset({State.DRAFT}),
        quotes=True,
        verbs=("post.allow", "post.decline"),
        asks=_waits_for_the_head,
        of_version=True,
    ),
    Message.VETO_LIFTED: Wording(
        headline="Your no was overruled",
        tone=Tone.CARE,
        says=_veto_lifted,
        true_in=LIVE | {State.PUBLISHED},
    ),
}
