"""What people may ask about an absence, and what the timer does when one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from moderation.absences.model import StatementId
from moderation.kernel import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class SayAway:
    """``person`` is away from ``start`` to ``end``, both days included."""

    statement: StatementId
    person: PersonId
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SayBack:
    """``person`` is here from ``day`` on: the absence that covers it ends the day before."""

    statement: StatementId
    person: PersonId
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAbsence:
    """The timer: an absence that was said before may begin today."""

    statement: StatementId
    person: PersonId


Command = SayAway | SayBack | BeginAbsence
Timed = BeginAbsence
"""What only the timer asks."""
