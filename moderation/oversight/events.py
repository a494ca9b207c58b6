"""What the watch saw, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from moderation.kernel import SchoolId
from moderation.oversight.model import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The school's accounts were looked at. ``standing`` are flags said before, with new counts."""

    tag: ClassVar[str] = "watch:looked"
    school: SchoolId
    on: date
    standing: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """Said for the first time, all of one morning together."""

    tag: ClassVar[str] = "watch:flagged"
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Mended, or the account was closed: no longer on the card."""

    tag: ClassVar[str] = "watch:cleared"
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue:
    """The policy that the school follows is past its own review: said at the first look of a month.

    ``due`` is the last day on which it wasn't.
    """

    tag: ClassVar[str] = "watch:review_due"
    due: date


Event = Looked | Flagged | Cleared | ReviewDue
"""Everything that happens to a watch."""
