"""What the page needs beyond :mod:`adapters.door`: whose part can be played, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from adapters.door import Door
from moderation.kernel import BlobId, Identity, PersonId


if TYPE_CHECKING:
    from adapters.playing import Video


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody whose part can be played. ``waiting`` counts what waits for that person's yes."""

    person: PersonId
    identity: Identity
    name: str
    roles: str
    school: str
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shared conversation that this person may read: its id, and a name for the list."""

    conversation: str
    label: str


class SandboxDoor(Door, Protocol):
    async def seats(self) -> tuple[Seat, ...]:
        """Everybody who can be played, in the order of the row of faces."""

    async def video(self, blob: BlobId, *, by: Identity) -> Video | None:
        """The clean video, where this person may see it now."""

    async def places(self, *, by: Identity) -> tuple[Place, ...]: ...
