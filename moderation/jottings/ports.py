"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.jottings.model import Jotting
from moderation.kernel import Repository
from moderation.posts.ports import PostsUnit


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.ports import Conversation


class Jottings(Repository[Jotting], Protocol):
    """Sealed. Of one that is over only the ids are kept."""

    async def newest(
        self, person: PersonId, conversation: Conversation
    ) -> tuple[Jotting, int] | None:
        """This person's open one there that was begun last, and its version."""


class JottingsUnit(PostsUnit, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def jottings(self) -> Jottings: ...
