"""Private messages about posts, and what only one person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.gallery.posts import POSTS, view
from bot.gallery.school import ADE, LUND, OKAFOR, REED
from moderation.posts import present
from moderation.posts.effects import Message
from moderation.posts.queries import PicturedPupil, PostPage, QueuePage, WhoPage


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gallery.posts import Made
    from moderation.kernel import PersonId

TOLD: Final[tuple[tuple[Message, str, PersonId, str], ...]] = (
    (Message.PLEASE_DECIDE, "flagged", OKAFOR, "Please decide"),
    (Message.REMINDER, "waiting", LUND, "A reminder to decide"),
    (Message.NOBODY_HERE, "waiting", ADE, "Nobody else can say yes"),
    (Message.HEAD_ASKED, "question", ADE, "A question to the headteacher"),
    (Message.DISPUTED, "disputed", ADE, "The headteacher is asked to allow it this once"),
    (Message.APPROVED, "approved", REED, "It was approved"),
    (Message.CHANGES_REQUESTED, "changes", REED, "Somebody asks for changes"),
    (Message.REJECTED, "rejected", REED, "It was rejected"),
    (Message.VETO_LIFTED, "approved", LUND, "The headteacher let it go on"),
    (Message.ALLOWED, "allowed", REED, "It was allowed this once"),
    (Message.DECLINED, "declined", REED, "The headteacher said no"),
    (Message.STOPPED, "cancelled", REED, "It was stopped"),
    (Message.SENT_BACK, "sent-back", REED, "It needs another look"),
    (Message.STOP_POSTING, "recalled", REED, "Please don't post it"),
    (Message.RECALLED, "recalled", REED, "It was called back"),
    (Message.PLEASE_REMOVE, "half-removed", REED, "Please take it down"),
    (Message.NOT_POSTED, "half-posted", REED, "It could not be posted on one page"),
    (Message.DID_IT_APPEAR, "unsure", REED, "Did it appear?"),
    (Message.UNPOSTED, "ready", REED, "Nobody has posted it yet"),
    (Message.EXPIRED, "expired", REED, "It ran out of time"),
)
"""Every message, the post it is about, and who is told."""


def examples() -> Iterator[Made]:
    """A message of each kind, then the queue, the drafts, the history and who is in a picture."""
    for message, name, reader, about in TOLD:
        of = POSTS[name]
        card = present.notice(message, of, view(of, reader))
        yield f"message-{str(message).replace('.', '-').replace('_', '-')}", about, card
    first, second = (PostPage(POSTS[it], view(POSTS[it], LUND)) for it in ("flagged", "waiting"))
    full = QueuePage(first=first, after=3, rest=(second,))
    yield "queue", "A moderator's queue", present.queue(full)
    yield "queue-empty", "Nothing waits", present.queue(QueuePage(first=None, after=0))
    mine = tuple(PostPage(POSTS[it], view(POSTS[it], REED)) for it in ("stopped", "changes"))
    yield "drafts", "What somebody wrote", present.drafts(mine)
    yield "drafts-empty", "Nothing written yet", present.drafts(())
    done = POSTS["approved"]
    yield "history", "What happened to a post", present.history(done, view(done, OKAFOR))
    pupils = (
        PicturedPupil(name="Amelia Khan", year="4", form="4B"),
        PicturedPupil(name="Ben Lowe", year="4", form="4A"),
    )
    page = PostPage(done, view(done, OKAFOR))
    yield "who-is-in", "Who is in the picture", present.who_is_in(WhoPage(page=page, pupils=pupils))
