"""Pictures on cards, and where Slack keeps files.

A picture is uploaded once for each subject and shared with no channel: a card's block shows it, and
when the post is final it is deleted. A video goes another way (:mod:`adapters.slack.films`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import structlog

from adapters.slack.client import FAULTS, code_of
from moderation.views import Card, Media


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence

    import aiohttp
    from slack_sdk.web.async_client import AsyncWebClient

    from moderation.kernel import BlobId, SubjectRef

log = structlog.get_logger(__name__)

SHOWING: Final = 8.0
"""Seconds for all of a card's pictures: the card itself must still be sent in time."""
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between looking whether Slack has taken a picture in."""
NAME: Final = "picture"
"""Says nothing of what it shows."""
AT_ONCE: Final = 4
UNSEEN: Final = "file_not_found"
"""Slack's word, too, for a file of a channel that we aren't in."""
GONE: Final = frozenset({"file_deleted", UNSEEN})

HOSTS: Final = frozenset({"files.slack.com", "files.slack-gov.com"})
FOUND: Final = 200


class HeldFile(Protocol):
    """A Slack file of ours, and whether Slack can show it by now."""

    @property
    def file(self) -> str: ...

    @property
    def usable(self) -> bool: ...


class Shelf(Protocol):
    """Which of our Slack files shows which picture. It outlives the process."""

    async def held(
        self, subject: SubjectRef, blobs: Collection[BlobId]
    ) -> Mapping[BlobId, HeldFile] | None:
        """Those that have a file; ``None`` where the subject is final and shows none any more."""

    async def keep(self, subject: SubjectRef, blob: BlobId, file: str) -> str:
        """Remember the file; the one that is kept, if another process was quicker."""

    async def usable(self, file: str) -> None: ...

    async def missed(self, subject: SubjectRef, blob: BlobId) -> None:
        """It could not be shown: the subject is to be drawn again a little later."""

    async def over(self) -> Sequence[str]:
        """Files whose post is final."""

    async def drop(self, file: str) -> None: ...


class Failed(Exception):
    """A step that didn't work. The message is a code."""


class Pictures:
    """``preview`` gives the bytes to show for a clean picture, or ``None`` where there are none."""

    def __init__(
        self,
        client: AsyncWebClient,
        shelf: Shelf,
        preview: Callable[[BlobId], Awaitable[bytes | None]],
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._client = client
        self._shelf = shelf
        self._preview = preview
        self._pauses = pauses
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._showing: WeakValueDictionary[tuple[SubjectRef, BlobId], asyncio.Lock] = (
            WeakValueDictionary()
        )

    async def of(self, card: Card) -> Mapping[BlobId, str]:
        """The files of a card's pictures, those that Slack can show by now. Never raises.

        What is missing is tried again, and the card drawn again, by whoever asks the shelf.
        """
        blobs = _still(card)
        if not blobs:
            return {}
        files = await asyncio.gather(*(self.show(blob, card.subject) for blob in blobs))
        return {blob: file for blob, file in zip(blobs, files, strict=True) if file is not None}

    async def show(self, blob: BlobId, subject: SubjectRef) -> str | None:
        """The file that shows ``blob`` for ``subject``; ``None`` where it can't be shown now."""
        try:
            async with asyncio.timeout(SHOWING):
                lock = self._showing.setdefault((subject, blob), asyncio.Lock())
                async with lock:
                    return await self._show(blob, subject)
        except TimeoutError:
            log.warning("slack.picture_not_shown", error="timeout")
        except Exception as fault:  # noqa: BLE001 -- without its picture a card still goes out
            code = str(fault) if isinstance(fault, Failed) else code_of(fault)
            log.warning("slack.picture_not_shown", error=code)
        try:
            await self._shelf.missed(subject, blob)
        except Exception:
            log.exception("slack.picture_not_noted")
        return None

    async def refused(self, card: Card) -> None:
        """Slack wouldn't draw this card: forget the pictures that are no longer there.

        Somebody may have deleted them, or a rule of the workspace. The next drawing uploads them
        anew. Never raises.
        """
        blobs = _still(card)
        try:
            held = await self._shelf.held(card.subject, blobs) or {}
            for blob, it in held.items():
                if it.usable and await self._is_gone(it.file):
                    await self._shelf.drop(it.file)
                    await self._shelf.missed(card.subject, blob)
                    log.warning("slack.picture_gone")
        except Exception as fault:  # noqa: BLE001 -- the card has gone out without it
            log.warning("slack.picture_not_looked_for", error=code_of(fault))

    async def tidy(self) -> int:
        """Delete what final posts have left in Slack; how many files."""
        done = 0
        for file in await self._shelf.over():
            try:
                await delete(self._client, file)
            except FAULTS as fault:
                # The rest would meet the same; the next round asks again.
                log.warning("slack.picture_not_deleted", error=code_of(fault))
                break
            await self._shelf.drop(file)
            done += 1
        return done

    async def _show(self, blob: BlobId, subject: SubjectRef) -> str | None:
        found = await self._shelf.held(subject, (blob,))
        if found is None:
            return None
        held = found.get(blob)
        if held is not None and held.usable:
            return held.file
        async with self._turns:
            if held is not None:
                # It was on its way when we last looked, or when the last process ended.
                if await self._is_taken_in(held.file):
                    await self._shelf.usable(held.file)
                    return held.file
                await delete(self._client, held.file)
                await self._shelf.drop(held.file)
            file = await self._upload(blob, subject)
            if not await self._is_taken_in(file):
                raise Failed("not_taken_in")
            await self._shelf.usable(file)
            return file

    async def _upload(self, blob: BlobId, subject: SubjectRef) -> str:
        content = await self._preview(blob)
        if content is None:
            raise Failed("no_preview")
        ending = "png" if content.startswith(b"\x89PNG") else "jpg"
        begun = await self._client.files_getUploadURLExternal(
            filename=f"{NAME}.{ending}", length=len(content)
        )
        file = str(begun["file_id"])
        # Before anything is there, so that nothing can be there that nobody knows of.
        kept = await self._shelf.keep(subject, blob, file)
        if kept != file:
            return kept
        await send(self._client, str(begun["upload_url"]), content)
        await self._client.files_completeUploadExternal(files=[{"id": file, "title": NAME}])
        return file

    async def _is_gone(self, file: str) -> bool:
        try:
            told: Mapping[str, Any] = (await self._client.files_info(file=file))["file"]
        except FAULTS as fault:
            if code_of(fault) not in GONE:
                raise
            return True
        return told.get("mode") == "tombstone"

    async def _is_taken_in(self, file: str) -> bool:
        """Whether a block can show it: Slack tells its type only when it has looked at it."""
        for pause in (*self._pauses, None):
            try:
                told: Mapping[str, Any] = (await self._client.files_info(file=file))["file"]
            except FAULTS as fault:
                if code_of(fault) in GONE:
                    return False
                raise
            if told.get("mimetype"):
                return True
            if pause is not None:
                await asyncio.sleep(pause)
        return False


def _still(card: Card) -> tuple[BlobId, ...]:
    """Its clean pictures; no block shows a video."""
    media = (part for part in card.parts if isinstance(part, Media))
    found = (it.blob for part in media for it in part.pictures if not it.moves)
    return tuple(dict.fromkeys(blob for blob in found if blob is not None))


def is_slacks(address: str, api_url: str) -> bool:
    """Whether this is one of Slack's own file hosts, or the loopback server that plays Slack."""
    try:
        given, ours = urlsplit(address), urlsplit(api_url)
        port = given.port
    except ValueError:
        return False
    if given.username is not None or given.password is not None:
        return False
    if ours.hostname in {"127.0.0.1", "::1", "localhost"}:
        return (given.scheme, given.hostname, port) == (ours.scheme, ours.hostname, ours.port)
    return given.scheme == "https" and given.hostname in HOSTS and port in {None, 443}


async def send(
    client: AsyncWebClient,
    url: str,
    content: bytes | AsyncIterator[bytes],
    *,
    headers: Mapping[str, str] | None = None,
    patience: aiohttp.ClientTimeout | None = None,
) -> None:
    """Hand a file over where Slack asked for it. Raises :class:`Failed`, and what aiohttp does.

    ``patience`` is the session's own where none is given.
    """
    if not is_slacks(url, client.base_url):
        raise Failed("upload_elsewhere")
    session = client.session
    if session is None:
        raise Failed("no_session")
    async with session.post(
        url,
        data=content,
        headers=headers,
        allow_redirects=False,
        timeout=patience or session.timeout,
        proxy=client.proxy,
    ) as answer:
        if answer.status != FOUND:
            raise Failed(f"upload_http_{answer.status}")


async def delete(client: AsyncWebClient, file: str) -> None:
    """Take one of our files out of Slack, if it is still there."""
    try:
        await client.files_delete(file=file)
    except FAULTS as fault:
        if code_of(fault) not in GONE:
            raise
