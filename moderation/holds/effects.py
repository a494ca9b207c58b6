"""What follows from a pause and from its end: the card, who is told, and each post set going."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.holds import events as happened
from moderation.holds.model import HOLD
from moderation.kernel import Audience, Later, Show, SubjectRef, Tell
from moderation.posts.commands import Judge, Recheck, Release


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.holds.model import Hold
    from moderation.kernel import Effect


class Message(StrEnum):
    """Private messages of a hold; ``present`` words each."""

    PAUSED = "hold.paused"
    STARTED = "hold.started"


TOLD = (Audience.APPROVERS, Audience.POSTERS, Audience.HEAD)
"""Nobody is in two of them (``audiences``), so that everybody is told once."""


def effects(hold: Hold, event: happened.Event) -> tuple[Effect, ...]:
    """The card is redrawn, people are told, and each post looks at the hold for itself."""
    match event:
        case happened.Paused():
            # Both for each: what was approved when it was looked at may be handed out by now.
            return (*_told(hold, Message.PAUSED), *_set_going(hold, event, (Release, Recheck)))
        case happened.Started():
            again = (Release, Recheck, Judge)
            return (*_told(hold, Message.STARTED), *_set_going(hold, event, again))
        case _ as never:
            assert_never(never)


def _told(hold: Hold, message: Message) -> Iterator[Effect]:
    subject = SubjectRef(HOLD, hold.school)
    yield Show(subject)
    for which in TOLD:
        yield Tell(which, message, subject, str(hold.number))


def _set_going(
    hold: Hold, event: happened.Event, commands: tuple[type[Release | Recheck | Judge], ...]
) -> Iterator[Later]:
    for post in event.posts:
        for command in commands:
            key = f"{event.tag}:{hold.school}:{hold.number}:{command.__name__}:{post}"
            yield Later(command(post=post), event.at, key)
