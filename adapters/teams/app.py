"""Where Teams sends everything: one page, which answers a token's fault with 401 and no more.

app.add_subapp(PREFIX, Front(trust, places, turns).pages())
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from adapters.intents import BadPayload
from adapters.teams import envelope, inbound
from adapters.teams.inbound import Kind
from adapters.teams.places import Places
from adapters.teams.trust import NoKeys, Trust, Untrusted
from adapters.teams.turns import Turns


log = structlog.get_logger(__name__)

PREFIX: Final = "/api/"
PAGE: Final = "messages"
LARGEST: Final = 1024 * 1024
"""Bytes of a request: Teams' own stay below a quarter of that."""
TRY_AGAIN: Final = {"Retry-After": "30"}


@dataclass(frozen=True, slots=True)
class Front:
    """The page, and what stands behind it."""

    trust: Trust
    places: Places
    turns: Turns

    def pages(self) -> web.Application:
        """To be mounted at :data:`PREFIX`."""
        pages = web.Application(client_max_size=LARGEST)
        pages.router.add_post(f"/{PAGE}", self.messages)
        return pages

    async def messages(self, request: web.Request) -> web.Response:
        """Every activity comes here."""
        body = await _read(request)
        if body is None:
            return _no(HTTPStatus.BAD_REQUEST)
        wrong = await self.trust.judge(request.headers.get("Authorization"), body)
        match wrong:
            case Untrusted(why=why):
                log.warning("teams.not_trusted", cause=why.value)
                return _no(HTTPStatus.UNAUTHORIZED)
            case NoKeys():
                return _no(HTTPStatus.SERVICE_UNAVAILABLE, headers=TRY_AGAIN)
        activity = inbound.read(body)
        if isinstance(activity, BadPayload):
            return _no(HTTPStatus.BAD_REQUEST)
        first = self.places.note(activity)
        answer = await self.turns.run(activity, first=first)
        if activity.kind is Kind.INVOKE:
            return web.json_response(answer or {}, dumps=envelope.dumps)
        return web.Response()


async def _read(request: web.Request) -> dict[str, object] | None:
    """The body, where it is a JSON object; 413 as soon as it is too large."""
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=LARGEST + 1)
    try:
        read = json.loads(await request.read())
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _no(status: HTTPStatus, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}.", headers=headers)
