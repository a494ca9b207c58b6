"""The connection to Slack's Web API, and what Slack's answers to it mean.

Nothing is repeated here: ``retry_handlers`` is empty. The deliveries decide when to try again, and
know what a second try costs. (slack_sdk's own handler for lost connections would post twice, and
its handler for rate limits waits only the first digit of what ``Retry-After`` says.)
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from moderation.ports import Ambiguous, Gone, Rejected, RetryAfter


log = structlog.get_logger(__name__)

LOGGER: Final = "slack_sdk.schoolgate"
TIMES: Final = aiohttp.ClientTimeout(total=10, sock_connect=4)
"""Less than a delivery has, so that it hears what came of it."""
AT_ONCE: Final = 32
SOON: Final = timedelta(seconds=1)
LATER: Final = timedelta(seconds=30)
MENDED: Final = timedelta(minutes=5)
"""When to ask again after what only the operator can mend."""
LONGEST_TOLD: Final = timedelta(hours=1)
TOO_MANY: Final = 429
A_SERVERS_FAULT: Final = 500
LONGEST_CODE: Final = 80
NO_WORD: Final = "http_"

NOT_THERE: Final = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "not_in_channel",
        "thread_not_found",
    }
)
NOT_LET_IN: Final = frozenset(
    {
        "access_denied",
        "accesslimited",
        "account_inactive",
        "app_missing_action_permission",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
NOTHING_HAPPENED: Final = frozenset(
    {"ratelimited", "rate_limited", "request_timeout", "service_unavailable", "team_added_to_org"}
)
NOBODY_KNOWS: Final = frozenset({"fatal_error", "internal_error"})
"""Slack: "it's possible some aspect of the operation succeeded before the error was raised"."""

FAULTS: Final = (
    SlackClientError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    ValueError,
    AttributeError,  # slack_sdk's, for an answer in plain text: a proxy's, never Slack's
)
"""Everything that a call can raise: what Slack answers, and what happens on the way there."""


class CannotAsk(Exception):
    """Slack could not be asked, or didn't tell. The message is a code, never content."""


@dataclass(frozen=True, slots=True)
class Line:
    """An opened client and how to close it."""

    client: AsyncWebClient
    session: aiohttp.ClientSession

    async def close(self) -> None:
        await self.session.close()


def open_line(token: str, api_url: str, *, times: aiohttp.ClientTimeout = TIMES) -> Line:
    """A client that keeps its connections and repeats nothing. Needs a running loop."""
    # At DEBUG slack_sdk writes out what it sends, a draft's words among it; whatever is configured.
    quiet = logging.getLogger(LOGGER)
    quiet.setLevel(logging.WARNING)
    session = aiohttp.ClientSession(
        timeout=times, connector=aiohttp.TCPConnector(limit=AT_ONCE), trust_env=False
    )
    client = AsyncWebClient(
        token=token, base_url=api_url, session=session, retry_handlers=[], logger=quiet
    )
    return Line(client, session)


def meaning(fault: BaseException) -> RetryAfter | Gone | Rejected | Ambiguous:
    """What a failed call means for what it was to do. Raises ``fault`` where it is no answer."""
    match fault:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return RetryAfter(SOON)  # nobody has heard us
        case SlackApiError():
            return _answered(fault)
        case TimeoutError():
            return Ambiguous("timeout")
        case _ if isinstance(fault, FAULTS):
            return Ambiguous(type(fault).__name__)
        case _:
            raise fault


def code_of(fault: BaseException) -> str:
    """Slack's own word for what went wrong ("channel_not_found"), or the fault's class.

    ``http_503``, where it answered and said no word.
    """
    if not isinstance(fault, SlackApiError):
        return type(fault).__name__
    data = getattr(fault.response, "data", None)
    error = data.get("error") if isinstance(data, Mapping) else None
    if isinstance(error, str) and error.isascii() and 0 < len(error) <= LONGEST_CODE:
        return error
    return f"{NO_WORD}{_status(fault)}"


def _status(fault: SlackApiError) -> int:
    # Where the answer is no JSON slack_sdk hands on aiohttp's own response, which says "status".
    status = getattr(fault.response, "status_code", getattr(fault.response, "status", 0))
    return int(status)


def _answered(fault: SlackApiError) -> RetryAfter | Gone | Rejected | Ambiguous:
    status, code = _status(fault), code_of(fault)
    if status == TOO_MANY:
        return RetryAfter(_told(fault.response.headers))
    if status >= A_SERVERS_FAULT:
        return Ambiguous(f"{NO_WORD}{status}")
    if code in NOT_THERE:
        return Gone()
    if code in NOT_LET_IN:
        # The operator sees it; once it is mended, what waits goes out by itself.
        log.error("slack.not_let_in", error=code)
        return RetryAfter(MENDED)
    if code in NOTHING_HAPPENED:
        return RetryAfter(LATER)
    if code in NOBODY_KNOWS or code.startswith(NO_WORD):
        return Ambiguous(code)
    return Rejected(code)


def _told(headers: Mapping[str, str]) -> timedelta:
    """``Retry-After`` is whole seconds (RFC 9110, 10.2.3, of which Slack uses that form)."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    seconds = int(told[:9]) if told.isascii() and told.isdecimal() else 0
    return min(LONGEST_TOLD, max(SOON, timedelta(seconds=seconds)))
