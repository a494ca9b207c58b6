"""A publisher that remembers what it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import CorruptStore
from moderation.ports import Ambiguous, HandedOut, Rejected, RetryAfter


if TYPE_CHECKING:
    from moderation.ports import BlobStore, Release


Answer = HandedOut | RetryAfter | Rejected | Ambiguous


class FakePublisher:
    """``given`` is every release it took; ``answers`` are replied first, one a call."""

    def __init__(self, blobs: BlobStore, answers: tuple[Answer, ...] = ()) -> None:
        self._blobs = blobs
        self.answers = list(answers)
        self.given: list[Release] = []

    async def hand_out(self, release: Release) -> Answer:
        if self.answers:
            return self.answers.pop(0)
        for blob, _ in release.pictures:
            try:
                found = await self._blobs.get(blob)
            except CorruptStore:
                found = None
            if found is None:
                return Rejected("picture_missing")
        self.given.append(release)
        return HandedOut(f"fake:{release.account}:{release.post}:{release.revision}")
