"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.homes.model import Home
from moderation.kernel import Recorder, Repository


if TYPE_CHECKING:
    from moderation.accounts.ports import Accounts
    from moderation.kernel import AccountId, Platform, SchoolId
    from moderation.people.ports import CurrentPacks, People
    from moderation.ports import Conversation


class Homes(Repository[Home], Protocol):
    """One for each account or school whose cards were ever given a conversation, under its id."""

    async def conversations(self, place: AccountId | SchoolId) -> tuple[Conversation, ...]:
        """Where its cards are shown, at most one on each platform."""

    async def on(self, platform: Platform) -> tuple[Home, ...]:
        """Every home that has a conversation on this platform, by place."""

    async def use(self, place: AccountId | SchoolId, conversation: Conversation) -> None:
        """Show its cards there from now on; for whoever sets an installation up."""


class HomeUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def homes(self) -> Homes: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> CurrentPacks: ...
