"""Videos, for whoever presses *Watch the video*: in their direct conversation, and nowhere else.

Slack plays what lies there as a file, with its sound, and nobody else sees it. Each reader has a
file of their own, uploaded once and deleted when the post is final. No block shows a video, so a
card offers nobody to say yes before it stands in that conversation.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import aiohttp
import structlog

from adapters import cards
from adapters.slack.client import FAULTS, code_of
from adapters.slack.files import GONE, Failed, delete, send
from moderation.kernel import BlobId, CorruptStore, PostId, SubjectRef
from moderation.posts.model import POST, READY


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.playing import Video
    from adapters.slack.files import Shelf
    from moderation.views import Card

log = structlog.get_logger(__name__)

UPLOADING: Final = aiohttp.ClientTimeout(total=1_800, sock_connect=4, sock_read=120)
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""Seconds between looking whether Slack has taken a video in."""
AT_ONCE: Final = 2
NAME: Final = "video"
"""Says nothing of what it shows."""
COMMENT: Final = (
    "The video of a post. Please watch it to the end, with sound. "
    "It is deleted here when the post is over."
)
_ENDINGS: Final = {"video/quicktime": "mov"}
_NOT_ALLOWED: Final = frozenset(
    {
        "file_type_not_allowed",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
    }
)
_TOO_LARGE: Final = frozenset({"file_upload_size_restricted"})


class NotShown(StrEnum):
    """Why a video can't be watched; the value is the sentence that says so."""

    OVER = "This post is over, so its video isn't shown any more."
    LOST = (
        "This video can't be read any more, so nobody can say yes to it. Its author adds it anew."
    )
    TOO_LARGE = (
        "Slack takes no file as large as this video in your workspace, so it can't be watched "
        "here, and nobody can say yes to it here. Please ask its author for a shorter one."
    )
    NOT_ALLOWED = (
        "Your workspace doesn't allow videos to be uploaded, so this one can't be watched here, "
        "and nobody can say yes to it here. Please ask whoever looks after Slack."
    )
    NOT_NOW = "Slack didn't take the video just now. Nothing is lost: please try again in a minute."


class Films:
    """``read`` gives a clean video, or ``None`` where it isn't there."""

    def __init__(
        self,
        client: AsyncWebClient,
        shelf: Shelf,
        read: Callable[[BlobId], Awaitable[Video | None]],
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._client = client
        self._shelf = shelf
        self._read = read
        self._pauses = pauses
        self._places: dict[str, str] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._bringing: WeakValueDictionary[tuple[SubjectRef, BlobId], asyncio.Lock] = (
            WeakValueDictionary()
        )

    async def of(self, card: Card, user: str) -> Mapping[BlobId, str]:
        """The files of a card's videos that stand in this person's conversation. Never raises."""
        films = cards.moving(card)
        if not films or card.subject.kind not in {POST, READY}:
            return {}
        try:
            place = await self._place(user)
            keys = {_there(blob, place): blob for blob in films}
            held = await self._shelf.held(SubjectRef(POST, card.subject.id), tuple(keys)) or {}
        except Exception as fault:  # noqa: BLE001 -- the card goes out without them
            log.warning("slack.videos_not_looked_for", error=code_of(fault))
            return {}
        return {keys[key]: it.file for key, it in held.items() if it.usable}

    async def bring(self, blob: BlobId, post: PostId, user: str) -> str | NotShown:
        """Have the video stand in this person's conversation; its file there."""
        subject = SubjectRef(POST, post)
        try:
            place = await self._place(user)
            key = _there(blob, place)
            lock = self._bringing.setdefault((subject, key), asyncio.Lock())
            async with lock:
                return await self._bring(blob, key, subject, place)
        except CorruptStore:
            log.warning("slack.video_not_shown", error="lost")
            return NotShown.LOST
        except (Failed, *FAULTS) as fault:
            code = str(fault) if isinstance(fault, Failed) else code_of(fault)
            log.warning("slack.video_not_shown", error=code)
            if code in _TOO_LARGE:
                return NotShown.TOO_LARGE
            return NotShown.NOT_ALLOWED if code in _NOT_ALLOWED else NotShown.NOT_NOW

    async def _bring(
        self, blob: BlobId, key: BlobId, subject: SubjectRef, place: str
    ) -> str | NotShown:
        found = await self._shelf.held(subject, (key,))
        if found is None:
            return NotShown.OVER
        held = found.get(key)
        if held is not None:
            if await self._stands(held.file, ()):
                await self._shelf.usable(held.file)
                return held.file
            await delete(self._client, held.file)
            await self._shelf.drop(held.file)
        video = await self._read(blob)
        if video is None:
            return NotShown.LOST
        async with self._turns:
            file = await self._upload(video, key, subject, place)
        if not await self._stands(file, self._pauses):
            raise Failed("not_taken_in")
        await self._shelf.usable(file)
        return file

    async def _upload(self, video: Video, key: BlobId, subject: SubjectRef, place: str) -> str:
        ending = _ENDINGS.get(video.media_type, "mp4")
        begun = await self._client.files_getUploadURLExternal(
            filename=f"{NAME}.{ending}", length=video.size
        )
        file = str(begun["file_id"])
        # Before anything is there, so that nothing can be there that nobody knows of.
        kept = await self._shelf.keep(subject, key, file)
        if kept != file:
            return kept
        await send(
            self._client,
            str(begun["upload_url"]),
            video.read(0, video.size),
            headers={
                "Content-Length": str(video.size),
                "Content-Type": "application/octet-stream",
            },
            patience=UPLOADING,
        )
        await self._client.files_completeUploadExternal(
            files=[{"id": file, "title": NAME}], channel_id=place, initial_comment=COMMENT
        )
        return file

    async def _place(self, user: str) -> str:
        """The direct conversation with somebody; never a channel."""
        if user not in self._places:
            opened = await self._client.conversations_open(users=user)
            place: Mapping[str, Any] = opened["channel"]
            self._places[user] = str(place["id"])
        return self._places[user]

    async def _stands(self, file: str, pauses: Sequence[float]) -> bool:
        """Whether Slack has it and calls it a video: it plays those."""
        for pause in (*pauses, None):
            try:
                told: Mapping[str, Any] = (await self._client.files_info(file=file))["file"]
            except FAULTS as fault:
                if code_of(fault) in GONE:
                    return False
                raise
            if told.get("mode") == "tombstone":
                return False
            if str(told.get("mimetype", "")).startswith("video/"):
                return True
            if pause is not None:
                await asyncio.sleep(pause)
        return False


def _there(blob: BlobId, place: str) -> BlobId:
    """The video as it stands in one conversation: each has a file of its own."""
    return BlobId(f"{blob}@{place}")
