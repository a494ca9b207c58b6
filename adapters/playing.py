"""A video on a page of ours, whole or in the pieces that a player asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web


if TYPE_CHECKING:
    from collections.abc import Mapping

UNKEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Video:
    """``read(start, end)`` gives those bytes of the ``size`` that there are."""

    media_type: str
    size: int
    read: Callable[[int, int], AsyncIterator[bytes]] = field(repr=False)


async def play(
    request: web.Request, video: Video, headers: Mapping[str, str] = UNKEPT
) -> web.StreamResponse:
    """A video, or the part of it that a player asks for (RFC 9110, 14.2)."""
    said = {
        **headers,
        "Content-Type": video.media_type,
        "Content-Disposition": "inline",
        "Accept-Ranges": "bytes",
    }
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(None)
    start, end, _ = asked.indices(video.size)
    partial = asked.start is not None or asked.stop is not None
    if partial and start >= end:
        said["Content-Range"] = f"bytes */{video.size}"
        return web.Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=said)
    if partial:
        said["Content-Range"] = f"bytes {start}-{end - 1}/{video.size}"
    said["Content-Length"] = str(end - start)
    status = HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK
    response = web.StreamResponse(status=status, headers=said)
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        async for piece in video.read(start, end):
            await response.write(piece)
    await response.write_eof()
    return response
