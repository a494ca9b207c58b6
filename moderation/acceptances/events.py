"""What happened to a policy, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.kernel import PersonId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAccepted:
    """Somebody said that they have read it and follow it."""

    tag: ClassVar[str] = "policy:accepted"
    school: SchoolId
    policy: str
    version: str
    by: PersonId
    at: datetime
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceBrought:
    """The operator brought a list by which somebody had accepted it elsewhere."""

    tag: ClassVar[str] = "policy:accepted_elsewhere"
    school: SchoolId
    policy: str
    version: str
    by: PersonId
    at: datetime
    where: str


Event = PolicyAccepted | AcceptanceBrought
