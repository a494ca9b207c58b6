"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.posts.ports import PostsUnit


if TYPE_CHECKING:
    from datetime import date, datetime

    from moderation.kernel import PostId
    from moderation.tallies.model import Arrival, Lane, Tally


class Tallies(Protocol):
    """What arrived in each lane, and the cards that count it. Ids and times alone."""

    async def alone(self) -> None:
        """No other unit decides what is counted until this one ends."""

    async def known(self, lane: Lane, key: str) -> Arrival | None:
        """What was decided when it arrived, or ``None``."""

    async def since(self, lane: Lane, start: datetime) -> tuple[int, int]:
        """How much arrived in the lane after ``start``, and how much of it was not counted."""

    async def arrive(self, arrival: Arrival) -> None:
        """Keep it, over what was known by the same key."""

    async def arrived(self, lane: Lane, day: date) -> tuple[Arrival, ...]:
        """Everything of one day, oldest first."""

    async def plan(self, tally: Tally) -> None:
        """Keep a counting card, over what was known by the same id."""

    async def of(self, lane: Lane, day: date | None = None) -> tuple[Tally, ...]:
        """Those of a lane that are not forgotten, the earliest due first; of one day alone."""

    async def get(self, tally: str) -> Tally | None:
        """By its id."""

    async def about(self, post: PostId) -> tuple[str, ...]:
        """Ids of the counting cards of every lane and day on which something of it arrived."""

    async def clear(self, before: datetime) -> int:
        """Forget what arrived before this; how much."""


class TalliesUnit(PostsUnit, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def tallies(self) -> Tallies: ...
