"""What waits for one person: the queue with "Approve and next", and their own drafts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.posts.model import State
from moderation.posts.present.cards import card
from moderation.posts.present.speech import glimpse, title
from moderation.posts.present.states import state_of
from moderation.views import Button, Facts, Intent, Note, Tone
from moderation.words import capital, card as worded, counted


if TYPE_CHECKING:
    from moderation.posts.queries.views import PostPage, QueuePage
    from moderation.views import Card


QUEUE = "queue"
DRAFTS = "drafts"
AND_NEXT = {
    "post.approve": "Approve and next",
    "post.request_changes": "Ask for a change and next",
}
"""What the queue's buttons are called while more waits behind the post."""


def queue(page: QueuePage) -> Card:
    """The post that has waited longest, ready to be decided; then the next one follows."""
    if page.first is None:
        return worded(
            SubjectRef(QUEUE, QUEUE),
            version=0,
            title="My queue",
            state="Nothing waiting for you",
            tone=Tone.DONE,
            parts=(Note(lines=("Posts that need your yes will appear here.",)),),
        )
    shown = card(page.first.post, page.first.view)
    if not page.after:
        return shown
    waiting = f"{capital(counted(page.after, 'more post'))} after this one."
    row = tuple(_and_next(button) for button in shown.buttons)
    skip = Button(
        label="Leave it for later",
        intent=Intent(verb="queue.next", id=page.first.post.id, arg=page.first.post.id),
        describes=shown.title,
    )
    return worded(
        shown.subject,
        version=shown.version,
        title=shown.title,
        state=shown.state,
        tone=shown.tone,
        parts=(*shown.parts, Note(lines=(waiting,))),
        buttons=row,
        more=(skip, *shown.more),
    )


def drafts(pages: tuple[PostPage, ...]) -> Card:
    """Everything that the reader wrote lately, newest first, each with a button to open it."""
    if not pages:
        return worded(
            SubjectRef(DRAFTS, DRAFTS),
            version=0,
            title="My drafts",
            state="Nothing here yet",
            tone=Tone.WAITING,
            parts=(Note(lines=("What you write will appear here until it is posted.",)),),
        )
    rows = tuple((glimpse(page.post.content.text), _standing(page)) for page in pages)
    return worded(
        SubjectRef(DRAFTS, DRAFTS),
        version=0,
        title="My drafts",
        state=capital(counted(len(pages), "post")),
        tone=Tone.WAITING,
        parts=(Facts(rows),),
        buttons=tuple(
            _opened(page, f"number {number}" if len(pages) > 1 else "it")
            for number, page in enumerate(pages, start=1)
        ),
    )


def _opened(page: PostPage, which: str) -> Button:
    """What is likely to be done with it: to change it where it waits for that, else to look."""
    looks = Intent(verb="post.open", id=page.post.id, rev=page.post.revision.number)
    if page.post.state in {State.DRAFT, State.CHANGES_REQUESTED}:
        for button in card(page.post, page.view).buttons:
            if button.intent.verb == "post.revise":
                return replace(button, label=f"Change {which}", describes=_standing(page))
    return Button(label=f"Look at {which}", intent=looks, describes=_standing(page))


def _and_next(button: Button) -> Button:
    label = AND_NEXT.get(button.intent.verb)
    if label is None:
        return button
    return replace(button, label=label, intent=replace(button.intent, arg="next"))


def _standing(page: PostPage) -> str:
    state, _ = state_of(page.post, page.view)
    return f"{title(page.view, page.post.content)}: {state}"
