"""A person's acceptance of one version of a policy. It is never changed and never taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from moderation.kernel import PersonId


POLICY: Final = "policy"
"""Kind of the subject under which an acceptance is recorded; its id is the school's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """``policy`` is the pack's id.

    ``where`` is the platform on which it was said, or the system or paper if elsewhere.
    """

    person: PersonId
    policy: str
    version: str
    at: datetime
    where: str
