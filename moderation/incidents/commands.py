"""What may be asked about a report."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.incidents.model import Concern, IncidentId
from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConcern:
    """Anybody who works or helps at a school. ``school`` is needed of whoever is at several.

    ``incident`` is minted when the form is opened.
    """

    incident: IncidentId
    concern: Concern
    school: SchoolId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """A person says "I have it": from now on it is with them, and nobody else is asked."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """It is in the school's own safeguarding file, and needs nothing more here."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """The timer: nobody has answered since ``step``, so the next is asked."""

    incident: IncidentId
    step: int


Timed = Climb
Command = ReportConcern | Acknowledge | Finish | Climb
