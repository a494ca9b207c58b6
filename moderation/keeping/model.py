"""One name that a school keeps, or may: whose it is, who asked, who agreed, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from moderation.checks.model import NotAPupil
from moderation.kernel import PersonId, SchoolId


NameId = NewType("NameId", str)
"""Opaque, minted when it is asked for: a button tells nobody whose name it is."""

NAME: Final = "name"
"""Kind of the card on which a name is agreed to."""
WAITS_FOR: Final = timedelta(days=14)
"""How long somebody has to answer. Elapsed time; no answer is a no."""
LONGEST_NAME: Final = 120


class State(StrEnum):
    """Where it stands. Its value is stored."""

    WAITING = "waiting"
    KEPT = "kept"
    DECLINED = "declined"
    LAPSED = "lapsed"
    DROPPED = "dropped"
    ENDED = "ended"


STANDING: Final = frozenset({State.WAITING, State.KEPT})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeptName:
    """``until`` is set once it is agreed. ``over_by`` said no, or took it away. Shows no name."""

    id: NameId
    school: SchoolId
    name: str
    kind: NotAPupil
    asked_by: PersonId
    asked_at: datetime
    state: State = State.WAITING
    agreed_by: PersonId | None = None
    agreed_at: datetime | None = None
    until: datetime | None = None
    over_by: PersonId | None = None
    reason: str = ""

    def __repr__(self) -> str:
        return f"KeptName({self.id}, {self.state})"

    @property
    def lapses_at(self) -> datetime:
        return self.asked_at + WAITS_FOR
