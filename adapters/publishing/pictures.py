"""The clean pictures of a release, read back before anything of it goes out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.kernel import CorruptStore
from moderation.ports import Rejected, RetryAfter


if TYPE_CHECKING:
    from moderation.ports import BlobStore, Release


TRY_AGAIN = timedelta(minutes=5)


async def pictures_of(
    release: Release, blobs: BlobStore
) -> tuple[bytes, ...] | Rejected | RetryAfter:
    """Every picture in order; a post is never handed out with one of them missing.

    A video comes whole: it is at most as large as may be taken in.
    """
    found: list[bytes] = []
    for blob, _ in release.pictures:
        content = bytearray()
        for part in release.films.get(blob, (blob,)):
            try:
                piece = await blobs.get(part)
            except CorruptStore:
                return Rejected("picture_unreadable")
            except OSError:
                return RetryAfter(TRY_AGAIN)
            if piece is None:
                return Rejected("picture_missing")
            content += piece
        found.append(bytes(content))
    return tuple(found)
