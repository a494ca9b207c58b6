"""What a picture file consists of, read without decoding a pixel.

Plain Python walks the container: the format is decided by content, the size is known before any
codec runs, and only the parts that make pixels (:attr:`Container.pixels`) ever reach a codec.
Formats: JPEG (ITU-T T.81, Annex B), PNG (W3C PNG, third edition), WebP (RFC 9649); a HEIC file is
recognised (ISO/IEC 23008-12) and left whole for its decoder.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

from moderation.ports import Unusable


MOST_METADATA = 1 << 20
"""Bytes of one block of metadata, or of one colour profile; a larger one is left unread."""
MOST_PARTS = 1 << 16
"""Segments or chunks of a file. A 40 MB PNG in libpng's 8 KiB chunks has 5,120."""
MOST_TEXTS = 100


class Kind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The parts of one picture file.

    ``width`` and ``height`` are the header's claim, 0 for HEIC, whose decoder says it. ``exif`` is
    a TIFF stream, ``iptc`` Photoshop's image resources, ``xmp`` packets, ``texts`` free texts, each
    as (where, text). ``lossless``: the pixels are exactly those that were saved.
    """

    kind: Kind
    pixels: bytes
    width: int = 0
    height: int = 0
    animated: bool = False
    lossless: bool = False
    icc: bytes = b""
    exif: bytes = b""
    iptc: bytes = b""
    xmp: tuple[bytes, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def has_metadata(self) -> bool:
        return bool(self.exif or self.iptc or self.xmp or self.texts)


class Broken(Exception):
    """The file contradicts its own format."""


def read(content: bytes) -> Container | Unusable:
    """Take a file apart; never raises, whatever the bytes."""
    kind = kind_of(content)
    if kind is None or _is_also_something_else(content):
        return Unusable.NOT_A_PICTURE
    try:
        container = _READERS[kind](content)
    except (Broken, struct.error, IndexError, zlib.error):
        return Unusable.DAMAGED
    if container.animated:
        return Unusable.ANIMATED
    if container.kind is not Kind.HEIC and not (container.width and container.height):
        return Unusable.DAMAGED
    return container


def kind_of(content: bytes) -> Kind | None:
    """The format, by the first bytes alone."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(_PNG_SIGNATURE):
        return Kind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_STILL | _HEIC_MOVING:
        return Kind.HEIC
    return None


_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEIC_STILL = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_HEIC_MOVING = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})


def _is_also_something_else(content: bytes) -> bool:
    """Whether another program would open the same bytes as a document or an archive.

    Bytes after the picture are no offence by themselves: phones append a second picture or a short
    film there. PDF readers look for their mark in the first 1,024 bytes (ISO 32000-1, Annex H), Zip
    readers for a directory at the very end (APPNOTE 4.3.16).
    """
    if b"%PDF-" in content[:1024]:
        return True
    tail = content[-(22 + 0xFFFF) :]
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _ZIP_END.size:
        return False
    size, comment = _ZIP_END.unpack_from(tail, at)
    directory = len(content) - len(tail) + at - size
    return at + _ZIP_END.size + comment == len(tail) and (
        content[max(directory, 0) : max(directory, 0) + 4] == b"PK\x01\x02"
    )


_ZIP_END = struct.Struct("<12xI4xH")


# JPEG

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
_EXIF = b"Exif\x00"
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
_ICC = b"ICC_PROFILE\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"


def _read_jpeg(content: bytes) -> Container:
    kept, segments, size = [b"\xff\xd8"], dict[int, list[bytes]](), (0, 0)
    for marker, at, end in _jpeg_segments(content):
        if marker == _START_OF_SCAN:
            kept.append(content[at:])
            break
        if marker in _START_OF_FRAME and size == (0, 0):
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        body = content[at + 4 : end]
        if marker == _COMMENT or _APP0 <= marker <= _APP15:
            segments.setdefault(marker, []).append(body)
        # Of the application segments, only these two change how pixels are read.
        if not (marker == _COMMENT or _APP0 <= marker <= _APP15) or (
            (marker == _APP0 and body.startswith(b"JFIF\x00"))
            or (marker == _APP14 and body.startswith(b"Adobe"))
        ):
            kept.append(content[at:end])
    return Container(
        kind=Kind.JPEG,
        pixels=b"".join(kept),
        width=size[0],
        height=size[1],
        icc=_jpeg_profile(_after(_ICC, segments.get(_APP2, []))),
        exif=next(iter(_after(_EXIF, segments.get(_APP1, []))), b"")[1:],
        iptc=_bounded(_after(_PHOTOSHOP, segments.get(_APP13, []))),
        xmp=_jpeg_xmp(segments.get(_APP1, [])),
        texts=tuple(
            ("JPEG comment", decoded(body)) for body in segments.get(_COMMENT, [])[:MOST_TEXTS]
        ),
    )


def _jpeg_segments(content: bytes) -> list[tuple[int, int, int]]:
    """Each segment before the first scan as (marker, start, end), and the scan's own start."""
    found: list[tuple[int, int, int]] = []
    at = 2
    while len(found) < MOST_PARTS:
        at = content.find(b"\xff", at)
        while at >= 0 and content[at + 1 : at + 2] == b"\xff":  # fill bytes (T.81, B.1.1.2)
            at += 1
        if at < 0 or at + 1 >= len(content):
            break
        marker = content[at + 1]
        if marker == _END:
            break
        if marker == 0 or marker in _STANDALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(content):  # noqa: PLR2004 - the length counts itself
            break
        found.append((marker, at, end))
        if marker == _START_OF_SCAN:
            return found
        at = end
    raise Broken


def _after(prefix: bytes, bodies: list[bytes]) -> list[bytes]:
    return [body[len(prefix) :] for body in bodies if body.startswith(prefix)]


def _bounded(pieces: list[bytes]) -> bytes:
    return b"".join(pieces) if sum(map(len, pieces)) <= MOST_METADATA else b""


def _jpeg_profile(pieces: list[bytes]) -> bytes:
    """A profile in pieces, each behind its number and their count (ICC.1:2022, B.4)."""
    numbered = {piece[0]: piece[2:] for piece in pieces if len(piece) > 2}  # noqa: PLR2004
    if sorted(numbered) != list(range(1, len(pieces) + 1)):
        return b""
    return _bounded([numbered[number] for number in sorted(numbered)])


def _jpeg_xmp(bodies: list[bytes]) -> tuple[bytes, ...]:
    """The packet, and its extension (XMP part 3, 1.1.3.1): a digest, a length, an offset, text."""
    packets = [packet for packet in _after(_XMP, bodies) if len(packet) <= MOST_METADATA]
    pieces = [piece for piece in _after(_XMP_MORE, bodies) if len(piece) > _XMP_PIECE]
    pieces.sort(key=lambda piece: piece[36:40])
    more = _bounded([piece[_XMP_PIECE:] for piece in pieces])
    return tuple([*packets[:2], more] if more else packets[:2])


_XMP_PIECE = 32 + 4 + 4


# PNG

_PNG_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def _read_png(content: bytes) -> Container:
    kept, blocks = [_PNG_SIGNATURE], dict[bytes, bytes]()
    texts: list[tuple[str, str]] = []
    xmp: list[bytes] = []
    for name, at, end in _png_chunks(content):
        if name in _PNG_NEEDED:
            kept.append(content[at:end])
        if name in {b"IHDR", b"iCCP", b"eXIf", b"acTL"}:
            blocks.setdefault(name, content[at + 8 : end - 4])
        elif name in {b"tEXt", b"zTXt", b"iTXt"} and len(texts) + len(xmp) < MOST_TEXTS:
            keyword, text = _png_text(name, content[at + 8 : end - 4])
            if keyword == "XML:com.adobe.xmp":
                xmp.append(text)
            elif text and not keyword.startswith("Raw profile type"):
                texts.append((f"PNG {keyword}", decoded(text)))
    width, height = struct.unpack_from(">II", blocks.get(b"IHDR", b""))
    (frames,) = struct.unpack_from(">I", blocks.get(b"acTL", b"\x00\x00\x00\x01"))
    _, _, profile = blocks.get(b"iCCP", b"").partition(b"\x00")
    exif = blocks.get(b"eXIf", b"")
    return Container(
        kind=Kind.PNG,
        pixels=b"".join(kept),
        width=width,
        height=height,
        animated=frames > 1,
        lossless=True,
        icc=_inflated(profile[1:]),
        exif=exif if len(exif) <= MOST_METADATA else b"",
        xmp=tuple(xmp[:2]),
        texts=tuple(texts),
    )


def _png_chunks(content: bytes) -> list[tuple[bytes, int, int]]:
    """Each chunk as (name, start, end), up to and with the end chunk, or to where the file ends."""
    found: list[tuple[bytes, int, int]] = []
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content) or len(found) >= MOST_PARTS:
            raise Broken
        found.append((name, at, end))
        if name == b"IEND":
            return found
        at = end
    raise Broken


def _png_text(name: bytes, body: bytes) -> tuple[str, bytes]:
    """A text chunk's keyword and bytes (PNG, 11.3.3); no bytes for one that is over-long."""
    keyword, _, rest = body.partition(b"\x00")
    match name:
        case b"zTXt":
            text = _inflated(rest[1:])
        case b"iTXt":
            packed, rest = rest[:1] == b"\x01", rest[2:]
            text = rest.partition(b"\x00")[2].partition(b"\x00")[2]
            text = _inflated(text) if packed else text
        case _:
            text = rest
    return decoded(keyword[:79]), text if len(text) <= MOST_METADATA else b""


def _inflated(packed: bytes) -> bytes:
    """Unpacked, or nothing when it is broken or swells past the limit."""
    inflater = zlib.decompressobj()
    try:
        unpacked = inflater.decompress(packed, MOST_METADATA)
    except zlib.error:
        return b""
    return unpacked if inflater.eof else b""


# WebP

_WEBP_NEEDED = (b"VP8X", b"ALPH", b"VP8 ", b"VP8L")
_WEBP_ALPHA, _WEBP_ANIMATION = 0x10, 0x02
_VP8_START = b"\x9d\x01\x2a"


def _read_webp(content: bytes) -> Container:
    chunks = _webp_chunks(content)
    blocks = {name: content[at:end] for name, at, end in reversed(chunks)}
    extended = blocks.get(b"VP8X", b"")
    moving = b"ANMF" in blocks or bool(extended and extended[0] & _WEBP_ANIMATION)
    width, height = _webp_size(blocks)
    if extended:
        blocks[b"VP8X"] = bytes([extended[0] & _WEBP_ALPHA]) + extended[1:10]
    body = b"".join(
        name
        + struct.pack("<I", len(blocks[name]))
        + blocks[name]
        + b"\x00" * (len(blocks[name]) % 2)
        for name in _WEBP_NEEDED
        if name in blocks
    )
    exif = blocks.get(b"EXIF", b"")
    return Container(
        kind=Kind.WEBP,
        pixels=b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body,
        width=width,
        height=height,
        animated=moving,
        lossless=b"VP8L" in blocks,
        icc=_bounded([blocks.get(b"ICCP", b"")]),
        exif=_bounded([exif.removeprefix(b"Exif\x00\x00")]),
        xmp=tuple(filter(None, [_bounded([blocks.get(b"XMP ", b"")])])),
    )


def _webp_chunks(content: bytes) -> list[tuple[bytes, int, int]]:
    """Each chunk as (name, start of its data, end of its data), within the length RIFF claims."""
    (claimed,) = struct.unpack_from("<I", content, 4)
    stop = claimed + 8
    if stop > len(content):
        raise Broken
    found: list[tuple[bytes, int, int]] = []
    at = 12
    while at + 8 <= stop:
        name, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length
        if end > stop or len(found) >= MOST_PARTS:
            raise Broken
        found.append((name, at + 8, end))
        at = end + length % 2
    return found


def _webp_size(blocks: dict[bytes, bytes]) -> tuple[int, int]:
    """The larger of the canvas and the bitstream: each may lie (RFC 9649, 2.5 to 2.7)."""
    sizes = [(0, 0)]
    if extended := blocks.get(b"VP8X"):
        sizes.append(
            (
                1 + int.from_bytes(extended[4:7], "little"),
                1 + int.from_bytes(extended[7:10], "little"),
            )
        )
    if (lossy := blocks.get(b"VP8 ")) and lossy[3:6] == _VP8_START:
        width, height = struct.unpack_from("<HH", lossy, 6)
        sizes.append((width & 0x3FFF, height & 0x3FFF))
    if (lossless := blocks.get(b"VP8L")) and lossless[:1] == b"\x2f":
        (bits,) = struct.unpack_from("<I", lossless, 1)
        sizes.append((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
    return max(sizes, key=lambda size: size[0] * size[1])


# HEIC


def _read_heic(content: bytes) -> Container:
    """Several stills in one file are no film: the decoder takes the primary one."""
    return Container(kind=Kind.HEIC, pixels=content, animated=content[8:12] in _HEIC_MOVING)


def decoded(raw: bytes) -> str:
    """Text as its writer most likely meant it: UTF-8 where that is valid, else Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


_READERS = {
    Kind.JPEG: _read_jpeg,
    Kind.PNG: _read_png,
    Kind.WEBP: _read_webp,
    Kind.HEIC: _read_heic,
}
