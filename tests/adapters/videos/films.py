"""Small videos that are made byte by byte, with what a camera would tell about its owner."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field


SECRET = b"SECRET"
"""Stands in everything that must not go out."""
WHERE = b"+51.5033-000.1276/" + SECRET
FTYP = struct.pack(">I4s4sI8s", 24, b"ftyp", b"isom", 512, b"isommp42")
QUICKTIME = struct.pack(">I4s4sI4s", 20, b"ftyp", b"qt  ", 0, b"qt  ")
PER_SECOND = 600
UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
TURNED = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """A source in memory."""

    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, at: int, length: int) -> bytes:
        return self.content[at : at + length]


@dataclass(frozen=True, kw_only=True)
class Track:
    """``chunks`` hold samples, in the order in which they lie in the file."""

    handler: bytes
    format: bytes
    chunks: tuple[tuple[bytes, ...], ...]
    enabled: bool = True
    matrix: tuple[int, ...] = UPRIGHT
    edits: tuple[tuple[int, int], ...] = ()
    more: bytes = b""
    reference: bytes = b"\0\0\0\1"
    small_sizes: int = 0
    long: bool = False
    entry: bytes | None = None
    size: int | None = None
    seconds: int = 4


@dataclass(frozen=True, kw_only=True)
class Film:
    tracks: tuple[Track, ...]
    ftyp: bytes = FTYP
    index_first: bool = False
    wide: bool = False
    gap: bytes = b""
    before: bytes = b""
    after: bytes = b""
    in_film: bytes = b""
    samples: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)

    def made(self) -> bytes:
        """The file; ``samples`` then says for each track what lies where."""
        head = self.ftyp + self.before
        at = len(head) + (16 if self.wide else 8)
        if self.index_first:
            at += len(self._index([[0] * len(track.chunks) for track in self.tracks]))
        media, places = b"", [list[int]() for _ in self.tracks]
        self.samples.clear()
        for turn in range(max((len(track.chunks) for track in self.tracks), default=0)):
            for number, track in enumerate(self.tracks):
                if turn < len(track.chunks):
                    media += self.gap
                    places[number].append(at + len(media))
                    for sample in track.chunks[turn]:
                        self.samples.setdefault(number, []).append((at + len(media), sample))
                        media += sample
        media += self.gap
        if self.wide:
            held = struct.pack(">I4sQ", 1, b"mdat", 16 + len(media)) + media
        else:
            held = box(b"mdat", media)
        index = self._index(places)
        body = index + held if self.index_first else held + index
        return head + body + self.after

    def _index(self, places: list[list[int]]) -> bytes:
        inside = [movie_header()]
        inside += [
            described(track, where, wide=self.wide)
            for track, where in zip(self.tracks, places, strict=True)
        ]
        return box(b"moov", *inside, self.in_film)


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def movie_header(seconds: int = 4) -> bytes:
    dates = struct.pack(">II", 3_900_000_001, 3_900_000_002)
    numbers = struct.pack(">II", PER_SECOND, seconds * PER_SECOND)
    return full(b"mvhd", dates, numbers, bytes(80))


def described(track: Track, places: list[int], *, wide: bool) -> bytes:
    is_picture = track.handler == b"vide"
    media = struct.pack(">II", PER_SECOND, track.seconds * PER_SECOND)
    inside = [_track_header(track)]
    if track.edits:
        entries = b"".join(struct.pack(">IiI", *edit, 0x10000) for edit in track.edits)
        inside.append(box(b"edts", full(b"elst", struct.pack(">I", len(track.edits)), entries)))
    name = b"mhlr" + track.handler + b"appl" + bytes(8) + SECRET + b" camera\0"
    reference = box(b"url ", track.reference, SECRET if track.reference[3] & 1 else b"")
    information = box(
        b"minf",
        full(b"vmhd" if is_picture else b"smhd", bytes(8 if is_picture else 4)),
        box(b"dinf", full(b"dref", struct.pack(">I", 1), reference)),
        _tables(track, places, wide=wide),
    )
    header = full(b"mdhd", struct.pack(">II", 3_900_000_003, 3_900_000_004), media, bytes(4))
    inside.append(box(b"mdia", header, full(b"hdlr", name), information))
    return box(b"trak", *inside, track.more)


def _track_header(track: Track) -> bytes:
    size = (640 << 16, 360 << 16) if track.handler == b"vide" else (0, 0)
    rest = bytes(16) + struct.pack(">9i", *track.matrix) + struct.pack(">II", *size)
    if track.long:
        numbers = struct.pack(">QQIIQ", 3_900_000_005, 3_900_000_006, 1, 0, 4 * PER_SECOND)
    else:
        numbers = struct.pack(">IIIII", 3_900_000_005, 3_900_000_006, 1, 0, 4 * PER_SECOND)
    return full(b"tkhd", numbers, rest, version=int(track.long), flags=3 if track.enabled else 2)


def _tables(track: Track, places: list[int], *, wide: bool) -> bytes:
    sizes = [len(sample) for chunk in track.chunks for sample in chunk]
    runs = [
        struct.pack(">III", at, len(chunk), 1) for at, chunk in enumerate(track.chunks, start=1)
    ]
    kind, name = ("Q", b"co64") if wide else ("I", b"stco")
    entry = track.entry if track.entry is not None else entry_of(track)
    return box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, len(sizes), 20)),
        full(b"stsc", struct.pack(">I", len(runs)), *runs),
        _sizes(track, sizes),
        full(name, struct.pack(f">I{len(places)}{kind}", len(places), *places)),
    )


def _sizes(track: Track, sizes: list[int]) -> bytes:
    if track.small_sizes:
        width, kind = track.small_sizes, {8: "B", 16: "H"}.get(track.small_sizes)
        if kind is not None:
            packed = struct.pack(f">{len(sizes)}{kind}", *sizes)
        else:
            padded = [*sizes, 0]
            packed = bytes(padded[at] << 4 | padded[at + 1] for at in range(0, len(sizes), 2))
        return full(b"stz2", bytes(3) + struct.pack(">BI", width, len(sizes)), packed)
    if track.size is not None:
        count = sum(sizes) // 4 if track.format == b"sowt" else len(sizes)
        return full(b"stsz", struct.pack(">II", track.size, count))
    return full(b"stsz", struct.pack(f">II{len(sizes)}I", 0, len(sizes), *sizes))


def entry_of(track: Track) -> bytes:
    begin = bytes(6) + b"\0\1"
    if track.handler == b"vide":
        name = bytes([20]) + SECRET.ljust(31)
        middle = bytes(4) + b"SECR" + bytes(8) + struct.pack(">HH", 640, 360) + bytes(14)
        coding = box(b"avcC", b"\x01coding")
        return box(
            track.format, begin, middle, name, bytes(4), coding, box(b"made", SECRET), bytes(4)
        )
    if track.handler == b"soun":
        numbers = bytes(4) + b"SECR" + struct.pack(">HHHHI", 2, 16, 0, 0, 48_000 << 16)
        return box(track.format, begin, numbers, box(b"esds", b"coding"), box(b"uuid", SECRET))
    return box(track.format, begin, SECRET)


def user_data() -> bytes:
    """As a telephone writes it, in the form of QuickTime and of 3GPP."""
    return box(
        b"udta",
        box(b"\xa9xyz", struct.pack(">HH", len(WHERE), 0x15C7), WHERE),
        box(b"\xa9mod", SECRET),
        full(b"loci", SECRET),
        bytes(4),
    )


def keyed() -> bytes:
    """As Apple writes it."""
    keys = b"com.apple.quicktime.location.ISO6709"
    return box(
        b"meta",
        full(b"hdlr", bytes(4) + b"mdta" + bytes(12)),
        full(b"keys", struct.pack(">I", 1), box(b"mdta", keys)),
        box(b"ilst", box(b"\0\0\0\1", box(b"data", bytes(8), WHERE))),
    )


def pictures(*chunks: tuple[bytes, ...]) -> Track:
    return Track(handler=b"vide", format=b"avc1", chunks=chunks or ((b"one", b"two"), (b"three",)))


def sound(*chunks: tuple[bytes, ...]) -> Track:
    return Track(handler=b"soun", format=b"mp4a", chunks=chunks or ((b"la", b"li"), (b"lu",)))


def positions() -> Track:
    """Where the camera was at every moment."""
    return Track(handler=b"meta", format=b"gpmd", chunks=((WHERE,), (WHERE, SECRET)))


def from_a_telephone() -> Film:
    """Pictures, sound, positions, and everything a maker adds."""
    return Film(
        tracks=(pictures(), sound(), positions()),
        gap=SECRET,
        in_film=user_data() + keyed() + box(b"uuid", SECRET * 3) + box(b"free", SECRET),
        before=box(b"wide") + box(b"free", SECRET) + box(b"uuid", b"<x:xmpmeta " + SECRET),
        after=box(b"skip", SECRET) + box(b"beam", SECRET),
    )
