"""One queue of the relay: a batch is claimed in a short transaction, then done row by row.

A row that fails harms no other. What is said of one subject is drawn from one look at it, shortly
before it is sent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

import structlog

from bot.relay.workshop import Workshop
from moderation.kernel import SubjectRef
from storage.failpoints import Point
from storage.unit_of_work import Unit


if TYPE_CHECKING:
    from collections.abc import Mapping

log = structlog.get_logger(__name__)

R = TypeVar("R")
D = TypeVar("D")

FRESH: Final = timedelta(seconds=2)
"""A drawing that has waited longer for the ones before it to be sent is made once more."""


class Queue(ABC, Generic[R]):
    """One round over the rows of one kind that are due. Made for each round anew."""

    kind: ClassVar[str]
    """As failpoints and the log name it."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def round(self) -> int:
        """Work on at most one batch; how many rows there were."""
        shop = self._shop
        now = shop.clock.now()
        async with shop.units.write() as unit:
            rows = await self._claim(unit, now)
            await unit.commit()
        await self._all(rows, now)
        return len(rows)

    async def _all(self, rows: Sequence[R], claimed: datetime) -> int:
        """Row by row, as long as there is time; how many were begun."""
        for begun, row in enumerate(rows):
            self._shop.failpoints.reach(Point.AFTER_CLAIM, self.kind)
            if not self._in_time(claimed):
                # Whoever claims the rest after our lease is as good.
                return begun
            try:
                await self._one(row)
            except Exception as error:
                log.exception(self._event, **self._named(row))
                await self._failed(row, type(error).__name__)
        return len(rows)

    @property
    def _event(self) -> str:
        return f"relay.{self.kind}_failed"

    @abstractmethod
    async def _claim(self, unit: Unit, now: datetime) -> Sequence[R]:
        """At most one batch, ours for as long as the kind's lease lasts."""

    def _in_time(self, claimed: datetime) -> bool:
        """Whether another row of those ``claimed`` then may be begun."""
        return self._shop.time_to_send(claimed)

    @abstractmethod
    async def _one(self, row: R) -> None:
        """Do it, and note what came of it."""

    @abstractmethod
    async def _failed(self, row: R, error: str) -> None:
        """Note that it failed: tried again later, or left to a person."""

    @abstractmethod
    def _named(self, row: R) -> Mapping[str, object]:
        """What the log may say of it."""


@dataclass(slots=True)
class Drawings(Generic[R, D]):
    """What each of ``rows`` is to show, read for all rows of one subject in one snapshot."""

    shop: Workshop
    rows: Sequence[R]
    subject: Callable[[R], SubjectRef]
    draw: Callable[[Unit, R], Awaitable[D]]
    _found: dict[R, D] = field(default_factory=dict)
    _looked: datetime | None = None

    async def of(self, row: R) -> D:
        """Raises what drawing this row raises."""
        now = self.shop.clock.now()
        if row not in self._found or self._looked is None or now - self._looked > FRESH:
            await self._look(row, now)
        return self._found.pop(row)

    async def _look(self, wanted: R, now: datetime) -> None:
        self._found.clear()
        self._looked = now
        subject = self.subject(wanted)
        async with self.shop.units.read() as unit:
            self._found[wanted] = await self.draw(unit, wanted)
            after = self.rows[self.rows.index(wanted) + 1 :]
            for row in after:
                if self.subject(row) != subject:
                    continue
                try:
                    self._found[row] = await self.draw(unit, row)
                except Exception:  # noqa: BLE001 -- it is drawn, and fails, at its own turn
                    break
