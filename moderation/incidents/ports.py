"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.incidents.model import Incident, IncidentId
from moderation.kernel import Recorder, Repository


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.accounts.ports import Accounts
    from moderation.people.ports import CurrentPacks, People


class Incidents(Repository[Incident], Protocol):
    """Reports, sealed. The store itself refuses a receiver who is barred, and forgets nobody."""

    async def since(self, moment: datetime) -> tuple[IncidentId, ...]:
        """The ids of those sent since then, oldest first."""


class IncidentsUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def incidents(self) -> Incidents: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def packs(self) -> CurrentPacks: ...
