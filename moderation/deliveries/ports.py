"""What this room needs stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.deliveries.model import Lost
    from moderation.kernel import SchoolId


class LostStore(Protocol):
    """What was given up and nobody has decided about yet: the dead letters of the outbox."""

    async def by_school(self) -> Mapping[SchoolId | None, tuple[Lost, ...]]:
        """Oldest first; ``None`` holds what belongs to no single school.

        Nothing about a report of a concern, whose cards say themselves what to do; nor a message
        of this room, which would speak about itself.
        """
