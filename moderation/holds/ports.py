"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.holds.model import Hold
from moderation.kernel import Recorder, Repository
from moderation.posts.ports import Pauses


if TYPE_CHECKING:
    from moderation.accounts.ports import Accounts
    from moderation.people.ports import People
    from moderation.posts.ports import Packs, Posts


class Holds(Repository[Hold], Pauses, Protocol):
    """One for each place that was ever paused, under the school's id.

    While a unit that writes has asked for one, no other unit decides by what is in force.
    """


class HoldUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def holds(self) -> Holds: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> Packs: ...

    @property
    def posts(self) -> Posts: ...
