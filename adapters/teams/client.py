"""The connection to the Bot Connector, and what its answers mean.

No message is sent twice here: the deliveries decide when to try again, and know what a second try
costs. botframework's own client leaves that to msrest's retry policy, and asks for its token on the
event loop.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

import aiohttp
import structlog
from yarl import URL

from adapters.teams import envelope
from moderation.ports import Ambiguous, Delivered, Gone, Rejected, RetryAfter


if TYPE_CHECKING:
    from moderation.ports import Delivery

log = structlog.get_logger(__name__)

Json = Mapping[str, Any]

TIMES: Final = aiohttp.ClientTimeout(total=10, sock_connect=4)
"""Less than a delivery has, so that it hears what came of it."""
AT_ONCE: Final = 32
LARGEST: Final = 1024 * 1024
"""Bytes of an answer."""
SOON: Final = timedelta(seconds=1)
LATER: Final = timedelta(seconds=5)
MENDED: Final = timedelta(minutes=5)
"""When to ask again after what only the operator can mend."""
LONGEST_TOLD: Final = timedelta(hours=1)
LONGEST_CODE: Final = 80
BEFORE_THE_END: Final = 300.0
"""Seconds: a token isn't used up to its last."""
SCOPE: Final = "https://api.botframework.com/.default"
LOGIN: Final = "https://login.microsoftonline.com"
"""Microsoft Entra, for a bot that is registered in one tenant."""

A_SERVERS_FAULT: Final = 500
TRY_LATER: Final = frozenset({409, 412, 429})
"""Nothing happened: Microsoft's guide asks to try again (rate-limit: 412, 429, 502, 504)."""
NOT_LET_IN: Final = frozenset({401, 407})
NOT_THERE: Final = frozenset({403, 404, 410})
"""Also a conversation that the app was removed from, or whose person has blocked it."""
FOR_THE_OPERATOR: Final = frozenset(
    {"BotDisabledByAdmin", "InvalidBotApiHost", "TenantNotAllowed", "BotNotRegistered"}
)
"""A 403 that is about the bot and not about the conversation."""
FAULTS: Final = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


class CannotAsk(Exception):
    """Teams could not be asked, or didn't tell. The message is a code, never content."""


class UnknownService(CannotAsk):
    """An address that isn't Teams' (any more): nothing was sent there."""

    def __init__(self) -> None:
        super().__init__("not_a_service_of_teams")


class Tokens(Protocol):
    """What lets us in."""

    async def bearer(self) -> str:
        """A token, or "" where none is needed. Raises :class:`CannotAsk`."""

    def spoil(self) -> None:
        """It wasn't taken: ask for another."""


class NoTokens:
    """For the playground, which asks for none."""

    async def bearer(self) -> str:
        """Nothing."""
        return ""

    def spoil(self) -> None:
        """There is nothing to spoil."""


@dataclass(slots=True)
class ClientSecret:
    """The bot's own token, by its secret (OAuth 2.0 client credentials, RFC 6749 section 4.4).

    ``authority`` is the tenant's address at the identity service.
    """

    session: aiohttp.ClientSession
    authority: str
    app_id: str
    secret: str = field(repr=False)
    now: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    async def bearer(self) -> str:
        """The token, asked for anew before it ends."""
        if not self._token or self.now() >= self._until:
            await self._ask()
        return self._token

    def spoil(self) -> None:
        """Ask again."""
        self._token = ""

    async def _ask(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.secret,
            "scope": SCOPE,
        }
        try:
            address = f"{self.authority}/oauth2/v2.0/token"
            async with self.session.post(address, data=form, allow_redirects=False) as answer:
                told = await _json(answer)
        except FAULTS as fault:
            raise CannotAsk(type(fault).__name__) from None
        token, lasts = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not token:
            code = told.get("error")
            raise CannotAsk(code[:LONGEST_CODE] if isinstance(code, str) else "no_token")
        seconds = float(lasts) if isinstance(lasts, int | str) and str(lasts).isdecimal() else 0.0
        self._token = token
        self._until = self.now() + max(0.0, seconds - BEFORE_THE_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """``error`` is the connector's code; ``retry`` what its ``Retry-After`` says, in seconds."""

    status: int
    body: Json = field(default_factory=dict, repr=False)
    error: str = ""
    retry: int | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 -- HTTP's

    @property
    def id(self) -> str:
        found = self.body.get("id")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Connector:
    """The Bot Connector's REST interface, v3, at the address that a conversation came from.

    ``is_service``: whether an address may have our token. It is asked before each call, because
    addresses are kept for long. Each call raises :class:`UnknownService` for another.
    """

    session: aiohttp.ClientSession
    tokens: Tokens
    is_service: Callable[[str], bool]

    async def send(self, service_url: str, conversation: str, activity: Json) -> Answered:
        """Post an activity. Raises one of :data:`FAULTS`, or :class:`CannotAsk`."""
        there = {**activity, "conversation": {"id": conversation}}
        return await self._call("POST", service_url, _in(conversation), there)

    async def update(
        self, service_url: str, conversation: str, ref: str, activity: Json
    ) -> Answered:
        """Put another in its place."""
        path = f"{_in(conversation)}/{quote(ref, safe='')}"
        return await self._call("PUT", service_url, path, {**activity, "id": ref})

    async def open(self, service_url: str, *, bot: str, user: str, tenant: str) -> Answered:
        """The private conversation with somebody who has the app; its id."""
        asked = {
            "bot": {"id": bot},
            "isGroup": False,
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        return await self._call("POST", service_url, "v3/conversations", asked)

    async def member(self, service_url: str, conversation: str, user: str) -> Answered:
        """Who somebody in a conversation is."""
        path = f"v3/conversations/{quote(conversation, safe='')}/members/{quote(user, safe='')}"
        return await self._call("GET", service_url, path)

    async def members(self, service_url: str, conversation: str, after: str = "") -> Answered:
        """A page of those who are in a conversation."""
        path = f"v3/conversations/{quote(conversation, safe='')}/pagedmembers?pageSize=500"
        more = f"&continuationToken={quote(after, safe='')}" if after else ""
        return await self._call("GET", service_url, path + more)

    async def _call(
        self, method: str, service_url: str, path: str, body: Json | None = None
    ) -> Answered:
        if not self.is_service(service_url):
            log.error("teams.not_a_service")
            raise UnknownService
        token = await self.tokens.bearer()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        async with self.session.request(
            method, address, json=body, headers=headers, allow_redirects=False
        ) as answer:
            told = await _json(answer)
            if answer.status in NOT_LET_IN:
                self.tokens.spoil()
            return Answered(
                status=answer.status,
                body=told,
                error=_code(told) if answer.status >= 300 else "",  # noqa: PLR2004 -- HTTP's
                retry=_seconds(answer.headers.get("Retry-After", "")),
            )


def open_session(times: aiohttp.ClientTimeout = TIMES) -> aiohttp.ClientSession:
    """A session that keeps its connections and no cookies. Needs a running loop."""
    return aiohttp.ClientSession(
        timeout=times,
        connector=aiohttp.TCPConnector(limit=AT_ONCE),
        cookie_jar=aiohttp.DummyCookieJar(),
        json_serialize=envelope.dumps,
        trust_env=False,
    )


def meaning(answer: Answered) -> Delivery:
    """What an answer means for what it was to do."""
    status = answer.status
    if answer.ok:
        return Delivered(answer.id) if answer.id else Ambiguous("no_id_in_the_answer")
    if status in TRY_LATER:
        told = LATER if answer.retry is None else timedelta(seconds=answer.retry)
        return RetryAfter(min(LONGEST_TOLD, max(SOON, told)))
    if status in NOT_LET_IN or answer.error in FOR_THE_OPERATOR:
        # The operator sees it; once it is mended, what waits goes out by itself.
        log.error("teams.not_let_in", error=answer.error or f"http_{status}")
        return RetryAfter(MENDED)
    if status in NOT_THERE:
        return Gone()
    if status >= A_SERVERS_FAULT or status < 400:  # noqa: PLR2004 -- a proxy's redirect
        return Ambiguous(f"http_{status}")
    return Rejected(answer.error or f"http_{status}")


def fault(wrong: BaseException) -> Delivery:
    """The same for a call that got no answer. Raises ``wrong`` where it is something else."""
    match wrong:
        case UnknownService():
            return Rejected(str(wrong))
        case CannotAsk():
            log.error("teams.not_let_in", error=str(wrong))
            return RetryAfter(MENDED)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return RetryAfter(SOON)  # nobody has heard us
        case TimeoutError():
            return Ambiguous("timeout")
        case _ if isinstance(wrong, FAULTS):
            return Ambiguous(type(wrong).__name__)
        case _:
            raise wrong


def _in(conversation: str) -> str:
    return f"v3/conversations/{quote(conversation, safe='')}/activities"


async def _json(answer: aiohttp.ClientResponse) -> Json:
    """The body, where it is an object; a proxy's page is nothing."""
    read = await answer.content.read(LARGEST) if answer.content_length != 0 else b""
    while not answer.content.at_eof() and len(read) < LARGEST:
        read += await answer.content.read(LARGEST - len(read))
    try:
        told = json.loads(read) if read else {}
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _code(told: Json) -> str:
    error = told.get("error")
    code = error.get("code") if isinstance(error, Mapping) else error
    fits = isinstance(code, str) and code.isascii() and code.isprintable()
    return code if isinstance(code, str) and fits and 0 < len(code) <= LONGEST_CODE else ""


def _seconds(told: str) -> int | None:
    """``Retry-After`` in whole seconds (RFC 9110, 10.2.3)."""
    return int(told[:9]) if told.isascii() and told.isdecimal() else None
