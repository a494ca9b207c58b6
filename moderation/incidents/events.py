"""What happened to a report, as the audit keeps it: who was told and when, never what it says.

Who is named in a report stands in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.incidents.model import IncidentId, Receiver
from moderation.kernel import PersonId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    tag: ClassVar[str] = "incident:reported"
    incident: IncidentId
    school: SchoolId
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It was sent to ``receivers``; at step 1 at once, later because nobody had answered."""

    tag: ClassVar[str] = "incident:sent"
    incident: IncidentId
    step: int
    receivers: tuple[Receiver, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nobody is left to ask: the reporter is given a number to ring.

    ``receivers`` are those away today, who have it now as well: a telephone may still be looked at.
    """

    tag: ClassVar[str] = "incident:unanswered"
    incident: IncidentId
    receivers: tuple[Receiver, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    tag: ClassVar[str] = "incident:acknowledged"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    tag: ClassVar[str] = "incident:finished"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class WordsRead:
    """Somebody opened the words of a report. Changes nothing."""

    tag: ClassVar[str] = "incident:words_read"


Event = Reported | Sent | Unanswered | Acknowledged | Finished
"""Everything that changes a report."""
