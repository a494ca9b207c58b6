"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.keeping.model import KeptName
from moderation.kernel import Repository
from moderation.posts.ports import KeptNames as AgreedNames, PostsUnit


if TYPE_CHECKING:
    from moderation.kernel import SchoolId


class KeptNames(Repository[KeptName], AgreedNames, Protocol):
    """Each under its own id, sealed. Two different people stand in each that is kept."""

    async def standing(self, school: SchoolId) -> tuple[KeptName, ...]:
        """Those of one place that wait or are kept, by when they were asked for."""


class KeepingUnit(PostsUnit, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def kept_names(self) -> KeptNames: ...
