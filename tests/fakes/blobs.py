"""A blob store in memory."""

from __future__ import annotations

import hashlib
import re

from moderation.kernel import BlobId, CorruptStore


class FakeBlobStore:
    """``held`` is everything that is stored; a test may damage it."""

    def __init__(self) -> None:
        self.held: dict[BlobId, bytes] = {}

    async def put(self, content: bytes) -> BlobId:
        blob = digest(content)
        self.held[blob] = content
        return blob

    async def get(self, blob: BlobId) -> bytes | None:
        _check(blob)
        content = self.held.get(blob)
        if content is not None and digest(content) != blob:
            raise CorruptStore(f"{blob} holds something else")
        return content

    async def delete(self, blob: BlobId) -> None:
        _check(blob)
        self.held.pop(blob, None)


def digest(content: bytes) -> BlobId:
    return BlobId("sha256:" + hashlib.sha256(content).hexdigest())


def _check(blob: BlobId) -> None:
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", blob):
        raise CorruptStore("an id of a blob is malformed")
