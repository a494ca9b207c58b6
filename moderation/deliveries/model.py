"""A delivery that was given up: tried for a day or twelve times, or refused for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from moderation.kernel import PersonId
from moderation.ports import Conversation


DELIVERIES: Final = "deliveries"
"""Kind of the subject that a school's deliveries are; its id is the school's."""


class What(StrEnum):
    """What didn't arrive. Never what it says, nor what it is about."""

    MESSAGE = "message"
    CARD = "card"
    STEP = "step"
    """Something that should have followed by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One of them. ``id`` is the outbox's; ``since`` when it was first tried, or fell due.

    A message has the ``person`` it was for, a card the conversation ``where`` it belongs.
    """

    id: str
    what: What
    since: datetime
    person: PersonId | None = None
    where: Conversation | None = None

    @property
    def mark(self) -> str:
        """Tells it from itself: what is tried again and given up again is another loss."""
        return f"{self.id}@{self.since.isoformat()}"
