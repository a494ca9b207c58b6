"""Who is told of a checkpoint, and of a record that doesn't check."""

from __future__ import annotations

from enum import StrEnum

from moderation.kernel import Audience, SubjectRef, Tell
from moderation.record.model import BROKEN, RECORD


class Message(StrEnum):
    """Private messages about the record; ``present`` words each."""

    CHECKPOINT = "record.checkpoint"
    BROKEN = "record.broken"


def signed(lines: int) -> Tell:
    """A checkpoint over this many lines was signed."""
    return Tell(Audience.WITNESSES, Message.CHECKPOINT, SubjectRef(RECORD, str(lines)))


def broken(day: str) -> Tell:
    """The record didn't check on this day (ISO 8601)."""
    return Tell(Audience.WITNESSES, Message.BROKEN, SubjectRef(RECORD, f"{BROKEN}:{day}"), day)
