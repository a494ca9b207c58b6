"""Pictures and videos handed in by Teams: a file in the personal chat, or one amid the words.

A file lies in its sender's OneDrive, and Teams gives us an address that lets in whoever knows it
(``file.download.info``): it is fetched without a token. A picture amid the words lies with the
connector and is fetched with the bot's token, which goes to connectors and nowhere else. No
redirect is followed, and what it is, is left to the inspector. A video is asked for only when its
first piece is wanted, and no more than a piece of it is held.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import aiohttp
import structlog

from adapters.taking_in import (
    LARGEST_VIDEO,
    MOST_PICTURES,
    VIDEO_TOO_LARGE,
    BrokeOff,
    Fetched,
    Moving,
    NotFetched,
)
from adapters.teams.client import FAULTS, CannotAsk, Tokens


log = structlog.get_logger(__name__)

SHARES: Final = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us")
"""What the hosts of OneDrive end with, in each of Microsoft's clouds."""
DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"
CARDS: Final = "application/vnd.microsoft.card."
MESSAGE: Final = "text/html"
"""The message itself once more, as an attachment."""
AMID: Final = ("image/", "video/")
"""What kinds of what stands amid the words begin with."""
PICTURES: Final = frozenset({"jpg", "jpeg", "png", "webp", "heic", "heif", "gif"})
VIDEOS: Final = frozenset({"mp4", "mov"})
MOST_BYTES: Final = 40 * 2**20
"""Of a picture."""
LONGEST_ADDRESS: Final = 4_096
LONGEST_NAME: Final = 255
FETCHING: Final = aiohttp.ClientTimeout(total=60, sock_connect=4, sock_read=15)
FETCHING_A_VIDEO: Final = aiohttp.ClientTimeout(total=900, sock_connect=4, sock_read=15)
"""A quarter of an hour: 200 MB at less than 2 Mbit/s."""
FOUND: Final = 200
CHUNK: Final = 2**16

TOO_LARGE: Final = NotFetched("This file is larger than 40 MB. Please send a smaller picture.")
ELSEWHERE: Final = NotFetched(
    "This file isn't kept where Teams keeps its own, so it can't be fetched. Please upload it here."
)
GONE: Final = NotFetched("This file is no longer there. Please send it again.")
CANNOT_ASK: Final = NotFetched("Teams didn't hand out this file. Please try again in a minute.")
BROKE_OFF: Final = "Teams stopped handing it out before its end. Please send it again in a minute."


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Where a picture lies, or a video, which ``moves``.

    ``shared``: its address lets us in; else our token does.
    """

    address: str = field(repr=False)
    name: str = field(repr=False)
    shared: bool
    moves: bool = False


def pictures_of(attachments: Sequence[Mapping[str, Any]]) -> tuple[tuple[File, ...], int]:
    """A message's pictures and videos, at most ten, in their order; and how many other files."""
    files = [it for it in attachments if not _is_no_file(it)]
    found = tuple(it for it in map(_picture, files) if it is not None)[:MOST_PICTURES]
    return found, len(files) - len(found)


def is_share(address: str) -> bool:
    """Whether this is a place where OneDrive keeps what was sent to us."""
    parts = _split(address)
    if parts is None or parts.scheme != "https" or parts.port not in {None, 443}:
        return False
    host = parts.hostname or ""
    return any(host.endswith(end) and host != end[1:] for end in SHARES)


@dataclass(frozen=True, slots=True)
class Files:
    """``is_service`` says where the bot's token may go, ``shared`` what is fetched without it."""

    session: aiohttp.ClientSession
    tokens: Tokens
    is_service: Callable[[str], bool]
    shared: Callable[[str], bool] = is_share

    async def fetch(self, file: File) -> Fetched | Moving | NotFetched:
        """Get it; of a video, the way to it. Never raises, but for what :class:`Moving` may."""
        if file.moves:
            return Moving(self._pieces(file), file.name)
        try:
            async with self._opened(file, FETCHING) as answer:
                return await _whole(answer, file.name)
        except _Refused as wrong:
            return wrong.why
        except FAULTS as wrong:
            log.warning("teams.not_fetched", error=type(wrong).__name__)
        return CANNOT_ASK

    async def _pieces(self, file: File) -> AsyncGenerator[bytes, None]:
        """A video from its first byte to its last."""
        begun = False
        try:
            async with self._opened(file, FETCHING_A_VIDEO) as answer:
                begun = True
                if (answer.content_length or 0) > LARGEST_VIDEO:
                    raise BrokeOff(VIDEO_TOO_LARGE)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    yield chunk
        except _Refused as wrong:
            raise BrokeOff(wrong.why.sentence) from None
        except FAULTS as wrong:
            log.warning("teams.not_fetched", error=type(wrong).__name__)
            raise BrokeOff(BROKE_OFF if begun else CANNOT_ASK.sentence) from None

    @asynccontextmanager
    async def _opened(
        self, file: File, patience: aiohttp.ClientTimeout
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer that holds it. Raises :class:`_Refused` where there is none."""
        parts = _split(file.address)
        if parts is None or not self._may_ask(file, parts):
            log.warning("teams.file_elsewhere", shared=file.shared)
            raise _Refused(ELSEWHERE)
        async with self.session.get(
            file.address,
            headers=await self._headers(file),
            allow_redirects=False,
            timeout=patience,
        ) as answer:
            if answer.status in {404, 410}:
                raise _Refused(GONE)
            # A page is what somebody gets who isn't let in.
            if answer.status != FOUND or answer.content_type == "text/html":
                log.warning("teams.not_fetched", error=f"http_{answer.status}")
                raise _Refused(CANNOT_ASK)
            yield answer

    async def _headers(self, file: File) -> Mapping[str, str]:
        if file.shared:
            return {}
        try:
            token = await self.tokens.bearer()
        except CannotAsk as wrong:
            log.warning("teams.not_fetched", error=str(wrong))
            raise _Refused(CANNOT_ASK) from None
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _may_ask(self, file: File, parts: SplitResult) -> bool:
        if file.shared:
            return self.shared(file.address)
        # A connector's address with what follows in it: the host is what counts.
        return self.is_service(f"{parts.scheme}://{parts.netloc}/")


class _Refused(Exception):
    """It isn't handed out to us."""

    def __init__(self, why: NotFetched) -> None:
        super().__init__(why.sentence)
        self.why = why


# -- leaves ---------------------------------------------------------------------------------------


async def _whole(answer: aiohttp.ClientResponse, name: str) -> Fetched | NotFetched:
    """A picture."""
    if (answer.content_length or 0) > MOST_BYTES:
        return TOO_LARGE
    content = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            return TOO_LARGE
    return Fetched(bytes(content), name)


def _split(address: str) -> SplitResult | None:
    if not address.isascii() or len(address) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return None if parts.username is not None or parts.password is not None else parts


def _is_no_file(attachment: Mapping[str, Any]) -> bool:
    kind = str(attachment.get("contentType", ""))
    return kind == MESSAGE or kind.startswith(CARDS)


def _picture(attachment: Mapping[str, Any]) -> File | None:
    kind, content = attachment.get("contentType"), attachment.get("content")
    name = attachment.get("name")
    called = name[:LONGEST_NAME] if isinstance(name, str) else ""
    if kind == DOWNLOAD and isinstance(content, Mapping):
        address, ending = content.get("downloadUrl"), str(content.get("fileType")).casefold()
        if isinstance(address, str) and ending in PICTURES | VIDEOS:
            return File(address=address, name=called, shared=True, moves=ending in VIDEOS)
        return None
    address = attachment.get("contentUrl")
    if isinstance(kind, str) and kind.startswith(AMID) and isinstance(address, str):
        return File(address=address, name=called, shared=False, moves=kind.startswith("video/"))
    return None
