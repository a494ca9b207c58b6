"""Cards in Teams: :class:`moderation.ports.Chat` over the Bot Connector."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import structlog

from adapters.lanes import Lanes
from adapters.teams.client import FAULTS, CannotAsk, fault, meaning
from moderation.kernel import Platform
from moderation.ports import Conversation, Delivered, Gone, Rejected, RetryAfter


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.teams.client import Answered, Connector
    from adapters.teams.drawing import Drawing
    from adapters.teams.places import Place, Places
    from moderation.kernel import Identity
    from moderation.ports import Delivery
    from moderation.views import Card

log = structlog.get_logger(__name__)

MOST_REMEMBERED: Final = 10_000
EVERY, BURST = 0.55, 5
"""Within Teams' limits for a bot in one conversation: 7 in a second, 8 in 2, 60 in 30."""


class TeamsChat:
    """One bot in the tenants that it serves.

    *One message for each key*: the connector takes no key, and can't be asked what stands in a
    conversation. So this remembers the keys that it posted while the process lives. After an answer
    that got lost a card can stand twice: both are redrawn from the same truth, and only the newer
    is followed.

    *Nothing waits here* for a turn or for ``Retry-After``: the answer says when to come again, so
    that a busy channel holds up no other. ``now`` is in seconds and never goes back.
    """

    def __init__(
        self,
        connector: Connector,
        places: Places,
        drawing: Drawing,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._places = places
        self._drawing = drawing
        self._lanes = Lanes(now, every=EVERY, burst=BURST)
        self._posted: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._posting: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        """Show a new card; the same key shows one message, as far as this process remembers."""
        if to.platform is not Platform.TEAMS:
            return Rejected("not_a_teams_conversation")
        name = (to.id, key)
        async with self._posting.setdefault(name, asyncio.Lock()):
            ref = self._posted.get(name)
            return Delivered(ref) if ref is not None else await self._post(to, card, key)

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        """Redraw a card where it stands."""
        if at.platform is not Platform.TEAMS:
            return Rejected("not_a_teams_conversation")
        place = self._places.at(at.id)
        if place is None:
            return Gone()
        wait = self._lanes.wait(at.id, ref)
        if wait:
            return RetryAfter(timedelta(seconds=wait))
        activity = await self._drawing.message(card, at.id)
        answer = await self._sent(
            place, self._connector.update(place.service_url, at.id, ref, activity)
        )
        if isinstance(answer, Gone):
            self._forget(at.id, ref)
        # Some connectors answer an update with nothing, or with another id: it stands where it was.
        return Delivered(ref) if isinstance(answer, Delivered) else answer

    async def private(self, to: Identity) -> Conversation | None:
        """The private chat with somebody who has the app; ``None`` for whom Teams won't let us.

        Raises :class:`~adapters.teams.client.CannotAsk` where Teams can't be asked and it isn't
        known from before.
        """
        if to.platform is not Platform.TEAMS:
            return None
        found = await self._places.private(to.id)
        return None if found is None else Conversation(Platform.TEAMS, found)

    async def _post(self, to: Conversation, card: Card, key: str) -> Delivery:
        place = self._places.at(to.id)
        if place is None:
            return Gone()
        wait = self._lanes.wait(to.id, key)
        if wait:
            return RetryAfter(timedelta(seconds=wait))
        activity = await self._drawing.message(card, to.id)
        sending = self._connector.send(place.service_url, to.id, activity)
        answer = await self._sent(place, sending, posting=True)
        if isinstance(answer, Delivered):
            self._posted[to.id, key] = answer.ref
            if len(self._posted) > MOST_REMEMBERED:
                self._posted.popitem(last=False)
        return answer

    async def _sent(
        self, place: Place, sending: Awaitable[Answered], *, posting: bool = False
    ) -> Delivery:
        error = ""
        try:
            answer = await sending
            error, found = answer.error or f"http_{answer.status}", meaning(answer)
            if not posting and answer.ok:
                return Delivered("")
        except (*FAULTS, CannotAsk) as wrong:
            error, found = type(wrong).__name__, fault(wrong)
        if isinstance(found, RetryAfter):
            self._lanes.hold(place.conversation, found.delay.total_seconds())
        if isinstance(found, Gone) and posting:
            self._places.lost(place.conversation)
        if not isinstance(found, Delivered):
            log.info("teams.not_sent", error=error, outcome=type(found).__name__)
        return found

    def _forget(self, conversation: str, ref: str) -> None:
        """A message that was deleted may be shown anew, under the key that it had."""
        for name in [it for it, known in self._posted.items() if known == ref]:
            if name[0] == conversation:
                del self._posted[name]
