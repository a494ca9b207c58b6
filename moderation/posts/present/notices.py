"""Private messages about a post: short, true at the moment they are read, with what to do next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.posts.effects import Message
from moderation.posts.model import FINAL, POST, State
from moderation.posts.present import buttons
from moderation.posts.present.findings import finding_groups, marks
from moderation.posts.present.needed import needed_lines
from moderation.posts.present.notices_authors import TO_AUTHORS
from moderation.posts.present.notices_deciders import TO_DECIDERS
from moderation.posts.present.notices_posters import TO_POSTERS
from moderation.posts.present.notices_wording import Wording, note
from moderation.posts.present.parts import pictures
from moderation.posts.present.speech import title, with_role
from moderation.posts.present.states import BEING_CHANGED, state_of
from moderation.posts.queries.seeing import Sight, sight
from moderation.views import Media, Note, Quote, Tone
from moderation.words import capital, card as worded


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Button, Card, Part


NOT_REACHED = "Please tell the headteacher"
WORDINGS: Mapping[Message, Wording] = {**TO_DECIDERS, **TO_AUTHORS, **TO_POSTERS}
"""Every message of :class:`~moderation.posts.effects.Message`."""


def notice(
    message: Message,
    post: Post,
    view: PostView,
    about: str = "",
    *,
    unreached: PersonId | None = None,
) -> Card:
    """The private message to ``view.viewer``, as things are now; ``about`` is its effect's.

    ``unreached`` is who decides as the head and can't be written to: the reader, who is next in
    line and decides only in an absence, is asked to tell them.
    """
    wording = WORDINGS[message]
    view = replace(view, lasting=True)
    holds = wording.holds(post, view, about)
    visible = sight(post, view.rights, view.viewer) is Sight.ALL
    state, tone = (wording.headline, wording.tone) if holds else _standing(post, view, visible)
    parts = tuple(_parts(wording, post, view, visible=visible) if holds else _moved_on(post, view))
    if holds and unreached is not None:
        state = NOT_REACHED
        parts = (_to_be_told(unreached, view), *(it for it in parts if not isinstance(it, Note)))
    return worded(
        SubjectRef(POST, post.id),
        version=view.version,
        title=title(view, post.content),
        state=state,
        tone=tone,
        parts=parts,
        buttons=_buttons(wording if holds else None, post, view) if visible else (),
    )


def decides_as_head(message: Message) -> bool:
    """Whether the message asks its reader for what the head alone decides."""
    return message in {Message.HEAD_ASKED, Message.DISPUTED}


def _to_be_told(head: PersonId, view: PostView) -> Note:
    return note(
        f"{capital(with_role(view, head))} can't be reached here. "
        "Please tell them in person that this waits for them.",
        "Somebody else decides in their place only once they are noted as away.",
    )


def notice_lasts(message: Message, post: Post, view: PostView, about: str = "") -> bool:
    """Whether a change of the post may still change what this message says."""
    wording = WORDINGS[message]
    followed = bool(wording.verbs) or wording.follows
    return followed and post.state not in FINAL and wording.holds(post, view, about)


def notice_is_for(message: Message, post: Post, person: PersonId) -> bool:
    """Whether this person is told: who wrote it hears that it is called back, and no more."""
    return message is not Message.STOP_POSTING or person not in post.authors


def _standing(post: Post, view: PostView, visible: bool) -> tuple[str, Tone]:  # noqa: FBT001
    state, tone = state_of(post, view)
    return (state, tone) if visible or post.state is not State.DRAFT else (BEING_CHANGED, Tone.CARE)


def _moved_on(post: Post, view: PostView) -> Iterator[Part]:
    said_yes = any(approval.person == view.viewer for approval in post.approvals)
    if said_yes and post.state is State.IN_REVIEW:
        yield note("You have said yes.", *needed_lines(post, view))
    elif post.change_request is not None and post.change_request.person == view.viewer:
        yield note("You have said what should change. It is with its author.")
    else:
        yield note("This has moved on meanwhile. Nothing is asked of you here.")


def _parts(wording: Wording, post: Post, view: PostView, *, visible: bool) -> Iterator[Part]:
    yield from wording.says(post, view)
    if not (wording.quotes and visible):
        return
    yield Quote(text=post.content.text, marks=marks(post), copyable=post.state is State.RELEASED)
    if post.content.attachments:
        yield Media(pictures(post, view))
    yield from finding_groups(post, view)


def _buttons(wording: Wording | None, post: Post, view: PostView) -> tuple[Button, ...]:
    usable = [*sum(buttons.deciding(post, view), ()), *sum(buttons.posting(post, view), ())]
    verbs = wording.verbs if wording is not None else ()
    offered = [item for verb in verbs for item in usable if item.intent.verb == verb]
    return (*dict.fromkeys(offered), buttons.opening(post, view))
