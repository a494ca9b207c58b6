"""What somebody asks about a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderation.kernel import PersonId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptPolicy:
    """Whoever asks accepts the policy of ``school`` in the ``version`` that they read."""

    school: SchoolId
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedElsewhere:
    """``person`` accepted it outside the chat, in a personnel system or on paper (AUR-ACK-2).

    The operator alone says so, with a list of the school's. ``where`` is a word or two.
    """

    school: SchoolId
    person: PersonId
    version: str
    accepted: datetime
    where: str


Command = AcceptPolicy | AcceptedElsewhere
