"""What every part of the relay works with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from bot.relay.counting import Counting
from bot.relay.drawing import Drawers, Reach
from moderation.ports import Ambiguous, Clock, Publisher
from moderation.service import Service
from storage.failpoints import UNARMED, Failpoints, Point
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

    from moderation.kernel import Platform
    from moderation.ports import Chat
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

A = TypeVar("A")

BATCH: Final = 20
SENDING: Final = timedelta(seconds=20)
"""A platform that has not answered by then may or may not have heard us."""
LEASE: Final = timedelta(seconds=60)
"""Longer than any sending, so that a slow answer isn't taken over."""
EFFECT_LEASE: Final = timedelta(seconds=3)
"""For what stays in the database. Doing it twice changes nothing, so a death costs only seconds."""


def _unheard(_what: str, _seconds: float) -> None:
    """Nobody measures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """``owner`` names this process in leases. ``failpoints`` is for tests that end the process.

    ``late`` is told of everything that was done: what, and how many seconds after it was due.
    """

    units: Units
    service: Service
    drawers: Drawers
    reach: Reach
    counting: Counting
    publisher: Publisher
    clock: Clock
    owner: str
    failpoints: Failpoints = UNARMED
    late: Callable[[str, float], None] = _unheard

    def done(self, what: str, due: datetime) -> None:
        """It is done, and noted."""
        self.late(what, max(0.0, (self.clock.now() - due).total_seconds()))

    @property
    def chats(self) -> Mapping[Platform, Chat]:
        """The platforms that this installation speaks on."""
        return self.reach.chats

    def time_to_send(self, claimed: datetime) -> bool:
        """Whether a sending begun now ends within the lease of what was ``claimed`` then."""
        return self.clock.now() + SENDING < claimed + LEASE

    async def sent(self, kind: str, sending: Awaitable[A]) -> A | Ambiguous:
        """What the outside answers, or that nobody can tell."""
        self.failpoints.reach(Point.BEFORE_SEND, kind)
        try:
            async with asyncio.timeout(SENDING.total_seconds()):
                answer: A | Ambiguous = await sending
        except TimeoutError:
            answer = Ambiguous("timeout")
        self.failpoints.reach(Point.AFTER_SEND, kind)
        return answer

    @asynccontextmanager
    async def marking(self, kind: str) -> AsyncIterator[Unit]:
        """One transaction that notes what came of it; kept when the block ends well."""
        self.failpoints.reach(Point.BEFORE_MARK, kind)
        async with self.units.write() as unit:
            yield unit
            await unit.commit()
        self.failpoints.reach(Point.AFTER_MARK, kind)


def dead_letter(kind: str, subject: str, error: str, delivery: int | None = None) -> None:
    """Tell the operator that a person has to look: ``schoolgate outbox list`` shows it."""
    log.error("relay.dead_letter", job=kind, subject=subject, error=error, delivery=delivery)
