"""What happened to a home, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.kernel import PersonId
from moderation.ports import Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Cards are shown in ``conversation`` from now on."""

    tag: ClassVar[str] = "home:moved"
    place: str
    conversation: Conversation
    by: PersonId
    at: datetime


Event = Moved
