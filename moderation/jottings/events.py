"""What happened to a jotting, in the past tense. No event holds a word of it, or a pupil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.kernel import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    tag: ClassVar[str] = "jotting:begun"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    tag: ClassVar[str] = "jotting:changed"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """It became the post of the same id."""

    tag: ClassVar[str] = "jotting:made"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """``by`` ``None`` is the timer."""

    tag: ClassVar[str] = "jotting:forgotten"
    by: PersonId | None
    at: datetime


Event = Begun | Changed | Made | Forgotten
