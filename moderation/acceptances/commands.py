"""What somebody asks about a policy."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptPolicy:
    """Whoever asks accepts the policy of ``school`` in the ``version`` that they read."""

    school: SchoolId
    version: str


Command = AcceptPolicy
