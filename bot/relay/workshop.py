"""What every part of the relay works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.relay.drawing import Drawers
    from moderation.kernel import Identity, PersonId, Platform
    from moderation.ports import Chat, Clock, Publisher
    from moderation.service import Service
    from storage.unit_of_work import Units

BATCH: Final = 20
LEASE: Final = timedelta(seconds=60)
"""Longer than any platform's own time limit, so that a slow answer isn't taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """``owner`` names this process in leases."""

    units: Units
    service: Service
    drawers: Drawers
    chats: Mapping[Platform, Chat]
    publisher: Publisher
    clock: Clock
    owner: str

    async def identity_of(self, person: PersonId) -> Identity | None:
        """Where this person can be told things: their first identity that the bot can reach."""
        async with self.units.read() as unit:
            found = await unit.people.get(person)
        for identity in found.identities if found is not None else ():
            chat = self.chats.get(identity.platform)
            if chat is not None and await chat.private(identity) is not None:
                return identity
        return None
