"""Whether Slack lets us in: asked once, when Schoolgate starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.client import FAULTS, code_of


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = structlog.get_logger(__name__)

NEEDED: Final = frozenset({"chat:write", "commands", "im:write", "users:read"})
"""Scopes without which nobody could be asked or answered; without others something is missing."""
_AGAIN: Final = "Install the app in Slack again, and set the token that Slack then shows."
_TOKEN: Final[Mapping[str, str]] = {
    "account_inactive": "belongs to an app that is no longer installed",
    "invalid_auth": "isn't one that Slack knows",
    "not_allowed_token_type": "is of another kind",
    "not_authed": "isn't one that Slack knows",
    "token_expired": "has expired",
    "token_revoked": "has been taken back",
}


class CannotConnect(Exception):
    """Slack doesn't let us in. The message is a sentence that says why, and what mends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What the bot's token is for, as ``auth.test`` tells it; ``missing`` are scopes it lacks.

    ``unused`` are scopes that it has and the manifest doesn't ask for.
    """

    team: str
    bot: str
    bot_user: str
    enterprise: str = ""
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


async def installed(client: AsyncWebClient, scopes: Collection[str]) -> Installed:
    """Where the bot is at home. ``scopes`` are those that the manifest asks for.

    Raises :class:`CannotConnect`.
    """
    try:
        answer = await client.auth_test()
    except FAULTS as fault:
        raise CannotConnect(_why(fault, client, "SLACK_BOT_TOKEN", "xoxb-…")) from None
    team, user = _text(answer, "team_id"), _text(answer, "user_id")
    if not team or not user or not _text(answer, "bot_id"):
        raise CannotConnect(f"SLACK_BOT_TOKEN isn't a bot's token (xoxb-…). {_AGAIN}")
    held = _held(answer, scopes)
    return Installed(
        team=team,
        bot=_text(answer, "bot_id"),
        bot_user=user,
        enterprise=_text(answer, "enterprise_id"),
        missing=_missing(held, scopes),
        unused=tuple(sorted(held - set(scopes))),
    )


async def opened(opener: AsyncWebClient, app_token: str) -> str:
    """The address of a socket that Slack has opened for us. Raises :class:`CannotConnect`."""
    try:
        answer = await opener.apps_connections_open(app_token=app_token)
    except FAULTS as fault:
        raise CannotConnect(_why(fault, opener, "SLACK_APP_TOKEN", "xapp-…")) from None
    return _text(answer, "url")


def _held(answer: AsyncSlackResponse, wanted: Collection[str]) -> set[str]:
    """The token's scopes; where Slack doesn't tell them, those that it should have."""
    told = next((it for name, it in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    return {scope.strip() for scope in told.split(",")} if told else set(wanted)


def _missing(held: set[str], wanted: Collection[str]) -> tuple[str, ...]:
    missing = sorted(set(wanted) - held)
    if NEEDED & set(missing):
        raise CannotConnect(
            f"Slack hasn't given Schoolgate the permission {', '.join(missing)}. Take the app's "
            f"manifest from: schoolgate manifest slack. {_AGAIN}"
        )
    for scope in missing:
        log.warning("slack.scope_missing", cause=scope)
    return tuple(missing)


def _why(fault: BaseException, client: AsyncWebClient, variable: str, shape: str) -> str:
    code = code_of(fault)
    if code in _TOKEN:
        return f"{variable} ({shape}) {_TOKEN[code]}. {_AGAIN}"
    if code == "missing_scope":
        return (
            f"{variable} ({shape}) lacks a permission. Take the app's manifest from: schoolgate "
            f"manifest slack. {_AGAIN}"
        )
    if isinstance(fault, SlackApiError):
        return f"Slack says no: {code}. Try again in a minute."
    return (
        f"Slack can't be reached at {client.base_url}. Look at this machine's network and at "
        "chat.slack.api_url."
    )


def _text(answer: AsyncSlackResponse, name: str) -> str:
    found: Any = answer.get(name)
    return found if isinstance(found, str) else ""
