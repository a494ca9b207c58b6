"""Pictures for tests, made on the spot: sound ones, and ones built to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pillow_heif
from PIL import Image, ImageCms


if TYPE_CHECKING:
    from collections.abc import Callable


pillow_heif.register_heif_opener()


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def photo(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Four plain quarters: red, green, blue, white, clockwise from the top left."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (width // 2, height // 2, width, height))
    return image.convert(mode)


def jpeg(**options: object) -> bytes:
    return encoded(photo(), "JPEG", **options)


def png(**options: object) -> bytes:
    return encoded(photo(), "PNG", **options)


def webp(**options: object) -> bytes:
    return encoded(photo(), "WEBP", **options)


def heic(**options: object) -> bytes:
    return encoded(photo(128, 96), "HEIF", **options)


SOUND: dict[str, Callable[..., bytes]] = {"jpeg": jpeg, "png": png, "webp": webp, "heic": heic}


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg_with(*segments: bytes) -> bytes:
    """A sound JPEG with more segments behind its first two bytes."""
    return b"\xff\xd8" + b"".join(segments) + jpeg()[2:]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, data: bytes, *chunks: bytes, colour: int = 2) -> bytes:
    """A PNG with a header of one's own choice (eight bits a channel) and packed ``data``."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    body = b"".join(chunks) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


def png_with(*chunks: bytes) -> bytes:
    """A sound PNG with more chunks behind its header."""
    sound = png()
    return sound[:33] + b"".join(chunks) + sound[33:]


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_header(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes([flags, 0, 0, 0]) + sides


def swelling(size: int, words: bytes = b"\x00") -> bytes:
    """A packed stream of ``words`` again and again: a thousandth of ``size``."""
    block = (words * (1 << 20))[: 1 << 20]
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(size >> 20):
        check = zlib.adler32(block, check)
    return b"\x78\x9c" + packed * (size >> 20) + b"\x03\x00" + struct.pack(">I", check)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("hello.txt", "hello")
    return out.getvalue()


def many_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: little to send, much to decode."""
    content = encoded(Image.new("L", (side, side)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * scans + content[-2:]


def circular_exif() -> bytes:
    """A directory that names itself as its EXIF part and as the next one."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"II*\x00" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)


def iptc(*values: tuple[int, str]) -> bytes:
    """Photoshop's segment of IPTC datasets, each (number, text)."""
    block = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(text.encode())) + text.encode()
        for number, text in values
    )
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(block)) + block
    return segment(0xED, b"Photoshop 3.0\x00" + resource + b"\x00" * (len(block) % 2))


def xmp(body: str) -> bytes:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        f"{body}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def bag(name: str, *items: str) -> str:
    listed = "".join(f"<rdf:li>{item}</rdf:li>" for item in items)
    return f"<{name}><rdf:Bag>{listed}</rdf:Bag></{name}>"


LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY b "haha">'
    + b"".join(
        b'<!ENTITY b%d "%s">' % (n, (b"&b%d;" % (n - 1) if n else b"&b;") * 10) for n in range(10)
    )
    + b"]><a>&b9;</a>"
)
