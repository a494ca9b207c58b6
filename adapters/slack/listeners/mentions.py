"""Whoever writes to us in a channel is told, alone, what we understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.slack.listeners.commands import help_card
from adapters.slack.parts import Call, heard


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.event("app_mention")(heard(parts, _mentioned))


async def _mentioned(call: Call) -> None:
    messages = call.parts.direct_messages
    await call.show(help_card(call.parts.commands, messages=messages))
