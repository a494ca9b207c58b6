"""Cards in Slack: :class:`moderation.ports.Chat` over Slack's Web API."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakValueDictionary

import structlog

from adapters.lanes import Lanes
from adapters.slack.client import FAULTS, CannotAsk, code_of, meaning
from adapters.slack.render import render
from moderation.kernel import BlobId, Platform
from moderation.ports import Ambiguous, Conversation, Delivered, Gone, Rejected, RetryAfter
from moderation.views import Card


if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from adapters.slack.render import Message
    from moderation.kernel import Identity
    from moderation.ports import Delivery

log = structlog.get_logger(__name__)

Pictures = Callable[[Card], Awaitable[Mapping[BlobId, str]]]
"""The Slack files of a card's pictures, those that Slack can show by now. Never raises."""

Refused = Callable[[Card], Awaitable[None]]
"""Told of a card that Slack wouldn't take with its pictures. Never raises."""


async def _nobody(_card: Card) -> None:
    """For pictures that nobody keeps."""


EVENT: Final = "schoolgate_card"
MOST_REMEMBERED: Final = 10_000
UPDATING: Final = "update"
"""All redrawing is one lane: Slack's limit, more than fifty a minute, is the whole workspace's."""
NOT_DRAWN: Final = "invalid_blocks"
UNREACHABLE: Final = frozenset(
    {
        "cannot_dm_bot",
        "method_not_supported_for_channel_type",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)


class Staff(Protocol):
    """Who in this workspace is a full member."""

    async def is_member(self, user: str) -> bool:
        """Raises :class:`~adapters.slack.client.CannotAsk` where nobody can tell."""


class SlackChat:
    """One workspace.

    *One message for each key*: Slack can't be asked which messages stand in a conversation without
    the permission to read all of it (``channels:history``), which Schoolgate doesn't want. So this
    remembers the keys that it posted while the process lives; each message also carries its key as
    metadata, for whoever may look. After an answer that got lost and a restart in between, a card
    can stand twice: both are redrawn from the same truth, and only the newer is followed.

    *Nothing waits here* for a turn or for ``Retry-After``: the answer says when to come again, so
    that a busy channel holds up no other. ``now`` is in seconds and never goes back.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        pictures: Pictures,
        staff: Staff,
        *,
        refused: Refused = _nobody,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._pictures = pictures
        self._staff = staff
        self._refused = refused
        self._posts = Lanes(now)
        self._updates = Lanes(now, every=0.8, burst=20)
        self._posted: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._posting: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._private: dict[str, Conversation] = {}

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        """Show a new card; the same key shows one message, as far as this process remembers."""
        if to.platform is not Platform.SLACK:
            return Rejected("not_a_slack_conversation")
        name = (to.id, key)
        async with self._posting.setdefault(name, asyncio.Lock()):
            ref = self._posted.get(name)
            return Delivered(ref) if ref is not None else await self._post(to, card, key)

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        """Redraw a card where it stands."""
        if at.platform is not Platform.SLACK:
            return Rejected("not_a_slack_conversation")
        wait = self._updates.wait(UPDATING, ref)
        if wait:
            return RetryAfter(timedelta(seconds=wait))

        def sending(message: Message) -> Awaitable[AsyncSlackResponse]:
            return self._client.chat_update(
                channel=at.id,
                ts=ref,
                text=message.text,
                blocks=list(message.blocks),
                # Where it isn't said, Slack treats an update's text as if somebody had typed it.
                parse="none",
            )

        answer = await self._drawn(self._updates, UPDATING, card, sending)
        if isinstance(answer, Gone):
            self._forget(at.id, ref)
        return answer

    async def private(self, to: Identity) -> Conversation | None:
        """The direct conversation with a full member of the workspace; ``None`` for anybody else.

        Raises :class:`~adapters.slack.client.CannotAsk` where Slack can't be asked and it isn't
        known from before: that somebody can't be reached is said of nobody on a guess.
        """
        if to.platform is not Platform.SLACK:
            return None
        if not await self._staff.is_member(to.id):
            return None
        known = self._private.get(to.id)
        if known is None:
            try:
                opened = await self._client.conversations_open(users=to.id)
                known = Conversation(Platform.SLACK, str(opened["channel"]["id"]))
            except FAULTS as fault:
                if code_of(fault) in UNREACHABLE:
                    return None
                meaning(fault)
                raise CannotAsk(code_of(fault)) from None
            self._private[to.id] = known
        return known

    async def _post(self, to: Conversation, card: Card, key: str) -> Delivery:
        wait = self._posts.wait(to.id, key)
        if wait:
            return RetryAfter(timedelta(seconds=wait))

        def sending(message: Message) -> Awaitable[AsyncSlackResponse]:
            return self._client.chat_postMessage(
                channel=to.id,
                metadata={"event_type": EVENT, "event_payload": {"key": key}},
                **message.arguments(),
            )

        answer = await self._drawn(self._posts, to.id, card, sending)
        if isinstance(answer, Delivered):
            self._posted[to.id, key] = answer.ref
            if len(self._posted) > MOST_REMEMBERED:
                self._posted.popitem(last=False)
        return answer

    async def _drawn(
        self,
        lanes: Lanes,
        lane: str,
        card: Card,
        sending: Callable[[Message], Awaitable[AsyncSlackResponse]],
    ) -> Delivery:
        """Send a card with its pictures, or without them where Slack won't take it with them.

        A file of ours may have been deleted there, by somebody or by a rule of the workspace.
        """
        files = await self._pictures(card)
        answer = await self._sent(lanes, lane, sending(render(card, files)))
        if files and answer == Rejected(NOT_DRAWN):
            await self._refused(card)
            answer = await self._sent(lanes, lane, sending(render(card, {})))
        return answer

    async def _sent(
        self, lanes: Lanes, lane: str, sending: Awaitable[AsyncSlackResponse]
    ) -> Delivery:
        try:
            ref = (await sending)["ts"]
        except KeyError:
            return Ambiguous("no_ts_in_the_answer")
        except FAULTS as fault:
            answer = meaning(fault)
            if isinstance(answer, RetryAfter):
                lanes.hold(lane, answer.delay.total_seconds())
            log.info("slack.not_sent", error=code_of(fault), outcome=type(answer).__name__)
            return answer
        return Delivered(str(ref))

    def _forget(self, conversation: str, ref: str) -> None:
        """A message that was deleted may be shown anew, under the key that it had."""
        for name in [it for it, known in self._posted.items() if known == ref]:
            if name[0] == conversation:
                del self._posted[name]
