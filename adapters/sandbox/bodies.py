"""What comes in and goes out in HTTP bodies: JSON, a picture's bytes, sentences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, assert_never

from aiohttp import web

from adapters.door import Again, Answer, Declined, Done
from adapters.sandbox import inbound
from adapters.taking_in import TELLING
from moderation.kernel import AccountId


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

LARGEST_FORM: Final = 2 * 1024 * 1024
"""Bytes."""

Json = dict[str, object]


def answer(given: Answer) -> Json:
    """What became of a command, as the page's script reads it."""
    match given:
        case Done(sentences=sentences):
            return {"outcome": "done", "sentences": list(sentences)}
        case Declined(sentences=sentences, field=field):
            at = {"field": field} if field else {}
            return {"outcome": "declined", "sentences": list(sentences), **at}
        case Again(sentences=sentences):
            return {"outcome": "again", "sentences": list(sentences)}
        case unreachable:
            assert_never(unreachable)


def say(*sentences: str, **fields: object) -> web.Response:
    """Sentences for the reader, and whatever else the page's script needs."""
    return web.json_response({"sentences": list(sentences), **fields})


async def beginning(request: web.Request) -> bytes:
    """The first bytes of a body, enough to tell what it is."""
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) >= TELLING:
            break
    return bytes(content)


async def following(begun: bytes, request: web.Request) -> AsyncIterator[bytes]:
    """The whole body in pieces, what was read of it before included."""
    yield begun
    async for chunk in request.content.iter_any():
        yield chunk


async def read(request: web.Request, most: int, begun: bytes = b"") -> bytes | None:
    """The whole body, or ``None`` when it is larger than ``most`` bytes.

    ``begun`` was read of it before.
    """
    content = bytearray(begun)
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > most:
            return None
    return bytes(content) if len(content) <= most else None


async def payload(request: web.Request) -> Mapping[str, object]:
    """What was sent, as a JSON object; anything else is answered with a plain sentence."""
    raw = await read(request, LARGEST_FORM)
    sent = inbound.body(raw) if raw is not None else None
    if isinstance(sent, dict):
        return sent
    said = inbound.TOO_LONG if raw is None else inbound.BROKEN
    raise web.HTTPBadRequest(
        text=json.dumps({"outcome": "declined", "sentences": [said]}),
        content_type="application/json",
    )


def accounts(query: Mapping[str, str]) -> tuple[AccountId, ...]:
    """The accounts named in an address, separated by commas."""
    given = query.get("accounts", "")[:2000]
    return tuple(AccountId(item) for item in given.split(",") if item)


def media_type(content: bytes) -> str | None:
    """The media type of a picture, by the bytes themselves."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
