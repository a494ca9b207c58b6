"""What happens around people and pupils, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moderation.kernel import AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosSeen:
    """Somebody read which children of a class may not be shown on these accounts.

    It changes nothing, and stays in the audit: the class and the accounts, never a child.
    """

    tag: ClassVar[str] = "photos:seen"
    form: str
    accounts: tuple[AccountId, ...]
