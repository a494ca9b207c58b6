"""Pictures and videos that somebody hands in: fetched from Slack's own hosts and from nowhere else.

The bot's token goes with the request, so no redirect is followed. A picture is fetched whole; a
video comes in pieces, and whoever takes them says how fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import structlog

from adapters.slack.client import FAULTS, code_of
from adapters.slack.files import FOUND, GONE, UNSEEN, is_slacks
from adapters.taking_in import (
    LARGEST_VIDEO,
    TELLING,
    VIDEO_TOO_LARGE,
    BrokeOff,
    Fetched,
    Moving,
    may_be_video,
)


if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 40 * 2**20
"""Of a picture."""
FETCHING: Final = aiohttp.ClientTimeout(total=60, sock_connect=4, sock_read=15)
FETCHING_VIDEO: Final = aiohttp.ClientTimeout(total=1_800, sock_connect=4, sock_read=30)
CHUNK: Final = 2**16


class NotTaken(StrEnum):
    """Why a file can't be fetched; the value is the sentence that says so."""

    TOO_LARGE = "This file is larger than 40 MB. Please send a smaller picture."
    VIDEO_TOO_LARGE = VIDEO_TOO_LARGE
    ELSEWHERE = (
        "This file isn't kept in Slack itself, so it can't be fetched. "
        "Please upload the picture or the video."
    )
    GONE = "This file is no longer there. Please send it again."
    UNSEEN = "I can't see files of this channel. Please add me there, or send it in the form."
    CANNOT_ASK = "Slack didn't hand out this file. Please try again in a minute."
    BROKE_OFF = "Slack broke off before all of this video was here. Please send it again."


class _Refused(Exception):
    """It isn't handed out."""

    def __init__(self, why: NotTaken) -> None:
        super().__init__(why.name)
        self.why = why


async def fetch(client: AsyncWebClient, file: Mapping[str, Any]) -> Fetched | Moving | NotTaken:
    """Fetch what an event, a message or a dialog brought as ``file``. Never raises.

    What it is, is left to whoever looks at it: neither the type nor the name is believed.
    """
    try:
        told = await _told(client, file)
        return told if isinstance(told, NotTaken) else await _fetch(client, told)
    except _Refused as refused:
        return refused.why
    except BrokeOff:
        return NotTaken.CANNOT_ASK
    except FAULTS as fault:
        code = code_of(fault)
        log.warning("slack.not_fetched", error=code)
        if code == UNSEEN:
            return NotTaken.UNSEEN
        return NotTaken.GONE if code in GONE else NotTaken.CANNOT_ASK


async def _told(client: AsyncWebClient, file: Mapping[str, Any]) -> Mapping[str, Any] | NotTaken:
    """The whole file object: from other organisations Slack sends only its id."""
    if not _address(file) and isinstance(file.get("id"), str):
        asked = (await client.files_info(file=file["id"])).get("file")
        file = asked if isinstance(asked, Mapping) else {}
    if file.get("mode") in {"tombstone", "hidden_by_limit"}:
        return NotTaken.GONE
    if file.get("is_external") or file.get("mode") == "external":
        return NotTaken.ELSEWHERE
    size = file.get("size")
    moves = _says_it_moves(file)
    if isinstance(size, int) and size > (LARGEST_VIDEO if moves else MOST_BYTES):
        return NotTaken.VIDEO_TOO_LARGE if moves else NotTaken.TOO_LARGE
    return file if is_slacks(_address(file), client.base_url) else NotTaken.ELSEWHERE


async def _fetch(client: AsyncWebClient, file: Mapping[str, Any]) -> Fetched | Moving | NotTaken:
    name = file.get("name")
    called = name if isinstance(name, str) else ""
    pieces = _pieces(client, file)
    begun = await anext(pieces)
    if _says_it_moves(file) or may_be_video(begun):
        return Moving(pieces, called)
    content = bytearray()
    async with aclosing(pieces):
        async for piece in pieces:
            content += piece
            if len(content) > MOST_BYTES:
                return NotTaken.TOO_LARGE
    return Fetched(bytes(content), called)


async def _pieces(client: AsyncWebClient, file: Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
    """The first bytes, which tell what it is; and then all of it, from the beginning on.

    Raises :class:`BrokeOff` where it ends too early.
    """
    if client.session is None:
        raise _Refused(NotTaken.CANNOT_ASK)
    async with client.session.get(
        _address(file),
        headers={"Authorization": f"Bearer {client.token}"},
        # A redirect leads to a sign-in page, or to where the token must not go.
        allow_redirects=False,
        timeout=FETCHING_VIDEO if _says_it_moves(file) else FETCHING,
        proxy=client.proxy,
    ) as answer:
        if answer.status in {404, 410}:
            raise _Refused(NotTaken.GONE)
        if answer.status != FOUND or answer.content_type == "text/html":
            log.warning("slack.not_fetched", error=f"http_{answer.status}")
            raise _Refused(NotTaken.CANNOT_ASK)
        chunks = answer.content.iter_chunked(CHUNK)
        begun = await _beginning(chunks)
        yield begun
        try:
            yield begun
            async for chunk in chunks:
                yield chunk
        except FAULTS as fault:
            log.warning("slack.broke_off", error=code_of(fault))
            raise BrokeOff(NotTaken.BROKE_OFF) from None


async def _beginning(chunks: AsyncIterator[bytes]) -> bytes:
    begun = b""
    async for chunk in chunks:
        begun += chunk
        if len(begun) >= TELLING:
            break
    return begun


def _says_it_moves(file: Mapping[str, Any]) -> bool:
    return str(file.get("mimetype", "")).startswith("video/")


def _address(file: Mapping[str, Any]) -> str:
    found = file.get("url_private_download") or file.get("url_private")
    return found if isinstance(found, str) else ""
