"""Which conversations a card may be shown in: those of the school's own staff alone.

A conversation that is shared with another organisation, or that a guest is in, gets no cards: they
hold drafts with children's pictures (design 6.11).
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.slack.client import FAULTS, code_of
from adapters.slack.speaker import NOT_THERE


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = structlog.get_logger(__name__)

FEW: Final = 50
"""People who are asked about one by one."""
PAGE: Final = 1_000
MOST_PAGES: Final = 10
"""10,000 people. A larger conversation, or a large one there, isn't looked through."""
DIRECT: Final = "D"
"""Slack's ids of direct conversations begin so."""


class _TooMany(Exception):
    """More pages than anybody should wait for."""


class Unsafe(StrEnum):
    """Why a conversation gets no cards; the value is the sentence that says so."""

    SHARED = (
        "This channel is shared with another organisation. Cards can hold drafts and children's "
        "pictures, so please choose a channel of your own."
    )
    GUESTS = (
        "There are guests in this channel. Cards can hold drafts and children's pictures, so "
        "please choose a channel with staff only."
    )
    NOT_INVITED = "Schoolgate isn't in this channel yet. Please type /invite @Schoolgate first."
    NO_CHANNEL = (
        "Please choose a channel: cards stand where everybody who may say yes can see them."
    )
    ARCHIVED = "This channel is archived. Please choose one that is in use."
    TOO_LARGE = (
        "There are too many people in this channel to check that there are no guests. Please "
        "choose a smaller one."
    )
    CANNOT_ASK = (
        "Slack can't tell us at the moment who is in this channel. Nothing was changed. "
        "Please try again in a minute."
    )

    @property
    def here(self) -> str:
        """The same, behind "because", to people who read there."""
        return HERE[self]


HERE: Final[Mapping[Unsafe, str]] = {
    Unsafe.SHARED: "this channel is shared with another organisation",
    Unsafe.GUESTS: "there are guests in this channel",
    Unsafe.NOT_INVITED: "Schoolgate isn't in this channel",
    Unsafe.NO_CHANNEL: "this is no channel",
    Unsafe.ARCHIVED: "this channel is archived",
    Unsafe.TOO_LARGE: "too many people are in this channel to look for guests",
    Unsafe.CANNOT_ASK: "Slack can't tell us who is in this channel",
}


class Places:
    """One look at one or more conversations; who was asked about once isn't asked about again."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, Unsafe | None] = {}

    async def judge(self, channel: str) -> Unsafe | None:
        """``None`` where every member is staff of this workspace; otherwise why not. Never raises.

        A question for each of few members, else the workspace's list, which Slack gives out about
        twenty times a minute: for when somebody chooses a conversation, not for every card.
        """
        if channel.startswith(DIRECT):
            return Unsafe.NO_CHANNEL
        try:
            told = (await self._client.conversations_info(channel=channel))["channel"]
            return _by_its_flags(told) or await self._by_its_members(channel)
        except _TooMany:
            return Unsafe.TOO_LARGE
        except FAULTS as fault:
            code = code_of(fault)
            if code in {"channel_not_found", "not_in_channel"}:
                return Unsafe.NOT_INVITED
            if code == "missing_scope":
                # What we may read of are channels: this is people writing to each other.
                return Unsafe.NO_CHANNEL
            log.warning("slack.cannot_ask_where", error=code)
        except (KeyError, TypeError):
            log.warning("slack.cannot_ask_where", error="no_channel_in_the_answer")
        return Unsafe.CANNOT_ASK

    async def _by_its_members(self, channel: str) -> Unsafe | None:
        members: set[str] = set()
        async for page in _pages(
            lambda cursor: self._client.conversations_members(
                channel=channel, cursor=cursor, limit=PAGE
            )
        ):
            members.update(page["members"])
        await self._learn(members - self._known.keys())
        # Somebody whom the workspace doesn't list is a stranger from elsewhere.
        found = {self._known.get(user, Unsafe.SHARED) for user in members}
        return next((why for why in (Unsafe.SHARED, Unsafe.GUESTS) if why in found), None)

    async def _learn(self, users: set[str]) -> None:
        if len(users) <= FEW:
            await asyncio.gather(*(self._ask(user) for user in users))
            return
        async for page in _pages(lambda cursor: self._client.users_list(cursor=cursor, limit=PAGE)):
            self._known.update({user["id"]: _why_not(user) for user in page["members"]})

    async def _ask(self, user: str) -> None:
        try:
            told = (await self._client.users_info(user=user))["user"]
        except FAULTS as fault:
            if code_of(fault) not in NOT_THERE:
                raise
            self._known[user] = Unsafe.SHARED
        else:
            self._known[user] = _why_not(told)


async def conversation_is_safe(client: AsyncWebClient, channel: str) -> Unsafe | None:
    """As :meth:`Places.judge`, for one conversation."""
    return await Places(client).judge(channel)


def _by_its_flags(told: Mapping[str, Any]) -> Unsafe | None:
    if told.get("is_im") or told.get("is_mpim"):
        return Unsafe.NO_CHANNEL
    if told.get("is_archived"):
        return Unsafe.ARCHIVED
    if (
        told.get("is_ext_shared")
        or told.get("is_pending_ext_shared")
        or told.get("pending_connected_team_ids")
        or (told.get("is_shared") and not told.get("is_org_shared"))
    ):
        return Unsafe.SHARED
    return None if told.get("is_member") else Unsafe.NOT_INVITED


def _why_not(user: Mapping[str, Any]) -> Unsafe | None:
    if user.get("is_stranger"):
        return Unsafe.SHARED
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Unsafe.GUESTS
    return None


async def _pages(
    ask: Callable[[str | None], Awaitable[AsyncSlackResponse]],
) -> AsyncIterator[AsyncSlackResponse]:
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await ask(cursor)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise _TooMany
