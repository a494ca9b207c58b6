"""Slack's app: Bolt, with every listener registered. Nothing happens at import.

    app = build(parts, installed, signing_secret="…")

Bolt reads and routes; who speaks and what may be done is judged here and in the core.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import listeners


if TYPE_CHECKING:
    from adapters.slack.connecting import Installed
    from adapters.slack.parts import Parts

log = structlog.get_logger(__name__)

NAME: Final = "slack_bolt.schoolgate"
"""Below Bolt's own loggers, so that whatever quietens them quietens this one."""


def build(parts: Parts, installed: Installed, *, signing_secret: str = "") -> AsyncApp:
    """The app with all its listeners. Without a signing secret no HTTP request is let in."""
    quiet = logging.getLogger(NAME)
    # Below this, Bolt writes requests into its log, or parts of them.
    quiet.setLevel(logging.ERROR)
    ours = parts.answers.client

    async def authorize() -> AuthorizeResult:
        # Asked at the start: a request has three seconds, and none of them for this. Whose
        # workspace it comes from is judged with its sender.
        return AuthorizeResult(
            enterprise_id=installed.enterprise or None,
            team_id=installed.team,
            bot_user_id=installed.bot_user,
            bot_id=installed.bot,
            bot_token=ours.token,
        )

    app = AsyncApp(
        name=NAME,
        logger=quiet,
        signing_secret=signing_secret,
        authorize=authorize,
        # Without a token, which authorize gives: SLACK_BOT_TOKEN in the environment is for us.
        client=AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[]),
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_unreadable)
    listeners.register(app, parts)
    return app


async def _unreadable(error: Exception, response: BoltResponse | None) -> BoltResponse | None:
    """Bolt stumbled over the request's shape: our listeners keep their own faults."""
    log.warning("slack.unreadable", exc_info=error)
    # Where it was acknowledged there is nothing left to answer.
    return None if response is None else BoltResponse(status=400, body="")
