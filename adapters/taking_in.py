"""Pictures and videos that somebody hands in on any platform: fetched, and what there is to say."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from adapters.door import Declined
from moderation.kernel import BlobId
from moderation.ports import Unusable
from moderation.posts.model import Attachment
from moderation.posts.present import unusable
from moderation.words import capital, count, counted


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from adapters.door import Door, Uploaded
    from moderation.kernel import Identity

F = TypeVar("F")

MOST_PICTURES: Final = 10
"""Of one post."""
LARGEST_VIDEO: Final = 200 * 1024 * 1024
"""Bytes."""
VIDEO_TOO_LARGE: Final = unusable(Unusable.VIDEO_TOO_LARGE)
ONE_VIDEO: Final = "A post takes one video. The others stay behind."
NO_FILES: Final = (
    "Only pictures and videos are taken here. A list of pupils goes to whoever runs Schoolgate, "
    "who imports it on the server: it must not stand in a chat, so please delete it."
)

TELLING: Final = 64
"""Bytes that tell what a file is."""
_STILL: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes, unjudged, and what the sender called it."""

    content: bytes = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Moving:
    """A video that is still on its way, in ``pieces``, and what the sender called it.

    Where it ends before it is whole they raise :class:`BrokeOff`.
    """

    pieces: AsyncGenerator[bytes, None] = field(repr=False)
    name: str = field(repr=False)


class BrokeOff(Exception):
    """The rest of it doesn't come. The message is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class NotFetched:
    """``sentence`` tells the person why, and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Taken:
    """Those that can be used, in the order in which they came, and why others can't.

    ``videos`` are those among them that move.
    """

    pictures: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    videos: frozenset[BlobId] = frozenset()


def may_be_video(begun: bytes) -> bool:
    """Whether the first bytes are those of an MP4 or a MOV; a HEIC picture begins alike."""
    return begun[4:8] == b"ftyp" and begun[8:12] not in _STILL


async def taken_in(
    door: Door,
    fetch: Callable[[F], Awaitable[Fetched | Moving | NotFetched]],
    files: Iterable[F],
    *,
    by: Identity,
    before: Iterable[Attachment] = (),
    videos: frozenset[BlobId] = frozenset(),
) -> Taken:
    """Fetch them one after the other, and look at each.

    ``files`` are whatever the platform's ``fetch`` gets. What is among ``before`` isn't taken once
    more; ``videos`` are those of it that move.
    """
    taken: list[Attachment] = []
    notes: list[str] = []
    known = {it.blob for it in before}
    moving = set(videos & known)
    for file in files:
        got = await fetch(file)
        if isinstance(got, NotFetched):
            notes.append(got.sentence)
            continue
        looked = await _looked_at(door, got, by)
        if isinstance(looked, Declined):
            notes.append(f"{got.name}: {' '.join(looked.sentences)}")
        elif looked.blob in known:
            continue
        elif isinstance(got, Moving) and moving:
            notes.append(ONE_VIDEO)
        else:
            known.add(looked.blob)
            taken.append(Attachment(blob=looked.blob, alt="", file_name=got.name))
            moving |= {looked.blob} if isinstance(got, Moving) else set()
            notes += [looked.note] if looked.note else []
    return Taken(
        pictures=tuple(taken),
        notes=tuple(dict.fromkeys(notes)),
        videos=frozenset(it.blob for it in taken if it.blob in moving),
    )


async def _looked_at(door: Door, got: Fetched | Moving, by: Identity) -> Uploaded | Declined:
    if isinstance(got, Fetched):
        return await door.upload(got.content, file_name=got.name, by=by)
    async with aclosing(got.pieces) as pieces:
        try:
            return await door.upload_video(pieces, by=by)
        except BrokeOff as wrong:
            return Declined(sentences=(str(wrong),))


def left_behind(others: int, *, taken: int) -> tuple[str, ...]:
    """What to say of a message's ``others``: files of it that aren't among those taken."""
    if not others:
        return ()
    stay = f"{capital(counted(others, 'file'))} {'stay' if others > 1 else 'stays'} behind"
    if taken == MOST_PICTURES:
        most = f"at most {count(MOST_PICTURES)} pictures, and nothing else"
        return (f"{stay}: a post begins with {most}.",)
    return (f"{stay}.", NO_FILES)
