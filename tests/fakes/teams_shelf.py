"""Where Teams' conversations are kept, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.payloads import BadPayload
from adapters.teams import inbound
from adapters.teams.places import Place
from tests.fakes import teams_requests as ask


if TYPE_CHECKING:
    from adapters.teams.inbound import Activity
    from tests.fakes.teams_connector import FakeTeams


@dataclass(slots=True)
class FakeShelf:
    """Implements :class:`adapters.teams.places.Shelf`."""

    kept: dict[str, Place] = field(default_factory=dict)

    async def all(self) -> tuple[Place, ...]:
        return tuple(self.kept.values())

    async def keep(self, place: Place) -> None:
        self.kept[place.conversation] = place


def activity_in(teams: FakeTeams, room: str, kind: str = "installationUpdate") -> Activity:
    """Something that the first of the people did there, as it is read."""
    person = next(iter(teams.people.values()))
    found = inbound.read(ask.activity(kind, person, teams.service_url, room, action="add"))
    assert not isinstance(found, BadPayload)
    return found
