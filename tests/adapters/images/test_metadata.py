"""What a picture's file tells in words, and where it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from adapters.images import metadata
from adapters.images.containers import Container, Kind
from adapters.images.rebuild import inspected
from adapters.images.wire import Limits, Seen
from tests.adapters.images import pictures


if TYPE_CHECKING:
    from collections.abc import Callable


def seen(content: bytes) -> Seen:
    answer = inspected(content, Limits())
    assert isinstance(answer, Seen)
    return answer


def everything() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "Sports day with Amelia"
    exif[0x010F] = "Canon"
    exif[0x013B] = "Priya Nair"
    exif[0x9C9B] = "Zoë's race".encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\x00" + "Łukasz wins".encode("utf-16-be")
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 12.0, 18.0)
    return exif


@pytest.mark.parametrize("build", pictures.SOUND.values(), ids=pictures.SOUND)
def test_exif_is_read_and_left_behind(build: Callable[..., bytes]) -> None:
    exif = everything() if build is not pictures.heic else everything().tobytes()

    answer = seen(build(exif=exif))

    assert set(answer.metadata) == {
        ("EXIF ImageDescription", "Sports day with Amelia"),
        ("EXIF Artist", "Priya Nair"),
        ("EXIF XPTitle", "Zoë's race"),
        ("EXIF UserComment", "Łukasz wins"),
    }
    assert answer.has_position
    for word in (b"Amelia", b"Priya", "Zoë".encode("utf-16-le"), "Łukasz".encode("utf-16-be")):
        assert word not in answer.clean
    assert not seen(answer.clean).metadata
    assert not seen(answer.clean).has_position


def test_exif_in_utf_8_is_read_as_phones_write_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Zoe Bloggs"
    raw = exif.tobytes().replace(b"Zoe ", "Zoë".encode())

    assert seen(pictures.jpeg(exif=raw)).metadata == (("EXIF ImageDescription", "ZoëBloggs"),)


def test_iptc_is_read() -> None:
    content = pictures.jpeg_with(
        pictures.iptc((120, "Chloé and friends"), (25, "sports"), (25, "Amelia"), (55, "20260718"))
    )

    answer = seen(content)

    assert answer.metadata == (
        ("IPTC Caption", "Chloé and friends"),
        ("IPTC Keywords", "sports"),
        ("IPTC Keywords", "Amelia"),
    )
    assert "Chloé".encode() not in answer.clean


XMP_BODY = (
    'exif:GPSLatitude="52,12.3N" dc:format="image/jpeg">'
    + pictures.bag("dc:subject", "sports", "Amelia Kaye")
    + pictures.bag("Iptc4xmpExt:PersonInImage", "Björn Ådal")
)


@pytest.mark.parametrize("build", ["jpeg", "png", "webp", "heic"])
def test_xmp_is_read_with_the_people_in_the_picture(build: str) -> None:
    packet = pictures.xmp(XMP_BODY)
    if build == "png":
        text = b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + packet
        content = pictures.png_with(pictures.chunk(b"iTXt", text))
    else:
        content = pictures.SOUND[build](xmp=packet)

    answer = seen(content)

    assert ("XMP PersonInImage", "Björn Ådal") in answer.metadata
    assert ("XMP subject", "Amelia Kaye") in answer.metadata
    assert answer.has_position
    assert "Björn".encode() not in answer.clean


def test_xmp_with_a_document_type_is_not_read() -> None:
    packet = b'<!DOCTYPE a [<!ENTITY b "Amelia">]><a>&b;</a>'

    assert not seen(pictures.webp(xmp=packet)).metadata


def test_texts_beside_the_three_standards_are_read() -> None:
    comment = pictures.segment(0xFE, b"taken by Amelia")
    assert seen(pictures.jpeg_with(comment)).metadata == (("JPEG comment", "taken by Amelia"),)
    text = pictures.chunk(b"tEXt", "Author\x00Zoë".encode("latin-1"))
    assert seen(pictures.png_with(text)).metadata == (("PNG Author", "Zoë"),)


def test_what_a_camera_says_of_itself_is_no_text_of_a_person() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Canon", "EOS Grace", "Lightroom"
    exif[0x0132] = "2026:07:18 12:00:00"

    assert not seen(pictures.jpeg(exif=exif)).metadata


def test_texts_are_bounded_in_number_and_length() -> None:
    comments = [pictures.segment(0xFE, f"text {n} ".encode() + b"a" * 5_000) for n in range(500)]

    texts = seen(pictures.jpeg_with(*comments)).metadata

    assert len(texts) == 100
    assert max(len(text) for _, text in texts) == 1_000


def test_control_characters_never_reach_a_card() -> None:
    comment = pictures.segment(0xFE, b"line\x1b[31m one\r\nline\x00 two")

    assert seen(pictures.jpeg_with(comment)).metadata == (
        ("JPEG comment", "line [31m one line two"),
    )


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"]),
)
def test_rubbish_is_no_metadata_and_no_fault(rubbish: bytes, start: bytes) -> None:
    container = Container(
        kind=Kind.JPEG,
        pixels=b"",
        exif=start + rubbish,
        iptc=b"8BIM\x04\x04" + rubbish,
        xmp=(rubbish, b"<a>" + rubbish + b"</a>"),
    )

    metadata.texts_of(container)
    metadata.has_position(container)
    assert metadata.orientation_of(container) in range(1, 9)
