"""What the core needs from outside, free of any room's nouns. Each port has one contract suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from moderation.kernel import AccountId, BlobId, Platform, PostId


if TYPE_CHECKING:
    from moderation.kernel import Identity
    from moderation.views import Card


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Ids(Protocol):
    def new(self) -> str:
        """A fresh, sortable, unguessable-enough id (ULID, 26 characters)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A place where cards are shown: a channel, or one person's private chat with the bot."""

    platform: Platform
    id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """``ref`` is what the platform needs to change the message later."""

    ref: str


@dataclass(frozen=True, slots=True)
class RetryAfter:
    delay: timedelta


@dataclass(frozen=True, slots=True)
class Gone:
    """The message or the conversation is no longer there."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform will never take this. ``error`` is its code, never content."""

    error: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may or may not have arrived."""

    error: str


Delivery = Delivered | RetryAfter | Gone | Rejected | Ambiguous


class Chat(Protocol):
    """One platform. It never raises for what the platform answers: it returns it."""

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        """Show a new card. The same ``key`` shows one message, where the platform can be asked."""

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        """Redraw a shown card in place."""

    async def private(self, to: Identity) -> Conversation | None:
        """The private conversation with a person, or ``None`` when the bot can't reach them."""


class PictureFormat(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    MP4 = "mp4"
    MOV = "mov"


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """Where the bytes of a video lie: in ``parts``, each stored for itself, one behind the other.

    Every part but the last has :data:`FILM_PART` bytes; ``size`` is that of all together. ``came``
    are the parts as they came in, before they were made clean. ``seconds`` is rounded up.
    """

    parts: tuple[BlobId, ...]
    size: int
    seconds: int
    came: tuple[BlobId, ...] = ()


FILM_PART = 4 * 1024 * 1024
"""Bytes. So much of a video is in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Look:
    """What was seen in the pixels themselves, once, on arrival. Its ``repr`` shows nothing.

    ``likeness`` and ``mirrored`` are hashes by which the picture, or its mirror image, is known
    again (:func:`moderation.checks.likeness.alike`); empty for a plain surface. ``words`` is what
    could be read in it, one line below the other; ``read`` is false where nobody could read, or not
    all of it. ``faces`` is how many were counted at least, ``None`` where nobody could count.
    """

    likeness: str = ""
    mirrored: str = ""
    words: str = ""
    read: bool = False
    faces: int | None = None

    def __repr__(self) -> str:
        return "Look()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was seen in a picture or a video, once, on arrival.

    ``clean`` is the rebuilt picture (no metadata, upright, colour profile kept); ``width`` and
    ``height`` are its pixels. ``names_in_file`` are text values found in EXIF, IPTC, XMP, each as
    (where, text); they go through the name check. ``has_position`` tells of GPS data. ``look`` is
    ``None`` for a picture that came before there was one, and for a video: nothing looks inside.
    ``film`` is there for a video alone; ``blob`` and ``clean`` are then digests of all its parts.
    """

    blob: BlobId
    clean: BlobId
    format: PictureFormat
    width: int
    height: int
    metadata: tuple[tuple[str, str], ...] = ()
    has_position: bool = False
    version: int = 1
    look: Look | None = None
    film: Film | None = None


class Unusable(StrEnum):
    """Why a picture can't be used; ``present`` has a sentence for each."""

    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    TOO_SLOW = "too_slow"
    ANIMATED = "animated"
    NOT_A_VIDEO = "not_a_video"
    VIDEO_TOO_LARGE = "video_too_large"
    VIDEO_DAMAGED = "video_damaged"
    VIDEO_IN_FRAGMENTS = "video_in_fragments"
    VIDEO_PROTECTED = "video_protected"
    VIDEO_ELSEWHERE = "video_elsewhere"
    VIDEO_HIDES_PARTS = "video_hides_parts"
    VIDEO_TOO_INTRICATE = "video_too_intricate"
    VIDEO_SOUND = "video_sound"


class BlobStore(Protocol):
    """Bytes under their own digest, sealed at rest. Writing the same bytes twice is harmless."""

    async def put(self, content: bytes) -> BlobId: ...

    async def get(self, blob: BlobId) -> bytes | None: ...

    async def delete(self, blob: BlobId) -> None: ...


class ImageInspector(Protocol):
    """Decodes hostile bytes somewhere they can do no harm."""

    async def inspect(self, content: bytes) -> tuple[Inspection, bytes] | Unusable:
        """The inspection and the clean picture's bytes, or why there is none.

        Never raises for bad content; bounded in time, memory and pixels.
        """

    async def smaller(self, content: bytes, longest: int) -> bytes:
        """The picture for a card, its longer side at most ``longest`` pixels.

        Raises where ``content`` is no usable picture.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a publisher is given: exactly what was approved, for one account."""

    post: PostId
    revision: str
    digest: str
    account: AccountId
    account_name: str
    platform: str
    text: str
    pictures: tuple[tuple[BlobId, str], ...]
    """Clean pictures in order, each with its description, a video with what is said in it."""
    not_before: datetime | None
    authors: tuple[str, ...]
    approvers: tuple[str, ...]
    """Person ids."""
    films: Mapping[BlobId, tuple[BlobId, ...]] = field(default_factory=dict)
    """The parts of those among the pictures that are videos."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """It is with the posters, or in the folder. ``ref`` says where."""

    ref: str


class Publisher(Protocol):
    """Where an approved post goes. Called at most once by itself; ambiguity asks a human."""

    async def hand_out(self, release: Release) -> HandedOut | RetryAfter | Rejected | Ambiguous: ...
