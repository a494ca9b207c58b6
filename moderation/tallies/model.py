"""What reaches a conversation or a person, and the card on which the rest of it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NewType

from moderation.kernel import PersonId, SubjectRef


if TYPE_CHECKING:
    from moderation.ports import Conversation

TALLY: Final = "tally"
"""Kind of the card that counts."""

Lane = NewType("Lane", str)
"""Where things arrive: a conversation that several people share, or one person, wherever told."""
_PERSON: Final = "person:"
_ROOM: Final = "room:"


def room(conversation: Conversation) -> Lane:
    """The lane of a shared conversation."""
    return Lane(f"{_ROOM}{conversation.platform.value}:{conversation.id}")


def own(person: PersonId) -> Lane:
    """The lane of everything that is told to one person."""
    return Lane(f"{_PERSON}{person}")


def reader_of(lane: Lane) -> PersonId | None:
    """Whose lane it is; ``None`` for a shared conversation's."""
    return PersonId(lane.removeprefix(_PERSON)) if lane.startswith(_PERSON) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A card or a message about ``subject`` that was for this lane.

    ``key`` names it once and for all. ``message`` is the message's name, "" for a card. What is
    ``counted`` was never shown by itself. ``day`` is the local day, whose tally it belongs to.
    """

    lane: Lane
    key: str
    subject: SubjectRef
    message: str
    day: date
    at: datetime
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The ``number``-th counting card of a lane on one day, shown from ``due`` on.

    A shared conversation has one a day. A person may have several: each is a new message, and all
    of a day show the same truth.
    """

    lane: Lane
    day: date
    number: int
    due: datetime

    @property
    def id(self) -> str:
        return f"{self.lane}/{self.day.isoformat()}/{self.number}"
