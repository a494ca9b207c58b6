"""What follows from an event, outside the import: its card, people to tell, clocks to set."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.imports import commands as ask, events as happened
from moderation.kernel import Audience, Later, Show, SubjectRef, Tell
from moderation.posts.commands import Judge, Recheck


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from moderation.imports.model import Batch, BatchId
    from moderation.kernel import Effect


IMPORT = "import"
"""Kind of the card on which an import is confirmed or declined."""


class Message(StrEnum):
    """Private messages about an import; ``present`` words each."""

    PLEASE_CONFIRM = "import.please_confirm"
    CHANGED = "import.changed"
    YOU_CONFIRMED = "import.you_confirmed"
    NO_LONGER_HEAD = "import.no_longer_head"


def effects(batch: Batch, event: happened.Event) -> tuple[Effect, ...]:
    """Every effect of ``event`` on the way out; ``batch`` is the import after it."""
    return tuple(_effects(batch, event))


def _effects(batch: Batch, event: happened.Event) -> Iterator[Effect]:
    subject = SubjectRef(IMPORT, batch.id)
    match event:
        case happened.Held():
            yield Show(subject)
            yield Tell(Audience.HEAD, Message.PLEASE_CONFIRM, subject)
            yield _later(ask.LapseImport(batch=batch.id), event.lapses_at)
            yield from _replaced(event.replaces, batch.id, event.at)
        case happened.Confirmed(in_chat=False):
            yield Tell(Audience.PERSON, Message.YOU_CONFIRMED, subject, person=event.person)
        case happened.Moved():
            yield Show(subject)
            yield Tell(Audience.HEAD, Message.CHANGED, subject, str(event.number))
        case happened.Imported():
            if event.waited:
                yield Show(subject)
            for person in event.ended:
                yield Tell(Audience.PERSON, Message.NO_LONGER_HEAD, subject, person=person)
            yield from _replaced(event.replaces, batch.id, event.at)
            yield from _judged_again(event)
        case _:
            yield Show(subject)


def _judged_again(event: happened.Imported) -> Iterator[Later]:
    """Each post that is under way, at once: it may name or show a child whom it no longer may.

    Both for each: what was approved when it was looked at may be handed out by now.
    """
    for post in event.posts:
        for command in (Judge(post=post), Recheck(post=post)):
            key = f"{event.tag}:{event.batch}:{type(command).__name__}:{post}"
            yield Later(command, event.at, key)


def _replaced(older: tuple[BatchId, ...], newer: BatchId, at: datetime) -> Iterator[Later]:
    for batch in older:
        yield _later(ask.ReplaceImport(batch=batch, newer=newer), at)


def _later(command: ask.ReplaceImport | ask.LapseImport, due: datetime) -> Later:
    return Later(command, due, f"{type(command).__name__}:{command.batch}:{due.isoformat()}")
