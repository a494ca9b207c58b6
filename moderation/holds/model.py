"""The hold of one school or of the trust: who paused all posts, why, and whether it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderation.kernel import PersonId, SchoolId


HOLD = "hold"
"""Kind of the card that tells of a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The newest pause of one place, kept when it is over. A place never paused has none.

    ``number`` counts the pauses of this place from 1: a button of an earlier one starts nothing.
    A hold of the trust covers the accounts of every school.
    """

    school: SchoolId
    number: int
    by: PersonId
    reason: str
    at: datetime
    started_by: PersonId | None = None
    started_at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether posts wait because of it."""
        return self.started_at is None
