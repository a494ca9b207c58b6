"""Where Teams sends everything: one page, which answers a token's fault with 401 and no more.

app.add_subapp(PREFIX, Front(trust, places, turns).pages())
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from adapters.payloads import BadPayload
from adapters.teams import envelope, inbound, replies
from adapters.teams.inbound import Activity, Kind, Room
from adapters.teams.places import Places
from adapters.teams.trust import NoKeys, Trust, Untrusted, is_loopback
from adapters.teams.turns import Turns


log = structlog.get_logger(__name__)

PREFIX: Final = "/api/"
PAGE: Final = "messages"
LARGEST: Final = 1024 * 1024
"""Bytes of a request: Teams' own stay below a quarter of that."""
PASSED_ON: Final = ("x-forwarded", "forwarded")
"""How headers begin that a proxy adds (RFC 7239, and what came before it)."""
NOWHERE: Final = (
    "Teams doesn't say where you are, so nothing was done. Please write to Schoolgate in your own "
    "chat with it."
)
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
        if self.trust.keys is None and not _is_from_here(request):
            return _no(HTTPStatus.FORBIDDEN)
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
            if body.get("type") != "invoke":
                return _no(HTTPStatus.BAD_REQUEST)
            name = inbound.text(body.get("name"), longest=128)
            return web.json_response(dict(replies.say(name, (NOWHERE,)).body))
        activity = self._in_their_own(activity)
        first = self.places.note(activity)
        answer = await self.turns.run(activity, first=first)
        if activity.kind is Kind.INVOKE:
            return web.json_response(answer or {}, dumps=envelope.dumps)
        return web.Response()

    def _in_their_own(self, activity: Activity) -> Activity:
        """As done privately, where it was in the chat that is known as the sender's own."""
        origin, who = activity.origin, activity.sender
        if who is None or self.places.whose(origin.conversation) != who.user:
            return activity
        return replace(activity, origin=replace(origin, room=Room.PERSONAL))


def _is_from_here(request: web.Request) -> bool:
    """Whether it was sent to this machine by its own name, and passed on by nobody."""
    passed = any(it.lower().startswith(PASSED_ON) for it in request.headers)
    try:
        host = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return False
    return not passed and is_loopback(host)


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
