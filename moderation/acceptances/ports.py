"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.kernel import Recorder


if TYPE_CHECKING:
    from moderation.acceptances.model import Acceptance
    from moderation.kernel import PersonId
    from moderation.people.ports import CurrentPacks, People


class Acceptances(Protocol):
    """Rows that are only ever added."""

    async def get(self, person: PersonId, policy: str, version: str) -> Acceptance | None: ...

    async def add(self, acceptance: Acceptance) -> None:
        """Raises :class:`~moderation.kernel.Conflict` where it is there already."""

    async def all(self) -> tuple[Acceptance, ...]:
        """Every one, by person, policy and time."""


class AcceptanceUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def acceptances(self) -> Acceptances: ...

    @property
    def people(self) -> People: ...

    @property
    def packs(self) -> CurrentPacks: ...
