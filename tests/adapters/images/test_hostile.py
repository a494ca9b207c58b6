"""Every file here was built to do harm; each gets its answer within five seconds."""

from __future__ import annotations

import struct
import time
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from adapters.images.inspector import SubprocessInspector
from moderation.ports import Unusable
from tests.adapters.images import pictures


if TYPE_CHECKING:
    from collections.abc import Callable


SOON = 5.0
"""Seconds until an answer, whatever came."""


def flat(width: int, height: int, channels: int = 3) -> bytes:
    return zlib.compress((b"\x00" * (1 + width * channels)) * height)


def lying_jpeg() -> bytes:
    """The frame header claims 65,000 pixels each way; the data is for 64 by 48."""
    content = bytearray(pictures.jpeg())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(content)


def lying_heic() -> bytes:
    """The size property claims 30,000 pixels each way."""
    content = bytearray(pictures.heic())
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 30_000, 30_000)
    return bytes(content)


def sequence(format_: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    return pictures.encoded(frames[0], format_, save_all=True, append_images=frames[1:])


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def first_twelve_of(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + pictures.heic()[12:]


def wrong_checksum() -> bytes:
    content = bytearray(pictures.png())
    content[content.index(b"IDAT") + 6] ^= 0xFF
    return bytes(content)


REFUSED: dict[str, tuple[Callable[[], bytes], Unusable]] = {
    "nothing at all": (lambda: b"", Unusable.NOT_A_PICTURE),
    "plain words": (lambda: b"Please find the picture attached.", Unusable.NOT_A_PICTURE),
    "GIF": (lambda: pictures.encoded(pictures.photo(), "GIF"), Unusable.NOT_A_PICTURE),
    "BMP": (lambda: pictures.encoded(pictures.photo(), "BMP"), Unusable.NOT_A_PICTURE),
    "TIFF": (lambda: pictures.encoded(pictures.photo(), "TIFF"), Unusable.NOT_A_PICTURE),
    "AVIF": (lambda: first_twelve_of(b"avif"), Unusable.NOT_A_PICTURE),
    "SVG with a script": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        Unusable.NOT_A_PICTURE,
    ),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj\n", Unusable.NOT_A_PICTURE),
    "ZIP": (pictures.archive, Unusable.NOT_A_PICTURE),
    "JPEG that is also a ZIP": (
        lambda: pictures.jpeg() + pictures.archive(),
        Unusable.NOT_A_PICTURE,
    ),
    "PNG that is also a ZIP": (lambda: pictures.png() + pictures.archive(), Unusable.NOT_A_PICTURE),
    "JPEG that is also a PDF": (
        lambda: pictures.jpeg_with(pictures.segment(0xFE, b"%PDF-1.4\n")),
        Unusable.NOT_A_PICTURE,
    ),
    "JPEG cut in half": (lambda: half(pictures.jpeg()), Unusable.DAMAGED),
    "JPEG of its first bytes": (lambda: b"\xff\xd8\xff", Unusable.DAMAGED),
    "PNG cut in half": (lambda: half(pictures.png()), Unusable.DAMAGED),
    "PNG of its signature": (lambda: pictures.png()[:8], Unusable.DAMAGED),
    "PNG with a wrong checksum": (wrong_checksum, Unusable.DAMAGED),
    "PNG without width": (lambda: pictures.png_of(0, 10, flat(1, 10)), Unusable.DAMAGED),
    "PNG with 70,000 chunks": (
        lambda: pictures.png_with(pictures.chunk(b"tEXt", b"") * 70_000),
        Unusable.DAMAGED,
    ),
    "WebP cut in half": (lambda: half(pictures.webp()), Unusable.DAMAGED),
    "WebP without a bitstream": (
        lambda: pictures.riff(pictures.webp_header(10, 10)),
        Unusable.DAMAGED,
    ),
    "HEIC cut in half": (lambda: half(pictures.heic()), Unusable.DAMAGED),
    "HEIC of its first box": (lambda: pictures.heic()[:24], Unusable.DAMAGED),
    "PNG of 200 megapixels": (
        lambda: pictures.png_of(20_000, 10_000, pictures.swelling(200 << 20), colour=0),
        Unusable.TOO_MANY_PIXELS,
    ),
    "PNG of 2^31 by 2^31": (
        lambda: pictures.png_of(0x7FFFFFFF, 0x7FFFFFFF, b""),
        Unusable.TOO_MANY_PIXELS,
    ),
    "JPEG that claims 4 gigapixels": (lying_jpeg, Unusable.TOO_MANY_PIXELS),
    "HEIC that claims 900 megapixels": (lying_heic, Unusable.TOO_MANY_PIXELS),
    "WebP that claims 268 megapixels": (
        lambda: pictures.riff(pictures.webp_header(16_383, 16_383), (b"VP8L", b"\x2f" + bytes(9))),
        Unusable.TOO_MANY_PIXELS,
    ),
    "WebP whose canvas is smaller than its bitstream": (
        lambda: pictures.riff(
            pictures.webp_header(10, 10),
            (b"VP8L", b"\x2f" + struct.pack("<I", 16_382 | 16_382 << 14)),
        ),
        Unusable.TOO_MANY_PIXELS,
    ),
    "animated PNG": (lambda: sequence("PNG"), Unusable.ANIMATED),
    "animated WebP": (lambda: sequence("WEBP"), Unusable.ANIMATED),
    "HEIC film": (lambda: first_twelve_of(b"hevc"), Unusable.ANIMATED),
    "JPEG of 3,000 scans": (lambda: pictures.many_scans(6_000, 3_000), Unusable.TOO_SLOW),
    "a byte too many": (lambda: bytes(40 * 1024 * 1024 + 1), Unusable.TOO_MANY_BYTES),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_is_refused_for_its_own_reason(name: str) -> None:
    build, reason = REFUSED[name]
    content = build()
    begun = time.monotonic()

    answer = await SubprocessInspector().inspect(content)

    assert answer is reason
    assert time.monotonic() - begun < SOON


def swelling_text() -> bytes:
    packed = pictures.swelling(600 << 20, b"swelling and swelling ")
    return pictures.chunk(b"zTXt", b"Comment\x00\x00" + packed)


def swelling_profile() -> bytes:
    return pictures.chunk(b"iCCP", b"ICC\x00\x00" + pictures.swelling(600 << 20))


HARMLESS: dict[str, Callable[[], bytes]] = {
    "PNG with 600 MB of packed text": lambda: pictures.png_with(swelling_text()),
    "PNG with 20 such texts": lambda: pictures.png_with(*[swelling_text()] * 20),
    "PNG with a colour profile of 600 MB": lambda: pictures.png_with(swelling_profile()),
    "PNG whose rows swell past its size": (
        lambda: pictures.png_of(10, 10, pictures.swelling(512 << 20))
    ),
    "PNG with fewer rows than it says": lambda: pictures.png_of(10, 10, flat(10, 2)),
    "PNG with a colour profile of rubbish": lambda: pictures.png_with(
        pictures.chunk(b"iCCP", b"ICC\x00\x00" + zlib.compress(b"rubbish" * 1_000))
    ),
    "JPEG with 2 MB of colour profile": lambda: pictures.jpeg_with(
        *[
            pictures.segment(0xE2, b"ICC_PROFILE\x00" + bytes([n, 40]) + b"\xaa" * 60_000)
            for n in range(1, 41)
        ]
    ),
    "JPEG with 6 MB of XMP": lambda: pictures.jpeg_with(
        *[
            pictures.segment(
                0xE1,
                b"http://ns.adobe.com/xmp/extension/\x00"
                + b"0" * 32
                + struct.pack(">II", 6_000_000, n)
                + b"<x>" * 20_000,
            )
            for n in range(100)
        ]
    ),
    "JPEG whose XMP is a bomb of entities": lambda: pictures.jpeg_with(
        pictures.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + pictures.LAUGHS)
    ),
    "JPEG whose EXIF goes round in circles": lambda: pictures.jpeg_with(
        pictures.segment(0xE1, b"Exif\x00\x00" + pictures.circular_exif())
    ),
    "JPEG whose EXIF is rubbish": lambda: pictures.jpeg_with(
        pictures.segment(0xE1, b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\xff" * 500)
    ),
    "JPEG that holds a film behind the picture": lambda: (
        pictures.jpeg() + b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 1_000
    ),
    "JPEG with 60,000 comments": lambda: pictures.jpeg_with(
        pictures.segment(0xFE, b"again and again") * 60_000
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
async def test_loses_its_sting_and_is_a_picture_still(name: str) -> None:
    content = HARMLESS[name]()
    begun = time.monotonic()

    answer = await SubprocessInspector().inspect(content)

    assert not isinstance(answer, Unusable)
    inspection, clean = answer
    assert (inspection.width, inspection.height) in {(64, 48), (10, 10)}
    assert len(clean) < 5_000
    assert set(inspection.metadata) <= {("JPEG comment", "again and again")}
    assert time.monotonic() - begun < SOON
