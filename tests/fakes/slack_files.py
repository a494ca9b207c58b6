"""Where the Slack files of pictures are remembered, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.kernel import BlobId, SubjectRef


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from moderation.views import Card


async def no_pictures(_card: Card) -> Mapping[BlobId, str]:
    """Slack can show none of them."""
    return {}


@dataclass(slots=True)
class Held:
    file: str
    usable: bool = False


@dataclass(slots=True)
class FakeShelf:
    """``final`` names the subjects that are over; ``missing`` what could not be shown, in order."""

    files: dict[tuple[SubjectRef, BlobId], Held] = field(default_factory=dict)
    final: set[SubjectRef] = field(default_factory=set)
    missing: list[tuple[SubjectRef, BlobId]] = field(default_factory=list)

    async def held(
        self, subject: SubjectRef, blobs: Collection[BlobId]
    ) -> Mapping[BlobId, Held] | None:
        if subject in self.final:
            return None
        return {blob: self.files[subject, blob] for blob in blobs if (subject, blob) in self.files}

    async def keep(self, subject: SubjectRef, blob: BlobId, file: str) -> str:
        return self.files.setdefault((subject, blob), Held(file)).file

    async def usable(self, file: str) -> None:
        for held in self.files.values():
            held.usable |= held.file == file

    async def missed(self, subject: SubjectRef, blob: BlobId) -> None:
        self.missing.append((subject, blob))

    async def over(self) -> Sequence[str]:
        return [held.file for (subject, _), held in self.files.items() if subject in self.final]

    async def drop(self, file: str) -> None:
        self.files = {key: held for key, held in self.files.items() if held.file != file}
