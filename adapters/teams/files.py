"""Pictures that somebody hands in by Teams: a file in the personal chat, or one amid the words.

A file lies in its sender's OneDrive, and Teams gives us an address that lets in whoever knows it
(``file.download.info``): it is fetched without a token. A picture amid the words lies with the
connector and is fetched with the bot's token, which goes to connectors and nowhere else. No
redirect is followed, and what it is, is left to the inspector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import aiohttp
import structlog

from adapters.taking_in import MOST_PICTURES, Fetched, NotFetched
from adapters.teams.client import FAULTS, CannotAsk, Tokens


log = structlog.get_logger(__name__)

SHARES: Final = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us")
"""What the hosts of OneDrive end with, in each of Microsoft's clouds."""
DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"
CARDS: Final = "application/vnd.microsoft.card."
MESSAGE: Final = "text/html"
"""The message itself once more, as an attachment."""
PICTURES: Final = frozenset({"jpg", "jpeg", "png", "webp", "heic", "heif", "gif"})
MOST_BYTES: Final = 40 * 2**20
LONGEST_ADDRESS: Final = 4_096
LONGEST_NAME: Final = 255
FETCHING: Final = aiohttp.ClientTimeout(total=60, sock_connect=4, sock_read=15)
FOUND: Final = 200
CHUNK: Final = 2**16

TOO_LARGE: Final = NotFetched("This file is larger than 40 MB. Please send a smaller picture.")
ELSEWHERE: Final = NotFetched(
    "This file isn't kept where Teams keeps its own, so it can't be fetched. "
    "Please upload the picture here."
)
GONE: Final = NotFetched("This file is no longer there. Please send the picture again.")
CANNOT_ASK: Final = NotFetched("Teams didn't hand out this file. Please try again in a minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Where a picture lies. ``shared``: its address lets us in; else our token does."""

    address: str = field(repr=False)
    name: str = field(repr=False)
    shared: bool


def pictures_of(attachments: Sequence[Mapping[str, Any]]) -> tuple[tuple[File, ...], int]:
    """A message's pictures, at most ten, in their order; and how many other files there are."""
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

    async def fetch(self, file: File) -> Fetched | NotFetched:
        """Get it. Never raises."""
        parts = _split(file.address)
        if parts is None or not self._may_ask(file, parts):
            log.warning("teams.file_elsewhere", shared=file.shared)
            return ELSEWHERE
        try:
            token = "" if file.shared else await self.tokens.bearer()
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return await self._get(file, headers)
        except CannotAsk as wrong:
            log.warning("teams.not_fetched", error=str(wrong))
        except FAULTS as wrong:
            log.warning("teams.not_fetched", error=type(wrong).__name__)
        return CANNOT_ASK

    def _may_ask(self, file: File, parts: SplitResult) -> bool:
        if file.shared:
            return self.shared(file.address)
        # A connector's address with what follows in it: the host is what counts.
        return self.is_service(f"{parts.scheme}://{parts.netloc}/")

    async def _get(self, file: File, headers: Mapping[str, str]) -> Fetched | NotFetched:
        async with self.session.get(
            file.address, headers=headers, allow_redirects=False, timeout=FETCHING
        ) as answer:
            if answer.status in {404, 410}:
                return GONE
            # A page is what somebody gets who isn't let in.
            if answer.status != FOUND or answer.content_type == "text/html":
                log.warning("teams.not_fetched", error=f"http_{answer.status}")
                return CANNOT_ASK
            if (answer.content_length or 0) > MOST_BYTES:
                return TOO_LARGE
            content = bytearray()
            async for chunk in answer.content.iter_chunked(CHUNK):
                content += chunk
                if len(content) > MOST_BYTES:
                    return TOO_LARGE
        return Fetched(bytes(content), file.name)


# -- leaves ---------------------------------------------------------------------------------------


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
        address, ending = content.get("downloadUrl"), content.get("fileType")
        if isinstance(address, str) and str(ending).casefold() in PICTURES:
            return File(address=address, name=called, shared=True)
        return None
    address = attachment.get("contentUrl")
    if isinstance(kind, str) and kind.startswith("image/") and isinstance(address, str):
        return File(address=address, name=called, shared=False)
    return None
