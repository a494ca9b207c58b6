"""The unit of work that this room reads from and writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.kernel import Recorder


if TYPE_CHECKING:
    from moderation.accounts.ports import Accounts
    from moderation.imports.ports import Batches
    from moderation.incidents.ports import Incidents
    from moderation.people.ports import CurrentPacks, People
    from moderation.posts.ports import Posts


class AbsenceUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> CurrentPacks: ...

    @property
    def posts(self) -> Posts: ...

    @property
    def incidents(self) -> Incidents: ...

    @property
    def batches(self) -> Batches: ...
