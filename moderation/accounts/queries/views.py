"""What a question to the register is answered with: plain data, ready to be worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from moderation.accounts.model import Account
from moderation.kernel import PersonId, SchoolId
from moderation.people.model import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How one account stands on one day, against what the pack asks.

    ``quiet`` counts days without a post, holidays left out: since the last one, else since the
    account was opened; ``None`` where neither is known. ``moderators`` and ``administrators`` are
    those who are here on that day.
    """

    account: Account
    posted: datetime | None
    quiet: int | None
    moderators: tuple[PersonId, ...]
    administrators: tuple[PersonId, ...]
    most_quiet: int
    least_moderators: int
    least_administrators: int
    watched: bool
    """Whether it is open on that day: a closed or not yet opened one is never flagged."""
    closed: bool

    @property
    def stale(self) -> bool:
        """Nothing posted for the pack's number of days, or nothing known at all."""
        return self.watched and (self.quiet is None or self.quiet >= self.most_quiet)

    @property
    def uncovered(self) -> bool:
        """Fewer moderators or administrators here than the pack asks for."""
        return self.watched and (
            len(self.moderators) < self.least_moderators
            or len(self.administrators) < self.least_administrators
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsPage:
    """One page of the list. ``words`` are the filter's, as they were understood."""

    words: tuple[str, ...]
    page: int
    pages: int
    total: int
    lines: tuple[Condition, ...]
    schools: Mapping[SchoolId, str]
    """Names by school id; the list names the school where there are several."""
    today: date
    unknown: bool = False
    """The reader belongs to no school here."""
    typed: str = ""
    """The filter as it was typed, on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One account in full. Master administrators are told with their roles at the school."""

    condition: Condition
    school: str
    masters: tuple[tuple[str, frozenset[Role]], ...]
    administrators: tuple[str, ...]
    moderators: tuple[str, ...]
    posters: tuple[str, ...]
    away: tuple[str, ...]
    """Moderators and administrators who are away today."""
    now: datetime
    zone: tzinfo
