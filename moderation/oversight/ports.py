"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.kernel import Recorder, Repository
from moderation.oversight.model import Watch


if TYPE_CHECKING:
    from moderation.accounts.ports import Accounts
    from moderation.people.ports import CurrentPacks, People


class Watches(Repository[Watch], Protocol):
    """One watch for each school and one for the trust, under the school's id."""


class WatchUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def watches(self) -> Watches: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> CurrentPacks: ...
