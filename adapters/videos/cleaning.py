"""What is wiped in a video so that its pictures and its sound go out, and nothing else.

Kept is what a player needs: the boxes named here and in :mod:`adapters.videos.tracks`, one track of
pictures and one of sound, and the bytes of their samples, untouched. Everything else becomes free
space full of zeros (ISO/IEC 14496-12, 8.1.2): descriptions, positions, dates, makers, further
tracks with their samples, and whatever lies between. No byte moves, so every place that the index
tells stays true. Nothing here holds more than the index and one piece in memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from adapters.videos import samples, tracks
from adapters.videos.boxes import Box, Held, Unfit, Unusable, boxes


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from adapters.videos.boxes import Source
    from adapters.videos.samples import Ranges
    from adapters.videos.tracks import Track

LARGEST_INDEX = 24 * 1024 * 1024
"""Bytes of the box with the tables; an hour of film takes about two million."""
PIECE = 1 << 20
"""Bytes written at once."""
MOST_TRACKS = 64
_KINDS_MP4 = (b"iso", b"mp4", b"avc", b"M4V", b"MSNV", b"3gp", b"mmp4", b"XAVC", b"hvc1", b"f4v")
_KIND_MOV = b"qt  "
_FREE = b"free"
_IN_FILM = frozenset({b"mvhd", b"trak"})
_IN_PIECES = frozenset({b"moof", b"mvex", b"sidx", b"styp"})
_PLACES = (b"\xa9xyz", b"loci", b"location.ISO6709", b"GPSCoordinates", b"GPSLatitude", b"exif:GPS")
_PLACE_FORMATS = frozenset({b"camm", b"gpmd", b"rtmd", b"fdsc", b"NVGP"})


@dataclass(frozen=True, slots=True)
class Wipe:
    """``start`` to ``end`` becomes ``new``, which is as long, or zeros where that is empty."""

    start: int
    end: int
    new: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A video that can be used. ``kind`` is ``mp4`` or ``mov``.

    ``width`` and ``height`` are pixels as they are shown, ``seconds`` is rounded up. ``codec`` and
    ``sound`` are the formats as the file names them. ``has_position``: something in it looked like
    a place. ``wipes`` are ordered and apart.
    """

    kind: str
    width: int
    height: int
    seconds: int
    codec: str
    sound: str
    has_position: bool
    wipes: tuple[Wipe, ...]


def looks_like(beginning: bytes) -> bool:
    """Whether a file that begins so may be an MP4 or a MOV."""
    return beginning[4:8] == b"ftyp" and _kind(beginning[8:64]) != ""


def examine(source: Source) -> Film | Unfit:
    """Read the index and say what to wipe; never raises for what the bytes are.

    What ``source`` raises is passed on.
    """
    try:
        return _examined(source)
    except Unusable as unusable:
        return unusable.why
    except (struct.error, IndexError):
        return Unfit.DAMAGED


def cleaned(source: Source, film: Film, piece: int = PIECE) -> Iterator[bytes]:
    """The whole file in pieces of ``piece`` bytes, wiped."""
    nearest = 0
    for at in range(0, source.size, piece):
        content = bytearray(source.read(at, piece))
        end = at + len(content)
        while nearest < len(film.wipes) and film.wipes[nearest].end <= at:
            nearest += 1
        ahead = nearest
        while ahead < len(film.wipes) and film.wipes[ahead].start < end:
            _wipe(content, at, film.wipes[ahead])
            ahead += 1
        yield bytes(content)


def _wipe(content: bytearray, at: int, wipe: Wipe) -> None:
    begin, end = max(wipe.start, at), min(wipe.end, at + len(content))
    new = wipe.new[begin - wipe.start : end - wipe.start] if wipe.new else bytes(end - begin)
    content[begin - at : end - at] = new


def _examined(source: Source) -> Film:
    first, *rest = _outermost(source)
    kind = _kind(source.read(first.body, min(first.end - first.body, 256)))
    if first.name != b"ftyp" or not kind:
        raise Unusable(Unfit.NOT_A_VIDEO)
    films = [box for box in rest if box.name == b"moov"]
    media = [(box.body, box.end) for box in rest if box.name == b"mdat"]
    if len(films) != 1 or not media:
        raise Unusable(Unfit.DAMAGED)
    film = films[0]
    if film.end - film.start > LARGEST_INDEX:
        raise Unusable(Unfit.TOO_INTRICATE)
    index = Held(source.read(film.start, film.end - film.start), film.start, source.size)
    reading = _Reading(source, index)
    header, kept = reading.film(film)
    for box in rest:
        if box.name not in {b"moov", b"mdat"}:
            reading.close(box)
    for track in kept:
        for box in track.closed:
            reading.close(box)
        reading.wipe(track.wipes)
    ranges = samples.united([place for track in kept for place in track.ranges])
    reading.wipe(_between(ranges, media))
    pictures = kept[0]
    return Film(
        kind=kind,
        width=pictures.width,
        height=pictures.height,
        seconds=header.seconds,
        codec=pictures.format.decode("latin-1"),
        sound=kept[1].format.decode("latin-1") if len(kept) > 1 else "",
        has_position=reading.has_position,
        wipes=reading.ordered(),
    )


def _outermost(source: Source) -> list[Box]:
    """The boxes of the file itself. The first one says what it is."""
    if not looks_like(source.read(0, 64)):
        raise Unusable(Unfit.NOT_A_VIDEO)
    found = list(boxes(source, 0, source.size))
    if any(box.name in _IN_PIECES for box in found):
        raise Unusable(Unfit.IN_FRAGMENTS)
    if not all(box.name for box in found):
        raise Unusable(Unfit.DAMAGED)
    return found


def _kind(brands: bytes) -> str:
    """By the brand it is written for, or by one that it is compatible with."""
    names = [brands[:4], *(brands[at : at + 4] for at in range(8, len(brands), 4))]
    if names[0] == _KIND_MOV:
        return "mov"
    if names[0].startswith(_KINDS_MP4):
        return "mp4"
    if names[0] in {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"M4A "}:
        return ""
    return "mp4" if any(name.startswith(_KINDS_MP4) for name in names[1:]) else ""


@dataclass(frozen=True, slots=True)
class _Header:
    seconds: int
    per_second: int


class _Reading:
    """Gathers what is to be wiped."""

    def __init__(self, source: Source, index: Held) -> None:
        self._source = source
        self._index = index
        self._wipes: list[Wipe] = []
        self.has_position = False

    def film(self, film: Box) -> tuple[_Header, list[Track]]:
        """The track of pictures, and the one of sound where there is one; all others are closed."""
        found: list[Box] = []
        header: _Header | None = None
        for box in boxes(self._index, film.body, film.end):
            if box.name in _IN_PIECES:
                raise Unusable(Unfit.IN_FRAGMENTS)
            if box.name == b"mvhd" and header is None:
                header = self._header(box)
            elif box.name == b"trak":
                found.append(box)
            else:
                self.close(box)
        if header is None:
            raise Unusable(Unfit.DAMAGED)
        if len(found) > MOST_TRACKS:
            raise Unusable(Unfit.TOO_INTRICATE)
        chosen = _chosen(self._index, found)
        for box in found:
            if box not in chosen:
                self.close(box)
        return header, [tracks.read(self._index, box, header.per_second) for box in chosen]

    def close(self, box: Box) -> None:
        """Make it free space; one without a name is only emptied."""
        if not box.name:
            self.wipe([(box.start, box.end)])
            return
        self._look_for_a_place(box)
        self._wipes.append(Wipe(box.start + 4, box.start + 8, _FREE))
        self.wipe([(box.body, box.end)])

    def wipe(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._wipes += [Wipe(start, end) for start, end in ranges if start < end]

    def ordered(self) -> tuple[Wipe, ...]:
        """All of them; none may reach into another."""
        found = sorted(self._wipes, key=lambda wipe: wipe.start)
        for before, after in pairwise(found):
            if before.end > after.start:
                raise Unusable(Unfit.DAMAGED)
        return tuple(found)

    def _header(self, box: Box) -> _Header:
        content = self._index.read(box.body, box.end - box.body)
        long = content[:1] == b"\x01"
        self.wipe([(box.body + 4, box.body + (20 if long else 12))])
        unit, length = struct.unpack_from(">20xIQ" if long else ">12xII", content)
        if not unit or not length:
            raise Unusable(Unfit.DAMAGED)
        return _Header(seconds=-(-length // unit), per_second=unit)

    def _look_for_a_place(self, box: Box) -> None:
        """Whether what is wiped told a place: said to people, and no part of the wiping."""
        content = self._source.read(box.body, min(box.end - box.body, LARGEST_INDEX))
        is_track = box.name == b"trak" and any(
            b"stsd" in content and name in content for name in _PLACE_FORMATS
        )
        self.has_position |= is_track or any(mark in content for mark in _PLACES)


def _chosen(index: Held, found: list[Box]) -> list[Box]:
    """What players show: the first track of pictures that is switched on, and of sound."""
    chosen: list[Box] = []
    for wanted in (tracks.PICTURES, tracks.SOUND):
        of_kind = [box for box in found if tracks.handler_of(index, box) == wanted]
        shown = [box for box in of_kind if tracks.is_enabled(index, box)]
        chosen += shown[:1]
        if not chosen:
            raise Unusable(Unfit.NOT_A_VIDEO)
    return chosen


def _between(kept: Ranges, media: Ranges) -> Ranges:
    """What lies in the boxes of media and belongs to no sample that is kept."""
    found: Ranges = []
    at, used = 0, 0
    for start, end in sorted(media):
        free = start
        while at < len(kept) and kept[at][0] < end:
            begin, stop = kept[at]
            if begin < free or stop > end:
                raise Unusable(Unfit.DAMAGED)
            found.append((free, begin))
            free = stop
            used += 1
            at += 1
        found.append((free, end))
    if used != len(kept):
        raise Unusable(Unfit.DAMAGED)
    return found
