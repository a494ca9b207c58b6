"""An official account: one page, channel or feed that speaks for the school.

The register of AUR-REG-1: platform, name, address, master administrator, posters, opened, closed.
Who may do what on it are :class:`~moderation.people.model.Grant` rows.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from moderation.kernel import AccountId, SchoolId


TEXT_LIMITS = {
    "facebook": 63_206,
    "instagram": 2_200,
    "x": 280,
    "threads": 500,
    "bluesky": 300,
    "mastodon": 500,
    "linkedin": 3_000,
    "youtube": 5_000,
    "tiktok": 2_200,
}
"""The networks' own published limits, in characters, for the text of one post."""

LONGEST_TEXT = 63_206
"""For a network that isn't listed."""


@dataclass(frozen=True, slots=True, order=True)
class MonthOrDay:
    """A date known to the day, or (``day`` is ``None``) to the month only."""

    year: int
    month: int
    day: int | None = None

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        return date(
            self.year,
            self.month,
            self.day or calendar.monthrange(self.year, self.month)[1],
        )

    def __str__(self) -> str:
        month = f"{self.year:04d}-{self.month:02d}"
        return month if self.day is None else f"{month}-{self.day:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``platform`` is lower case (``facebook``). ``school`` may be the trust itself.

    ``known_since`` is the day on which the register first held it, where that was noted.
    """

    id: AccountId
    school: SchoolId
    platform: str
    name: str
    url: str = ""
    opened_on: MonthOrDay | None = None
    closed_on: MonthOrDay | None = None
    known_since: date | None = None

    @property
    def text_limit(self) -> int:
        return TEXT_LIMITS.get(self.platform, LONGEST_TEXT)

    def closed(self, today: date) -> bool:
        """Whether the latest day that ``closed_on`` can mean has come."""
        return self.closed_on is not None and self.closed_on.last <= today
