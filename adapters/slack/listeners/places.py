"""A channel where somebody else may read from now on: may cards still stand there?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.slack import inbound


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts

log = structlog.get_logger(__name__)

EVENTS: Final = ("member_joined_channel", "channel_shared")


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here. Who did it doesn't matter: Slack is asked what is true now."""

    async def listener(body: dict[str, Any]) -> None:
        channel = inbound.identifier(inbound.part(body, "event").get("channel"))
        if channel and parts.once.is_new(inbound.identifier(body.get("event_id"))):
            await parts.patience.begin(_looked(parts, channel))

    for event in EVENTS:
        app.event(event)(listener)


async def _looked(parts: Parts, channel: str) -> None:
    try:
        await parts.joined(channel)
    except Exception:
        # The next round looks again.
        log.exception("slack.not_looked_at")
