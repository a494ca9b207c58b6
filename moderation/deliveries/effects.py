"""Who is told of what could not be delivered."""

from __future__ import annotations

from enum import StrEnum

from moderation.deliveries.model import DELIVERIES
from moderation.kernel import Audience, SchoolId, SubjectRef, Tell


class Message(StrEnum):
    """The private message; ``present`` words it."""

    LOST = "deliveries.lost"


def told(school: SchoolId, day: str) -> Tell:
    """Something of this school was given up; said on this day (ISO 8601)."""
    return Tell(Audience.HEAD, Message.LOST, SubjectRef(DELIVERIES, school), day)
