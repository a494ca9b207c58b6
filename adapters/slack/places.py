"""Whether cards may stand in a conversation: who reads there is Slack's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from slack_sdk.errors import SlackClientError

from adapters.slack.answers import code


if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.web.async_client import AsyncWebClient

NOT_INVITED: Final = "I'm not in this channel yet. Please type /invite @Schoolgate here first."
NO_CHANNEL: Final = "Cards can't be shown here. Please choose a channel of your staff."
OUTSIDERS: Final = (
    "People from outside can read this channel, so no cards are shown here. Please choose a "
    "channel of your staff alone."
)
SHARED: Final = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")
UNSEEN: Final = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})


async def unsuitable(client: AsyncWebClient, channel: str) -> str:
    """Why no cards may stand in a conversation, as a sentence, or "".

    Raises Slack's error where Slack can't be asked.
    """
    if not channel:
        return NO_CHANNEL
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackClientError as wrong:
        if code(wrong) in UNSEEN:
            return NOT_INVITED
        raise
    found = cast("Mapping[str, Any]", answer.get("channel", {}))
    if found.get("is_im") or found.get("is_mpim") or found.get("is_archived"):
        return NO_CHANNEL
    if any(found.get(flag) for flag in SHARED):
        return OUTSIDERS
    return "" if found.get("is_member") else NOT_INVITED
