"""Which conversations a card may be shown in: those of the school's own staff alone.

A conversation that is shared with another organisation, or that a guest is in, gets no cards: they
hold drafts with children's pictures (design 6.11).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.slack.client import FAULTS, code_of


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = structlog.get_logger(__name__)

PAGE: Final = 200
MOST_PAGES: Final = 25
"""5,000 people. A conversation or a workspace beyond that can't be looked through."""


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
    ARCHIVED = "This channel is archived. Please choose one that is in use."
    TOO_LARGE = (
        "There are too many people in this channel to check that there are no guests. Please "
        "choose a smaller one."
    )
    CANNOT_ASK = (
        "Slack can't tell us at the moment who is in this channel. Nothing was changed. "
        "Please try again in a minute."
    )


async def conversation_is_safe(client: AsyncWebClient, channel: str) -> Unsafe | None:
    """``None`` where every member is staff of this workspace; otherwise why not.

    One call, and where it is a channel as many again as it and the workspace have hundreds of
    people: for when somebody chooses a conversation, not for every card.
    """
    try:
        told: Mapping[str, Any] = (await client.conversations_info(channel=channel))["channel"]
        return _by_its_flags(told) or await _by_its_members(client, channel, told)
    except _TooMany:
        return Unsafe.TOO_LARGE
    except FAULTS as fault:
        code = code_of(fault)
        if code in {"channel_not_found", "not_in_channel"}:
            return Unsafe.NOT_INVITED
        log.warning("slack.cannot_ask_where", error=code)
    except (KeyError, TypeError):
        log.warning("slack.cannot_ask_where", error="no_channel_in_the_answer")
    return Unsafe.CANNOT_ASK


def _by_its_flags(told: Mapping[str, Any]) -> Unsafe | None:
    if told.get("is_archived"):
        return Unsafe.ARCHIVED
    if (
        told.get("is_ext_shared")
        or told.get("is_pending_ext_shared")
        or told.get("pending_connected_team_ids")
        or (told.get("is_shared") and not told.get("is_org_shared"))
    ):
        return Unsafe.SHARED
    if not told.get("is_im") and not told.get("is_member"):
        return Unsafe.NOT_INVITED
    return None


async def _by_its_members(
    client: AsyncWebClient, channel: str, told: Mapping[str, Any]
) -> Unsafe | None:
    members: set[str] = {str(told.get("user"))} if told.get("is_im") else set()
    if not members:
        async for page in _pages(
            lambda cursor: client.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
        ):
            members.update(page["members"])
    left = set(members)
    async for page in _pages(lambda cursor: client.users_list(cursor=cursor, limit=PAGE)):
        for user in page["members"]:
            if user["id"] in members and user.get("is_stranger"):
                return Unsafe.SHARED
            if user["id"] in members and _is_guest(user):
                return Unsafe.GUESTS
            left.discard(user["id"])
        if not left:
            return None
    # Somebody whom the workspace doesn't list is a stranger from elsewhere.
    return Unsafe.SHARED


def _is_guest(user: Mapping[str, Any]) -> bool:
    return bool(user.get("is_restricted") or user.get("is_ultra_restricted"))


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
