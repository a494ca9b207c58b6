"""What every part of the relay works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.relay.drawing import Drawers, Reach
from moderation.ports import Clock, Publisher
from moderation.service import Service
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import Platform
    from moderation.ports import Chat

BATCH: Final = 20
LEASE: Final = timedelta(seconds=60)
"""Longer than any platform's own time limit, so that a slow answer isn't taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """``owner`` names this process in leases."""

    units: Units
    service: Service
    drawers: Drawers
    reach: Reach
    publisher: Publisher
    clock: Clock
    owner: str

    @property
    def chats(self) -> Mapping[Platform, Chat]:
        """The platforms that this installation speaks on."""
        return self.reach.chats
