"""What this room needs stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from moderation.accounts.model import Account
    from moderation.kernel import AccountId, SchoolId


class Accounts(Protocol):
    """The register."""

    async def get(self, account: AccountId) -> Account | None: ...

    async def of_school(self, school: SchoolId) -> tuple[Account, ...]:
        """Open and closed ones, ordered by platform and name."""

    async def all(self) -> tuple[Account, ...]: ...

    async def save(self, accounts: tuple[Account, ...]) -> None:
        """Insert or replace these accounts as a whole."""

    async def last_posted(self, accounts: frozenset[AccountId]) -> Mapping[AccountId, datetime]:
        """When each was last marked as posted; accounts never posted on are left out."""
