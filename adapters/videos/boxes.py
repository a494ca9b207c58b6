"""The boxes of an ISO base media file (ISO/IEC 14496-12, 4.2), which QuickTime calls atoms."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BOXES = 1 << 14
"""Of one list; a camera's file has some dozens altogether."""
SHORTEST_HEADER, LONG_HEADER = 8, 16


class Unfit(StrEnum):
    """Why a file can't be taken as a video."""

    NOT_A_VIDEO = "not_a_video"
    """No MP4 or MOV, or one without moving pictures."""
    DAMAGED = "damaged"
    """It contradicts itself, or its end is missing."""
    IN_FRAGMENTS = "in_fragments"
    """It is made for streaming: more of its index may lie anywhere."""
    PROTECTED = "protected"
    """It is encrypted, so nobody could watch it."""
    LIES_ELSEWHERE = "lies_elsewhere"
    """Its pictures or its sound are in another file."""
    HIDES_PARTS = "hides_parts"
    """Parts were cut off only for players; they would go out, and nobody would see them."""
    TOO_INTRICATE = "too_intricate"
    """Its index is larger than any that a camera writes."""
    UNKNOWN_SOUND = "unknown_sound"
    """How many bytes its sound takes can't be told."""


class Unusable(Exception):
    """Carries :class:`Unfit` out of a nested reading."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why.value)
        self.why = why


class Source(Protocol):
    """Bytes that can be read anywhere."""

    @property
    def size(self) -> int: ...

    def read(self, at: int, length: int) -> bytes:
        """``length`` bytes from ``at`` on; fewer only where the source ends."""


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """Part of a file in memory, under the places that it has in the file."""

    content: bytes
    starts: int
    size: int
    """Of the whole file."""

    def read(self, at: int, length: int) -> bytes:
        begin = at - self.starts
        return self.content[begin : begin + length] if begin >= 0 else b""


@dataclass(frozen=True, slots=True)
class Box:
    """Places in the file: the header begins at ``start``, what is inside at ``body``."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill ``start`` to ``end``, in order.

    Fewer than eight bytes may be left at the end (QuickTime closes some lists with four zeros);
    they come as a box without a name. Raises :class:`Unusable` where a box reaches beyond.
    """
    at, count = start, 0
    while end - at >= SHORTEST_HEADER:
        count += 1
        if count > MOST_BOXES:
            raise Unusable(Unfit.TOO_INTRICATE)
        box = _box(source, at, end)
        yield box
        at = box.end
    if at < end:
        yield Box(b"", at, at, end)


def _box(source: Source, at: int, end: int) -> Box:
    header = source.read(at, LONG_HEADER)
    if len(header) < SHORTEST_HEADER:
        raise Unusable(Unfit.DAMAGED)
    length, name = struct.unpack_from(">I4s", header)
    body = at + SHORTEST_HEADER
    if length == 1:
        if len(header) < LONG_HEADER:
            raise Unusable(Unfit.DAMAGED)
        (length,) = struct.unpack_from(">Q", header, SHORTEST_HEADER)
        body = at + LONG_HEADER
    elif length == 0:  # it reaches to the end of the file
        if end != source.size:
            raise Unusable(Unfit.DAMAGED)
        length = end - at
    if at + length < body or at + length > end:
        raise Unusable(Unfit.DAMAGED)
    return Box(name, at, body, at + length)
