"""The Home tab: drawn whenever it is opened; its two buttons begin something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.slack import home, names
from adapters.slack.listeners.commands import report_anew
from adapters.slack.listeners.compose import write_anew
from adapters.slack.parts import Call, always, at_once, heard


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.event("app_home_opened")(heard(parts, _opened))
    app.block_action(names.HOME_WRITE)(at_once(parts, write_anew))
    app.block_action(names.HOME_REPORT)(at_once(parts, report_anew, concern=always))


async def _opened(call: Call) -> None:
    # The event tells of the tab of messages, too.
    if call.origin.home:
        await home.publish(call)
