"""The HTTP server's own routes: whether it lives, and whether it may be sent work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Readiness = Callable[[], Awaitable[tuple[str, ...]]]

LARGEST_REQUEST = 42 * 1024 * 1024
"""Bytes: a picture of 40 MB and its form."""


def build(readiness: Readiness) -> web.Application:
    """The outermost application. ``readiness`` names what is not ready, or nothing."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        missing = await readiness()
        return web.json_response(
            {"ready": not missing, "missing": missing}, status=503 if missing else 200
        )

    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    return app
