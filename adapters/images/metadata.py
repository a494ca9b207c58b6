"""What people wrote into a picture's file: texts a person may have put there, and a position.

Nothing here survives into the clean picture. It is read because a caption that names a child tells
the approver who is in the picture. Sources: EXIF (CIPA DC-008), IPTC-IIM 4.2, XMP (ISO 16684-1).
"""

from __future__ import annotations

import re
import struct
import warnings
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PIL import ExifTags, Image

from adapters.images.containers import MOST_TEXTS, decoded


if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.images.containers import Container


MOST_CHARACTERS = 1_000
"""Of one text; a longer one is cut."""

Text = tuple[str, str]
"""(where, text), for example ("IPTC Caption", "Sports day")."""


def orientation_of(container: Container) -> int:
    """EXIF's orientation, 1 to 8; 1 (upright) when there is none or it makes no sense."""
    value = _exif(container).get(ExifTags.Base.Orientation, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004


def texts_of(container: Container) -> tuple[Text, ...]:
    """Every text, each once, in the order of its source; at most :data:`MOST_TEXTS`."""
    kept: dict[Text, None] = {}
    for where, text in _all_texts(container):
        clean = " ".join(_UNPRINTABLE.sub(" ", text).split())[:MOST_CHARACTERS]
        if _WORD.search(clean):
            kept[where[:60], clean] = None
        if len(kept) == MOST_TEXTS:
            break
    return tuple(kept)


def has_position(container: Container) -> bool:
    """Whether the file says where on earth it was taken."""
    gps = _ifd(_exif(container), ExifTags.IFD.GPSInfo)
    return ExifTags.GPS.GPSLatitude in gps or any(b"GPSLatitude" in xmp for xmp in container.xmp)


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_WORD = re.compile(r"[^\W\d_]{2}")


def _all_texts(container: Container) -> Iterator[Text]:
    yield from _exif_texts(_exif(container))
    yield from _iptc_texts(container.iptc)
    for packet in container.xmp:
        yield from _xmp_texts(packet)
    yield from container.texts


# EXIF

_OF_THE_DEVICE = frozenset(
    {
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Software,
        ExifTags.Base.LensMake,
        ExifTags.Base.LensModel,
        ExifTags.Base.InteropIndex,
    }
)
"""Texts that a camera writes by itself: a pupil called Canon is no reason to stop its photos."""
_WIDE = frozenset(
    {
        ExifTags.Base.XPTitle,
        ExifTags.Base.XPComment,
        ExifTags.Base.XPAuthor,
        ExifTags.Base.XPKeywords,
        ExifTags.Base.XPSubject,
    }
)
_BAD_EXIF = (SyntaxError, ValueError, TypeError, KeyError, struct.error, OSError, OverflowError)
"""What Pillow's reader is known to raise for a malformed stream."""


def _exif(container: Container) -> Image.Exif:
    exif = Image.Exif()
    try:
        with warnings.catch_warnings(action="ignore"):
            exif.load(container.exif)
            dict(exif)
    except _BAD_EXIF:
        return Image.Exif()
    return exif


def _ifd(exif: Image.Exif, tag: int) -> dict[int, object]:
    try:
        with warnings.catch_warnings(action="ignore"):
            return dict(exif.get_ifd(tag))
    except _BAD_EXIF:
        return {}


def _exif_texts(exif: Image.Exif) -> Iterator[Text]:
    directories = (dict(exif), _ifd(exif, ExifTags.IFD.Exif), _ifd(exif, ExifTags.IFD.GPSInfo))
    for number, directory in enumerate(directories):
        names = ExifTags.GPSTAGS if number == len(directories) - 1 else ExifTags.TAGS
        for tag, value in directory.items():
            name = names.get(tag, f"{tag:#06x}")
            if tag in _OF_THE_DEVICE or name.startswith(("DateTime", "OffsetTime", "GPSMap")):
                continue
            match value:
                case str():
                    yield f"EXIF {name}", _unmangled(value)
                case bytes() if tag in _WIDE:
                    yield f"EXIF {name}", value.decode("utf-16-le", "replace")
                case bytes() if tag == ExifTags.Base.UserComment:
                    yield f"EXIF {name}", _comment(value)
                case _:
                    continue


def _unmangled(text: str) -> str:
    """Pillow reads EXIF's text as Latin-1, as the standard has it; phones write UTF-8."""
    try:
        return decoded(text.encode("latin-1"))
    except UnicodeEncodeError:
        return text


def _comment(value: bytes) -> str:
    """UserComment: eight bytes say the encoding (CIPA DC-008, table 9), but not its byte order."""
    code, text = value[:8], value[8:]
    if code != b"UNICODE\x00":
        return decoded(text)
    # In European text nearly every high byte is 0, so the order with the more of them is meant.
    high_first = text[::2].count(0) > text[1::2].count(0)
    return text.decode("utf-16-be" if high_first else "utf-16-le", "replace")


# IPTC

_IIM_RESOURCE = 0x0404
_IIM_TAG, _IIM_APPLICATION = 0x1C, 2
_IIM_NAMES = {
    5: "Title",
    25: "Keywords",
    40: "Instructions",
    80: "Byline",
    85: "Byline Title",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "Copyright",
    118: "Contact",
    120: "Caption",
    122: "Writer",
}


def _iptc_texts(resources: bytes) -> Iterator[Text]:
    for block in _resources(resources):
        at = 0
        while at + 5 <= len(block) and block[at] == _IIM_TAG:
            record, dataset, length = struct.unpack_from(">BBH", block, at + 1)
            value = block[at + 5 : at + 5 + length]
            if record == _IIM_APPLICATION and dataset:
                name = _IIM_NAMES.get(dataset, f"2:{dataset}")
                yield f"IPTC {name}", decoded(value)
            at += 5 + length


def _resources(resources: bytes) -> Iterator[bytes]:
    """Photoshop's image resources of the IPTC kind: mark, id, padded name, length, padded data."""
    at = 0
    while resources[at : at + 4] == b"8BIM" and at + 12 <= len(resources):
        (kind,) = struct.unpack_from(">H", resources, at + 4)
        name = 1 + resources[at + 6]
        at += 6 + name + name % 2
        if at + 4 > len(resources):
            return
        (length,) = struct.unpack_from(">I", resources, at)
        if kind == _IIM_RESOURCE:
            yield resources[at + 4 : at + 4 + length]
        at += 4 + length + length % 2


# XMP

_OF_THE_EDITOR = frozenset(
    {
        "http://ns.adobe.com/camera-raw-settings/",
        "http://ns.adobe.com/tiff/",
        "http://ns.adobe.com/exif/",
        "http://ns.adobe.com/xap/1.0/mm/",
        "http://ns.adobe.com/xap/1.0/sType/",
        "http://ns.adobe.com/xap/1.0/g/img/",
        "http://ns.adobe.com/hdr-gain-map/",
        "http://ns.google.com/photos/1.0/container/",
        "http://www.w3.org/XML/1998/namespace",
    }
)
"""Namespaces that programs fill by themselves with settings, history and thumbnails."""
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def _xmp_texts(packet: bytes) -> Iterator[Text]:
    if b"<!" in packet.replace(b"<!--", b""):  # entities can swell without limit; XMP has none
        return
    try:
        root = ET.fromstring(packet.strip(b"\x00 \t\r\n"))  # noqa: S314 - no DTD, and in a limited process
    except (ET.ParseError, ValueError):
        return
    waiting = [(root, "")]
    while waiting:
        element, outer = waiting.pop()
        space, tag = _split(element.tag)
        if space in _OF_THE_EDITOR:
            continue
        # rdf:li, rdf:Bag and the like only hold the values of the property around them.
        name = outer if space == _RDF else tag
        for key, value in element.attrib.items():
            space, attribute = _split(key)
            if space != _RDF and space not in _OF_THE_EDITOR:
                yield f"XMP {attribute}", value
        if element.text and element.text.strip():
            yield f"XMP {name}", element.text
        waiting.extend((child, name) for child in reversed(element))


def _split(name: str) -> tuple[str, str]:
    """Namespace and local part of ElementTree's ``{namespace}local``."""
    space, _, local = name.rpartition("}")
    return space[1:], local
