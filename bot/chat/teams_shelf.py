"""Where Teams' conversations are kept: in the database, so that a restart forgets nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.teams.places import loads
from moderation.kernel import Platform
from moderation.ports import Clock
from storage.references import StoredReference
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from adapters.teams.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlaces:
    """Implements :class:`adapters.teams.places.Shelf`."""

    units: Units
    clock: Clock

    async def all(self) -> tuple[Place, ...]:
        """Everything that can be read; what can't is heard of anew."""
        async with self.units.read() as unit:
            stored = await unit.references.all(Platform.TEAMS)
        return tuple(place for it in stored if (place := loads(it.body)) is not None)

    async def keep(self, place: Place) -> None:
        """Remember it."""
        reference = StoredReference(
            conversation=place.conversation,
            person=place.person,
            body=place.dumps(),
            gone=place.gone,
        )
        async with self.units.write() as unit:
            await unit.references.keep(Platform.TEAMS, reference, self.clock.now())
            await unit.commit()
