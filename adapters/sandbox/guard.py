"""Who may talk to the page: this computer, this page, this start. Nobody else.

A page elsewhere can make a browser send requests here (by a form, or by naming this address in its
own DNS). So every request must name a loopback host, every request but the page and its style must
carry this start's token, and a request that changes something must come from the page itself.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import hdrs, web

from adapters.sentences import OUR_FAULT


if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)

HEADERS: Final = {
    hdrs.CONTENT_SECURITY_POLICY: (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    hdrs.X_CONTENT_TYPE_OPTIONS: "nosniff",
    hdrs.X_FRAME_OPTIONS: "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})

AWAY: Final = "This page is for the computer it runs on, and only there. Nothing changed."
NAMED: Final = (
    "This page answers only to 127.0.0.1 and localhost. Please type one of them. Nothing changed."
)
ELSEWHERE: Final = (
    "This request came from another page. Nothing changed. Please use Schoolgate's own page."
)
OLD: Final = "This page is from before Schoolgate's last start. Please reload it. Nothing changed."

OPEN_NAMES: Final = frozenset({"page", "static"})
"""Routes that need no token: the page hands it out, and its style holds nothing."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One start of the page. ``token`` is new each time."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @web.middleware
    async def let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let it through, or answer 403 with a sentence."""
        sentence = self.objection(request)
        if sentence is not None:
            return web.json_response({"sentences": [sentence]}, status=403)
        return await handler(request)

    def objection(self, request: web.Request) -> str | None:
        """Why this request is refused, or ``None``."""
        if not _from_here(request):
            return AWAY
        if _host(request)[0] not in _HOSTS:
            return NAMED
        name = request.match_info.route.name or ""
        if request.method not in {"GET", "HEAD"} and not _by_our_page(request):
            return ELSEWHERE
        if name in OPEN_NAMES:
            return None
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return ELSEWHERE
        given = request.cookies.get(_cookie(request), "")
        return None if hmac.compare_digest(given.encode(), self.token.encode()) else OLD

    def hand_out(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give the page its token. A script can't read it and no other site can send it."""
        response.set_cookie(
            _cookie(request), self.token, httponly=True, samesite="Strict", path="/"
        )


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal: what every answer says to the browser."""
    for name, value in HEADERS.items():
        # The server's own headers came first; the page knows better what it needs.
        response.headers[name] = value
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")


def _from_here(request: web.Request) -> bool:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    if not isinstance(peer, tuple):
        return True  # a socket file: only this computer can have it
    try:
        address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or (mapped is not None and mapped.is_loopback)


def _by_our_page(request: web.Request) -> bool:
    """A browser says where a request comes from; a program that says nothing needs the token."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is None or origin == f"{request.scheme}://{request.headers.get(hdrs.HOST, '')}"


def _cookie(request: web.Request) -> str:
    """Named by the port: a browser sends one computer's cookies to all of its ports."""
    return f"schoolgate_{_host(request)[1]}"


def _host(request: web.Request) -> tuple[str, int]:
    """The name and the port that the browser believes it speaks to; ("", 0) when unreadable."""
    try:
        parts = urlsplit(f"//{request.headers.get(hdrs.HOST, '')}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return "", 0
    return name or "", port or 80


@web.middleware
async def answer_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of ours is a sentence with a number, and the number is in the log."""
    try:
        return await handler(request)
    except (web.HTTPException, asyncio.CancelledError):
        raise
    except Exception:
        number = secrets.token_hex(4)
        log.exception("sandbox.failed", request=number)
        said = {"outcome": "failed", "sentences": [OUR_FAULT.format(number)]}
        return web.json_response(said, status=500)
