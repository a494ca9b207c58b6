"""The HTTP server's own part: health, limits, headers, and plain sentences where something fails.

Platforms hang their applications below this one; what is promised here holds for them as well:
no request over :data:`LARGEST_REQUEST`, no traceback in any answer, no address with its query in
the log.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler
    from aiohttp.web_request import BaseRequest

    Readiness = Callable[[], Awaitable[tuple[str, ...]]]
    Concerns = Callable[[], tuple[str, ...]]

log = structlog.get_logger(__name__)

LARGEST_REQUEST: Final = 42 * 1024 * 1024
"""Bytes: a picture of 40 MB and its form."""

IN_PARTS: Final = "in_parts"
"""The name of a route that reads its body bit by bit, and stops by itself."""

REQUEST_ID: Final = web.ResponseKey("request_id", str)

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, unless the handler chose its own."""

SENTENCES: Final = {
    HTTPStatus.BAD_REQUEST: "This request can't be read.",
    HTTPStatus.FORBIDDEN: "This isn't allowed.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address can't be used in that way.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is too large: 42 megabytes is the most.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "This kind of content can't be read.",
}
"""In place of aiohttp's own words; what a handler says in its own words stays."""

PROBES: Final = frozenset({"/healthz", "/readyz"})


def build(readiness: Readiness, concerns: Concerns = tuple) -> web.Application:
    """The outermost application. ``readiness`` names what is not ready, or nothing.

    ``concerns`` names what somebody should look at though it serves.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        missing = await readiness()
        return web.json_response(
            {"ready": not missing, "missing": missing, "concerns": concerns()},
            status=503 if missing else 200,
        )

    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=(_safely, _within_limits))
    app.on_response_prepare.append(_add_headers)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    return app


class AccessLog(AbstractAccessLogger):
    """One line for each answer: the route as written in the source, never the address asked for.

    An address may hold a token, a query or somebody's words. Good answers to probes are left out.
    """

    def log(self, request: BaseRequest, response: web.StreamResponse, time: float) -> None:
        if request.path in PROBES and response.status == HTTPStatus.OK:
            return
        log.info(
            "web.answered",
            method=request.method,
            route=_route(request),
            http_status=response.status,
            seconds=round(time, 4),
            request=response.get(REQUEST_ID, ""),
        )


def _route(request: BaseRequest) -> str:
    """``media/:token`` for the route ``/media/{token}``; "none" where there is no such route."""
    resource = request.match_info.route.resource if isinstance(request, web.Request) else None
    if resource is None:
        return "none"
    return resource.canonical.strip("/").replace("{", ":").replace("}", "") or "root"


@web.middleware
async def _safely(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A plain sentence for every failure; only its class and place are logged, under an id."""
    request_id = secrets.token_hex(8)
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        _say_plainly(answer)
        answer[REQUEST_ID] = request_id
        raise
    except Exception as error:
        if request.writer.output_size > 0:
            # Half an answer is out, or the reader is gone: aiohttp cuts the connection.
            if not isinstance(error, ConnectionError):
                log.exception("web.cut_short", route=_route(request), request=request_id)
            raise
        log.exception("web.failed", route=_route(request), request=request_id)
        response = web.Response(
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            text="Something went wrong on our side. Please try again. If it happens again, "
            f"whoever runs Schoolgate finds it in the log as {request_id}.",
        )
    response[REQUEST_ID] = request_id
    return response


@web.middleware
async def _within_limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say no before the first byte of the body is read, where the client tells its length."""
    length = request.content_length or 0
    if length > LARGEST_REQUEST and request.match_info.route.name != IN_PARTS:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_REQUEST, actual_size=length)
    return await handler(request)


def _say_plainly(answer: web.HTTPException) -> None:
    own_words = answer.text != f"{answer.status}: {answer.reason}"
    if own_words and not isinstance(answer, web.HTTPRequestEntityTooLarge):
        return
    with suppress(ValueError, KeyError):
        answer.text = SENTENCES[HTTPStatus(answer.status)]


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    # aiohttp has put its name and version here.
    response.headers["Server"] = "Schoolgate"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
