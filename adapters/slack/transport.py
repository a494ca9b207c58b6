"""The two ways in which Slack reaches us: requests to ``/slack/events``, or a socket that we open.

The front judges a request before Bolt sees it: its size, its signature (after Slack's "Verifying
requests", v0) and whether it can be read at all. Nothing of a request is ever logged.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connecting import opened
from adapters.slack.names import EVENTS_PATH


if TYPE_CHECKING:
    from slack_sdk.socket_mode.aiohttp import SocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest
log = structlog.get_logger(__name__)

LARGEST: Final = 1024 * 1024
"""Bytes of a request: Slack's own stay below a quarter of that."""
LATEST: Final = 300
"""Seconds that a request's time may be off; an older one may be a replay."""
PREFIX: Final = EVENTS_PATH.rpartition("/")[0] + "/"
PAGE: Final = EVENTS_PATH.rpartition("/")[2]

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_CARRIED: Final = frozenset(
    {
        "content-type",
        "x-slack-request-timestamp",
        "x-slack-retry-num",
        "x-slack-retry-reason",
        "x-slack-signature",
    }
)
"""Headers that Bolt is given. No header is signed, and others of them steer Bolt."""


# -- requests -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """``secret`` is the app's signing secret; ``now`` is the machine's time, as Bolt's own is."""

    app: AsyncApp
    secret: str = field(repr=False)
    now: Callable[[], float] = time.time

    def pages(self) -> web.Application:
        """To be mounted at :data:`PREFIX`."""
        pages = web.Application(client_max_size=LARGEST)
        pages.router.add_post(f"/{PAGE}", self.events)
        return pages

    async def events(self, request: web.Request) -> web.Response:
        """Everything that Slack sends comes here."""
        body = await _read(request)
        if not self.signed(request, body):
            # Slack looks whether the address is alive with this, and signs it or not.
            alive = body.split(b"&", 1)[0] == b"ssl_check=1"
            return web.Response() if alive else _no(HTTPStatus.UNAUTHORIZED)
        read = _readable(request, body)
        if read is None:
            return _no(HTTPStatus.BAD_REQUEST)
        return await to_aiohttp_response(await dispatched(self.app, read))

    def signed(self, request: web.Request, body: bytes) -> bool:
        """Whether Slack signed exactly this, and lately."""
        timestamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        if len(timestamps) != 1 or len(signatures) != 1:
            return False
        timestamp, signature = timestamps[0], signatures[0]
        if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
            return False
        if abs(self.now() - int(timestamp)) > LATEST:
            return False
        return hmac.compare_digest(signature, signature_of(self.secret, timestamp, body))


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """What Slack puts into ``X-Slack-Signature``."""
    signed = b"v0:" + timestamp.encode("ascii") + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


async def dispatched(app: AsyncApp, read: AsyncBoltRequest) -> BoltResponse:
    """Bolt's answer. Our listeners keep their faults, so what fails here is the request's shape."""
    try:
        return await app.async_dispatch(read)
    except Exception:
        log.exception("slack.unreadable")
        return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")


async def _read(request: web.Request) -> bytes:
    """The whole body, or 413 as soon as it is too large."""
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=LARGEST + 1)
    return await request.read()


def _readable(request: web.Request, body: bytes) -> AsyncBoltRequest | None:
    headers: dict[str, str | Sequence[str]] = {
        name: value for name, value in request.headers.items() if name.lower() in _CARRIED
    }
    try:
        return AsyncBoltRequest(body=body.decode("utf-8"), headers=headers)
    except Exception:
        # Bolt reads JSON, and a few fields of it, without looking first.
        log.exception("slack.unreadable")
        return None


def _no(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}.")


# -- the socket -----------------------------------------------------------------------------------


class Socket(AsyncSocketModeHandler):
    """Socket Mode: Slack's requests over a connection that we opened. Needs a running loop.

    ``app_token`` asks for the connection's address, where the bot's client has another token.
    """

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        opener = AsyncWebClient(
            token=app_token, base_url=client.base_url, session=client.session, retry_handlers=[]
        )
        super().__init__(app, app_token, logger=app.logger, web_client=opener)
        self._opener = opener
        self._ending = False

    async def open(self) -> None:
        """Connect, and stay connected. Raises :class:`~adapters.slack.connecting.CannotConnect`.

        Where the connection is lost later, Bolt's client opens another.
        """
        # Asked here first: Bolt's client would ask for ever, whatever Slack says.
        self.client.wss_uri = await opened(self._opener, self.app_token)
        await self.connect_async()  # type: ignore[no-untyped-call] # Bolt left its result out

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override] # as Bolt's own, which says so too
        """Answer one request; once we are ending, none, so that Slack sends it elsewhere."""
        if self._ending:
            return
        began = time.time()
        try:
            read = AsyncBoltRequest(mode="socket_mode", body=req.payload, headers=_retried(req))
        except Exception:
            log.exception("slack.unreadable")
            return
        await send_async_response(client, req, await dispatched(self.app, read), began)

    def quiesce(self) -> None:
        """Hear nothing more, but let what was heard be answered."""
        self._ending = True

    async def close(self) -> None:
        """End the connection, and every task that kept it."""
        self.quiesce()
        client = self.client
        await client.close()  # type: ignore[no-untyped-call] # slack_sdk left its result out
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)


def _retried(req: SocketModeRequest) -> dict[str, str | Sequence[str]]:
    return {} if req.retry_attempt is None else {"x-slack-retry-num": str(req.retry_attempt)}
