"""What happened to a hold, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.kernel import PersonId, PostId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """``posts`` were on their way just then: approved, or handed out and not posted yet."""

    tag: ClassVar[str] = "hold:paused"
    school: SchoolId
    number: int
    by: PersonId
    reason: str
    at: datetime
    posts: tuple[PostId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """``posts`` had waited, or had been called back, and are taken up again."""

    tag: ClassVar[str] = "hold:started"
    by: PersonId
    at: datetime
    posts: tuple[PostId, ...]


Event = Paused | Started
"""Everything that happens to a hold."""
