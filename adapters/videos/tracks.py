"""One track of a video: what it holds, where that lies, and what of its description is wiped."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from adapters.videos import samples
from adapters.videos.boxes import Box, Held, Unfit, Unusable, boxes
from adapters.videos.samples import Ranges


PICTURES, SOUND = b"vide", b"soun"
_HIDDEN_SECONDS = 2
"""Players begin at a whole picture, and cameras cut sound to fit: so much is nobody's secret."""

_IN_TRACK = frozenset({b"tkhd", b"edts", b"mdia", b"tapt"})
_IN_MEDIA = frozenset({b"mdhd", b"hdlr", b"minf"})
_IN_INFORMATION = frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"})
_TABLES = frozenset({b"stsz", b"stz2", b"stsc", b"stco", b"co64"})
_IN_TABLES = _TABLES | {
    *(b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stps", b"sdtp", b"sgpd", b"sbgp"),
}
_OF_PICTURES = frozenset(
    {
        *(b"avcC", b"hvcC", b"lhvC", b"av1C", b"vpcC", b"esds", b"dvcC", b"dvvC", b"hvcE"),
        *(b"colr", b"pasp", b"clap", b"fiel", b"gama", b"chrm", b"mdcv", b"clli", b"amve"),
        *(b"btrt", b"SmDm", b"CoLL"),
    }
)
_OF_SOUND = frozenset(
    {
        *(b"esds", b"alac", b"dac3", b"dec3", b"dac4", b"dOps", b"dfLa", b"damr", b"wave"),
        *(b"chan", b"chnl", b"srat", b"btrt", b"pcmC"),
    }
)
_ENCRYPTED = frozenset({b"encv", b"enca", b"drmi", b"drms", b"p608"})
_PACKETS = frozenset(
    {b"mp4a", b"alac", b"ac-3", b"ec-3", b"ac-4", b"Opus", b"fLaC", b"samr", b"sawb", b".mp3"}
)
_PLAIN = frozenset({b"sowt", b"twos", b"lpcm", b"in24", b"in32", b"fl32", b"fl64", b"raw "})
_SIZED = {1: 44, 2: 64}
"""Where QuickTime's later descriptions of sound say the bytes of a moment, by version."""
_NAMELESS = 24
"""Bytes of a handler's box without a name."""
_SAMPLE_ENTRY = 16
"""Bytes before what is particular to pictures or sound: header, six reserved, a reference."""
_PICTURE_ENTRY, _SOUND_ENTRY = 86, 36
"""Bytes before the boxes of a sample entry."""
_MAKER, _COMPRESSOR = (20, 24), (50, 82)
_TURNED = struct.Struct(">ii4xii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """``ranges`` is where its samples lie. ``wipes`` and ``closed``: bytes and boxes to be emptied.

    ``width`` and ``height`` are pixels as they are shown, 0 for sound.
    """

    handler: bytes
    enabled: bool
    format: bytes
    width: int = 0
    height: int = 0
    ranges: Ranges = field(default_factory=list)
    wipes: Ranges = field(default_factory=list)
    closed: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one track and gathers what is to be wiped on its way."""

    index: Held
    wipes: Ranges
    closed: list[Box]

    def only(self, box: Box, wanted: frozenset[bytes], skip: int = 0) -> dict[bytes, Box]:
        """The ``wanted`` boxes inside; each may come once. Everything else is closed."""
        found: dict[bytes, Box] = {}
        for one in boxes(self.index, box.body + skip, box.end):
            if not one.name:
                self.wipes.append((one.start, one.end))
            elif one.name not in wanted:
                self.closed.append(one)
            elif one.name in found:
                raise Unusable(Unfit.DAMAGED)
            else:
                found[one.name] = one
        return found

    def content(self, box: Box) -> bytes:
        return self.index.read(box.body, box.end - box.body)

    def dates(self, box: Box) -> bytes:
        """A header whose first fields are when it was made and changed; both are wiped."""
        content = self.content(box)
        long = content[:1] == b"\x01"
        self.wipes.append((box.body + 4, box.body + (20 if long else 12)))
        return content[20:] if long else content[12:]


def handler_of(index: Held, track: Box) -> bytes:
    """What kind of track it is; ``b""`` where it doesn't say."""
    for name in (b"mdia", b"hdlr"):
        inside = [box for box in boxes(index, track.body, track.end) if box.name == name]
        if not inside:
            return b""
        track = inside[0]
    return index.read(track.body + 8, 4)


def is_enabled(index: Held, track: Box) -> bool:
    """Whether players show it."""
    for box in boxes(index, track.body, track.end):
        if box.name == b"tkhd":
            return bool(index.read(box.body + 3, 1)[0] & 1)
    return False


def read(index: Held, track: Box, per_second: int) -> Track:
    """Take a track of pictures or sound apart. ``per_second`` is the film's unit of time.

    Raises :class:`Unusable`, and :class:`struct.error` where a box is too short.
    """
    reader = _Reader(index, [], [])
    parts = _all_of(reader.only(track, _IN_TRACK), b"tkhd", b"mdia")
    media = _all_of(reader.only(parts[b"mdia"], _IN_MEDIA), b"mdhd", b"hdlr", b"minf")
    width, height = _shown_size(reader, parts[b"tkhd"])
    _nothing_hidden(reader, parts.get(b"edts"), media[b"mdhd"], per_second)
    handler = _handler(reader, media[b"hdlr"])
    information = _all_of(reader.only(media[b"minf"], _IN_INFORMATION), b"dinf", b"stbl")
    if b"hdlr" in information:
        _handler(reader, information[b"hdlr"])
    _lies_here(reader, information[b"dinf"])
    tables = _all_of(reader.only(information[b"stbl"], _IN_TABLES), b"stsd")
    format_, moment = _descriptions(reader, tables[b"stsd"], handler)
    bodies = {name: reader.content(box) for name, box in tables.items() if name in _TABLES}
    return Track(
        handler=handler,
        enabled=is_enabled(index, track),
        format=format_,
        width=width,
        height=height,
        ranges=samples.places(bodies, moment=moment),
        wipes=reader.wipes,
        closed=tuple(reader.closed),
    )


def _all_of(found: dict[bytes, Box], *needed: bytes) -> dict[bytes, Box]:
    if any(name not in found for name in needed):
        raise Unusable(Unfit.DAMAGED)
    return found


def _shown_size(reader: _Reader, header: Box) -> tuple[int, int]:
    rest = reader.dates(header)
    # Number, reserved, duration (eight bytes in the long form), and sixteen before the matrix.
    matrix = (16 if reader.content(header)[:1] == b"\x01" else 12) + 16
    across, sideways, down, upright = _TURNED.unpack_from(rest, matrix)
    width, height = (side >> 16 for side in struct.unpack_from(">II", rest, matrix + 36))
    turned = not across and not upright and sideways and down
    return (height, width) if turned else (width, height)


def _handler(reader: _Reader, box: Box) -> bytes:
    """Behind the kind come its maker and a name, which is often the camera's."""
    if box.end - box.body < _NAMELESS:
        raise Unusable(Unfit.DAMAGED)
    reader.wipes.append((box.body + 12, box.end))
    return reader.content(box)[8:12]


def _nothing_hidden(reader: _Reader, edits: Box | None, header: Box, per_second: int) -> None:
    """What was cut off with an edit list is still there (ISO/IEC 14496-12, 8.6.6)."""
    rest = reader.dates(header)
    kind = ">IQ" if reader.content(header)[:1] == b"\x01" else ">II"
    unit, whole = struct.unpack_from(kind, rest)
    listed = reader.only(edits, frozenset({b"elst"})).get(b"elst") if edits is not None else None
    if listed is None:
        return
    content = reader.content(listed)
    (count,) = struct.unpack_from(">4xI", content)
    if count > samples.MOST_CHUNKS:
        raise Unusable(Unfit.TOO_INTRICATE)
    entry = struct.Struct(">Qq4x" if content[:1] == b"\x01" else ">Ii4x")
    shown: Ranges = []
    for at in range(count):
        length, begins = entry.unpack_from(content, 8 + at * entry.size)
        if begins >= 0:
            # No length: from there to the end.
            ends = begins + length * unit // per_second if length else whole
            shown.append((begins, min(ends, whole)))
    seen = sum(end - begin for begin, end in samples.united(shown))
    if whole - seen > _HIDDEN_SECONDS * unit:
        raise Unusable(Unfit.HIDES_PARTS)


def _lies_here(reader: _Reader, box: Box) -> None:
    """Every data reference says that the samples are in this very file; its words are wiped."""
    reference = reader.only(box, frozenset({b"dref"})).get(b"dref")
    entries = boxes(reader.index, reference.body + 8, reference.end) if reference else ()
    for entry in entries:
        flags = reader.index.read(entry.body, 4)
        if len(flags) < 4 or not flags[3] & 1:  # noqa: PLR2004 - a version and three bytes of flags
            raise Unusable(Unfit.LIES_ELSEWHERE)
        reader.wipes.append((entry.body + 4, entry.end))


def _descriptions(reader: _Reader, box: Box, handler: bytes) -> tuple[bytes, int | None]:
    """The format of the samples, and the bytes of a moment of sound; what made them is wiped."""
    formats: set[bytes] = set()
    moments: set[int | None] = set()
    for entry in boxes(reader.index, box.body + 8, box.end):
        if not entry.name:
            reader.wipes.append((entry.start, entry.end))
            continue
        if entry.name in _ENCRYPTED:
            raise Unusable(Unfit.PROTECTED)
        _description(reader, entry, handler)
        formats.add(entry.name)
        moments.add(_moment(reader.index, entry) if handler == SOUND else None)
    if not formats:
        raise Unusable(Unfit.DAMAGED)
    if len(formats) > 1 or len(moments) > 1:
        raise Unusable(Unfit.TOO_INTRICATE)
    return formats.pop(), moments.pop()


def _description(reader: _Reader, entry: Box, handler: bytes) -> None:
    begin, first = entry.start, _PICTURE_ENTRY if handler == PICTURES else _SOUND_ENTRY
    if entry.body - begin != 8 or entry.end - begin < first:  # noqa: PLR2004 - a short header
        raise Unusable(Unfit.DAMAGED)
    reader.wipes.append((begin + _MAKER[0], begin + _MAKER[1]))
    if handler == PICTURES:
        reader.wipes.append((begin + _COMPRESSOR[0], begin + _COMPRESSOR[1]))
        reader.closed.extend(_strange(reader, entry, first, _OF_PICTURES))
    elif reader.index.read(begin + _SAMPLE_ENTRY, 2) == b"\0\0":
        # QuickTime's later versions put more numbers before the boxes, and no words.
        reader.closed.extend(_strange(reader, entry, first, _OF_SOUND))


def _strange(reader: _Reader, entry: Box, first: int, known: frozenset[bytes]) -> list[Box]:
    inside = boxes(reader.index, entry.start + first, entry.end)
    return [box for box in inside if box.name not in known]


def _moment(index: Held, entry: Box) -> int | None:
    """The bytes of one moment of all channels; ``None`` where the sound comes in packets."""
    if entry.name in _PACKETS:
        return None
    if entry.name not in _PLAIN:
        return 0
    version, channels, bits = struct.unpack(">H6xHH", index.read(entry.start + 16, 12))
    if version in _SIZED:
        # In the first version the number of bits may say 16, whatever it is.
        (size,) = struct.unpack(">I", index.read(entry.start + _SIZED[version], 4))
        return int(size)
    return int(channels * bits // 8)
