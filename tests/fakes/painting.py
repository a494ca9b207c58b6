"""A picture made here, so that none needs to be kept."""

from __future__ import annotations

import struct
import zlib


def painting(width: int = 480, height: int = 320, hue: int = 0) -> bytes:
    """A PNG of a little landscape, made here: sky, hill and sun."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            hill = height * 0.62 + (x - width * 0.4) ** 2 / (width * 4)
            sun = (x - width * 0.72) ** 2 + (y - height * 0.28) ** 2 < (height * 0.12) ** 2
            ground = (96, 150 - hue, 92) if y > hill else (150 + hue, 196, 232 - y * 60 // height)
            rows += bytes((250, 206, 98) if sun and y <= hill else ground)

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = kind + data
        return struct.pack(">I", len(data)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(rows)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")
