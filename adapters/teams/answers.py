"""How somebody is answered by messages: to them alone, as far as Teams has a place for that.

In a private chat that is the chat. In a channel it is the private chat beside it, and one sentence
in the discussion says so. What must not be missed doesn't go this way: the relay delivers it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.teams.client import FAULTS, CannotAsk, Connector, fault, meaning
from adapters.teams.drawing import Drawing, words
from adapters.teams.places import Places
from moderation.ports import Delivered, Gone, RetryAfter


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from adapters.teams.inbound import Origin
    from moderation.kernel import Identity
    from moderation.ports import Delivery
    from moderation.views import Card

log = structlog.get_logger(__name__)

PRIVATELY: Final = "I've answered you in our private chat."
ADD_ME: Final = (
    "I can only answer that privately. Please open Schoolgate under Apps, write help to me there, "
    "then ask again."
)
TRIES: Final = 3
LONGEST_WAIT: Final = 5.0
"""Seconds between two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers are repeated only where Teams says that nothing has happened yet."""

    connector: Connector
    places: Places
    drawing: Drawing

    async def say(
        self,
        origin: Origin,
        by: Identity | None,
        sentences: Sequence[str],
        *,
        openly: bool = False,
        silently: bool = False,
    ) -> bool:
        """Sentences; whether they arrived. ``openly``: in a channel everybody may read them.

        ``silently``: the discussion hears nothing of it, because nobody spoke there.
        """
        return await self._send(origin, by, (words(sentences),), openly=openly, silently=silently)

    async def show(
        self,
        origin: Origin,
        by: Identity,
        cards: Sequence[Card],
        sentences: Sequence[str] = (),
        *,
        openly: bool = False,
        silently: bool = False,
    ) -> bool:
        """Cards below sentences; ``silently`` as in :meth:`say`."""
        first = (words(sentences),) if sentences else ()
        drawn = [await self.drawing.message(card) for card in cards]
        sent = (*first, *drawn)
        return await self._send(origin, by, sent, openly=openly, silently=silently)

    async def send(
        self, origin: Origin, by: Identity, activity: Mapping[str, Any], *, silently: bool = False
    ) -> bool:
        """A message that is drawn already; ``silently`` as in :meth:`say`."""
        return await self._send(origin, by, (activity,), openly=False, silently=silently)

    async def replace(self, origin: Origin, card: Card) -> bool:
        """Redraw the message whose button was pressed, in its person's own chat."""
        if not (origin.personal and origin.card):
            return False
        activity = await self.drawing.message(card)
        return await self._through(
            lambda: self.connector.update(
                origin.service_url, origin.conversation, origin.card, activity
            )
        )

    # -- the ways ------------------------------------------------------------------------------

    async def _send(
        self,
        origin: Origin,
        by: Identity | None,
        activities: Sequence[Mapping[str, Any]],
        *,
        openly: bool,
        silently: bool,
    ) -> bool:
        here = origin.thread or origin.conversation
        if origin.personal or openly:
            return await self._all(origin.service_url, here, activities)
        private = await self._private(by)
        place = self.places.at(private) if private else None
        if place is None:
            if not silently:
                await self._all(origin.service_url, here, (words((ADD_ME,)),))
            return False
        if not await self._all(place.service_url, place.conversation, activities):
            return False
        if silently:
            return True
        return await self._all(origin.service_url, here, (words((PRIVATELY,)),))

    async def _private(self, by: Identity | None) -> str | None:
        if by is None:
            return None
        try:
            return await self.places.private(by.id)
        except CannotAsk:
            return None

    async def _all(
        self, service_url: str, conversation: str, activities: Sequence[Mapping[str, Any]]
    ) -> bool:
        """All of them; where one can't be sent, none of those behind it is."""
        for activity in activities:

            async def sending(activity: Mapping[str, Any] = activity) -> Any:  # noqa: ANN401
                return await self.connector.send(service_url, conversation, activity)

            if not await self._through(sending, conversation):
                return False
        return True

    async def _through(self, sending: Callable[[], Awaitable[Any]], conversation: str = "") -> bool:
        found: Delivery = Delivered("")
        for number in range(TRIES):
            try:
                answer = await sending()
                found = Delivered(answer.id) if answer.ok else meaning(answer)
            except (*FAULTS, CannotAsk) as wrong:
                found = fault(wrong)
            if isinstance(found, Delivered):
                return True
            if isinstance(found, Gone):
                self.places.lost(conversation)
            if not isinstance(found, RetryAfter) or number + 1 == TRIES:
                break
            await asyncio.sleep(min(LONGEST_WAIT, found.delay.total_seconds()))
        log.warning("teams.not_answered", outcome=type(found).__name__)
        return False
