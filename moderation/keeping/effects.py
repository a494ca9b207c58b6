"""What follows from an event: the card with those who may agree, a clock, posts judged again."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.keeping import events as happened
from moderation.keeping.commands import EndName, LapseName
from moderation.keeping.model import NAME
from moderation.kernel import Audience, Later, Show, SubjectRef, Tell
from moderation.posts.commands import Judge, Recheck


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.keeping.model import KeptName
    from moderation.kernel import Effect, PersonId


class Message(StrEnum):
    """Private messages; ``present`` words each. None carries the name: it is read when sent."""

    AGREED = "name.agreed"
    DECLINED = "name.declined"
    DROPPED = "name.dropped"
    ENDED = "name.ended"


def effects(kept: KeptName, event: happened.Event) -> tuple[Effect, ...]:
    """Every effect of ``event`` on the way out; ``kept`` is as it stands after it."""
    return (Show(SubjectRef(NAME, kept.id)), *_more(kept, event))


def _more(kept: KeptName, event: happened.Event) -> Iterator[Effect]:
    match event:
        case happened.Asked():
            yield Later(LapseName(id=kept.id), kept.lapses_at, f"LapseName:{kept.id}")
        case happened.Agreed():
            yield _tell(kept, Message.AGREED, kept.asked_by)
            yield Later(EndName(id=kept.id), event.until, f"EndName:{kept.id}")
            yield from _judged_again(kept, event)
        case happened.Declined():
            yield _tell(kept, Message.DECLINED, kept.asked_by)
        case happened.Dropped():
            for who in (kept.asked_by, kept.agreed_by):
                if who is not None and who != event.by:
                    yield _tell(kept, Message.DROPPED, who)
            yield from _judged_again(kept, event)
        case happened.Ended():
            for who in (kept.asked_by, kept.agreed_by):
                if who is not None:
                    yield _tell(kept, Message.ENDED, who)
            yield from _judged_again(kept, event)
        case happened.Lapsed():
            pass
        case _ as never:
            assert_never(never)


def _tell(kept: KeptName, message: Message, to: PersonId) -> Tell:
    return Tell(Audience.PERSON, message, SubjectRef(NAME, kept.id), person=to)


def _judged_again(
    kept: KeptName, event: happened.Agreed | happened.Dropped | happened.Ended
) -> Iterator[Later]:
    """Both for each: what was approved when it was looked at may be handed out by now."""
    for post in event.posts:
        for command in (Judge(post=post), Recheck(post=post)):
            key = f"{event.tag}:{kept.id}:{type(command).__name__}:{post}"
            yield Later(command, event.at, key)
