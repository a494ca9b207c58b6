"""A report of a concern: what was said, whom it reached, and who has it.

Schoolgate carries a report to somebody who answers for children's safety. What is then done, and
why, belongs in the school's own safeguarding file: nothing of it is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from moderation.kernel import AccountId, PersonId, SchoolId


IncidentId = NewType("IncidentId", str)

INCIDENT = "incident"
"""Kind of the card that a report is followed on. The card holds no word of the report."""

PATIENCE = timedelta(minutes=10)
"""How long somebody has to say "I have it" before the next is asked. Elapsed time, day or night."""

LONGEST_WORDS = 4000
LONGEST_PLACE = 500
"""Unicode code points."""
MOST_NAMED = 20


class State(StrEnum):
    """Where a report stands. Its value is stored."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"


class Rung(StrEnum):
    """In which capacity somebody is asked, in this order. Its value is stored."""

    LEAD = "lead"
    DEPUTY = "deputy"
    HEAD = "head"
    ABOVE_HEAD = "above_head"
    """Chair of governors and trust lead, in the head's place where the head is named."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Concern:
    """What somebody reports. ``repr`` shows nothing: words and names are for its receivers alone.

    ``place`` is where it was seen, as typed: a link, a page, a post. ``named`` are people of the
    school whom it is about: they are never asked and never told. ``danger``: a child may be in
    danger at this moment.
    """

    words: str
    place: str = ""
    account: AccountId | None = None
    named: frozenset[PersonId] = frozenset()
    danger: bool = False

    def __repr__(self) -> str:
        return "Concern()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who was asked to take it on. ``step`` counts from 1."""

    person: PersonId
    rung: Rung
    step: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One report.

    ``barred`` may never receive it: its reporter, whoever is named in it, and any other entry in
    the register of the same people.

    ``unanswered_at`` is when nobody was left to ask and the reporter was given a number to ring.
    """

    id: IncidentId
    school: SchoolId
    reporter: PersonId
    at: datetime
    concern: Concern
    barred: frozenset[PersonId]
    state: State = State.WAITING
    step: int = 0
    receivers: tuple[Receiver, ...] = ()
    unanswered_at: datetime | None = None
    holder: PersonId | None = None
    held_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def asked(self) -> frozenset[PersonId]:
        return frozenset(receiver.person for receiver in self.receivers)
