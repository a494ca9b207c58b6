"""What follows from a look: the card of the school, and who is told, once."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Audience, Show, SubjectRef, Tell
from moderation.oversight import events as happened
from moderation.oversight.model import WATCH


if TYPE_CHECKING:
    from moderation.kernel import Effect
    from moderation.oversight.model import Watch


class Message(StrEnum):
    """Private messages of the watch; ``present`` words each."""

    FLAGGED = "watch.flagged"
    REVIEW_DUE = "watch.review_due"


def effects(watch: Watch, event: happened.Event) -> tuple[Effect, ...]:
    """The card is redrawn while there is something on it, and once more when all is mended.

    A school that never had a concern never gets a card.
    """
    subject = SubjectRef(WATCH, watch.school)
    match event:
        case happened.Looked():
            return (Show(subject),) if watch.flags else ()
        case happened.Cleared():
            return (Show(subject),)
        case happened.Flagged():
            arg = watch.looked_on.isoformat()
            return (
                Show(subject),
                Tell(Audience.ADMINISTRATORS, Message.FLAGGED, subject, arg),
                Tell(Audience.HEAD, Message.FLAGGED, subject, arg),
            )
        case happened.ReviewDue(due=due):
            return (Tell(Audience.HEAD, Message.REVIEW_DUE, subject, due.isoformat()),)
        case _ as never:
            assert_never(never)
