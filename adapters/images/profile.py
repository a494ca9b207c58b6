"""The colour profile of a clean picture: checked, and rid of everything that is not colour.

A profile (ICC.1:2022, also IEC 61966-2.1's) carries texts and private tags besides its colours. A
clean picture keeps the tags that colour management reads; description and copyright, which the
format requires, say what this is.
"""

from __future__ import annotations

import io
import struct

from PIL import ImageCms


_HEADER = 128
_MOST_TAGS = 64
_COLOUR = frozenset(
    b"wtpt bkpt chad rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 "
    b"D2B0 D2B1 D2B2 B2D0 B2D1 B2D2 cicp lumi gamt".split()
)
_COLOUR_TYPES = frozenset(
    {b"XYZ ", b"curv", b"para", b"sf32", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"cicp"}
)
_DESCRIPTION, _COPYRIGHT = "Colour profile", "No copyright"


def clean_profile(profile: bytes, space: bytes) -> bytes:
    """The profile's colours alone, or nothing when it can't serve pixels of ``space``.

    ``space`` is the header's signature, ``b"RGB "`` or ``b"GRAY"``. The same profile always gives
    the same bytes.
    """
    if not profile or profile[16:20] != space or not _is_readable(profile):
        return b""
    try:
        rebuilt = _rebuilt(profile)
    except (struct.error, ValueError):
        return b""
    return rebuilt if _is_readable(rebuilt) else b""


def _is_readable(profile: bytes) -> bool:
    try:
        ImageCms.getOpenProfile(io.BytesIO(profile))
    except (OSError, ImageCms.PyCMSError, ValueError, TypeError):
        return False
    return True


def _rebuilt(profile: bytes) -> bytes:
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    if count > _MOST_TAGS:
        raise ValueError(count)
    tags = {b"desc": _text(profile[8], _DESCRIPTION), b"cprt": _text(profile[8], _COPYRIGHT)}
    for number in range(count):
        name, at, length = struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * number)
        data = profile[at : at + length]
        if name in _COLOUR and data[:4] in _COLOUR_TYPES and len(data) == length:
            tags.setdefault(name, data)
    at = _HEADER + 4 + 12 * len(tags)
    table, body = [struct.pack(">I", len(tags))], list[bytes]()
    places: dict[bytes, int] = {}
    for name, data in sorted(tags.items()):
        if data not in places:  # curves are often shared between red, green and blue
            padded = data + b"\x00" * (-len(data) % 4)
            places[data] = at
            body.append(padded)
            at += len(padded)
        table.append(struct.pack(">4sII", name, places[data], len(data)))
    return _header(profile, at) + b"".join(table) + b"".join(body)


def _header(profile: bytes, size: int) -> bytes:
    """The old header without date, maker, model, creator and checksum (ICC.1:2022, 7.2)."""
    return (
        struct.pack(">I", size)
        + b"\x00" * 4
        + profile[8:24]
        + struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
        + b"acsp"
        + b"\x00" * 24
        + profile[64:80]
        + b"\x00" * 48
    )


def _text(major: int, text: str) -> bytes:
    """A description in the type of the profile's version: v2 textDescription, v4 multiLocalized.

    Version 2 wants ``text`` for the copyright; readers take either there.
    """
    if major < 4:  # noqa: PLR2004 - ICC version 4
        ascii_text = text.encode("ascii") + b"\x00"
        if text == _COPYRIGHT:
            return b"text" + b"\x00" * 4 + ascii_text
        return (
            b"desc" + b"\x00" * 4 + struct.pack(">I", len(ascii_text)) + ascii_text + b"\x00" * 78
        )
    wide = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">4xII2s2sII", 1, 12, b"en", b"GB", len(wide), 28) + wide
