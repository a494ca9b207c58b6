"""What this room needs stored, and the unit of work it reads from and writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.imports.ports import ImportsUnit
from moderation.kernel import Repository
from moderation.links.model import Link


if TYPE_CHECKING:
    from moderation.kernel import Identity
    from moderation.people.ports import CurrentPacks


class Links(Repository[Link], Protocol):
    """One for each chat account that ever asked for one, under :func:`~model.link_of`. Sealed."""

    async def confirmed(self) -> frozenset[Identity]:
        """Chat accounts that became somebody's in this way."""


class LinksUnit(ImportsUnit, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def links(self) -> Links: ...

    @property
    def packs(self) -> CurrentPacks: ...
