"""What a clean picture is: the same pixels, upright, with nothing of the file around them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image, ImageCms, ImageFilter

from adapters.images import containers
from adapters.images.containers import Container
from adapters.images.rebuild import inspected, smaller
from adapters.images.wire import Limits, Seen
from moderation.ports import PictureFormat, Unusable
from tests.adapters.images import pictures


if TYPE_CHECKING:
    from collections.abc import Callable

    Build: TypeAlias = Callable[..., bytes]


RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def rebuilt(content: bytes) -> Image.Image:
    return pictures.opened(seen(content).clean)


def seen(content: bytes) -> Seen:
    answer = inspected(content, Limits())
    assert isinstance(answer, Seen)
    return answer


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours of the four quarters, clockwise from the top left, each channel 0 or 255."""
    image = image.convert("RGB")
    left, right = image.width // 4, image.width * 3 // 4
    top, bottom = image.height // 4, image.height * 3 // 4
    found = []
    for place in ((left, top), (right, top), (right, bottom), (left, bottom)):
        pixel = image.getpixel(place)
        assert isinstance(pixel, tuple)
        found.append(tuple(round(channel / 255) * 255 for channel in pixel))
    return found


@pytest.mark.parametrize(
    ("build", "format_"),
    [
        (pictures.jpeg, PictureFormat.JPEG),
        (pictures.png, PictureFormat.PNG),
        (pictures.webp, PictureFormat.JPEG),
        (lambda: pictures.webp(lossless=True), PictureFormat.PNG),
        (pictures.heic, PictureFormat.JPEG),
    ],
)
def test_each_format_keeps_its_pixels_as_jpeg_or_png(build: Build, format_: PictureFormat) -> None:
    answer = seen(build())

    assert answer.format is format_
    assert quarters(pictures.opened(answer.clean)) == [RED, LIME, BLUE, WHITE]
    assert (answer.width, answer.height) == pictures.opened(answer.clean).size


@pytest.mark.parametrize("build", pictures.SOUND.values(), ids=pictures.SOUND)
def test_the_same_file_gives_the_same_bytes(build: Build) -> None:
    content = build()

    assert seen(content) == seen(content)


@pytest.mark.parametrize(
    "turn",
    [
        (1, [RED, LIME, BLUE, WHITE]),
        (2, [LIME, RED, WHITE, BLUE]),
        (3, [BLUE, WHITE, RED, LIME]),
        (4, [WHITE, BLUE, LIME, RED]),
        (5, [RED, WHITE, BLUE, LIME]),
        (6, [WHITE, RED, LIME, BLUE]),
        (7, [BLUE, LIME, RED, WHITE]),
        (8, [LIME, BLUE, WHITE, RED]),
        (9, [RED, LIME, BLUE, WHITE]),
    ],
)
@pytest.mark.parametrize("build", [pictures.jpeg, pictures.png, pictures.webp])
def test_is_turned_as_the_camera_said(
    build: Build, turn: tuple[int, list[tuple[int, ...]]]
) -> None:
    orientation, expected = turn
    exif = Image.Exif()
    exif[0x0112] = orientation

    image = rebuilt(build(exif=exif))

    assert quarters(image) == expected
    assert image.size == ((48, 64) if orientation in {5, 6, 7, 8} else (64, 48))


def test_heic_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = pictures.photo(128, 96)
    image.info["exif"] = exif.tobytes()

    assert quarters(rebuilt(pictures.encoded(image, "HEIF"))) == [WHITE, RED, LIME, BLUE]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_becomes_eight_bits_of_grey_rgb_or_rgba(mode: str) -> None:
    image = rebuilt(pictures.encoded(pictures.photo(mode=mode), "PNG"))

    assert image.mode in {"L", "RGB", "RGBA"}
    if mode in {"P", "RGB", "RGBA"}:
        assert quarters(image) == [RED, LIME, BLUE, WHITE]


def test_sixteen_bits_of_grey_are_scaled_not_cut() -> None:
    grey = Image.new("I;16", (4, 4), 0x8000)

    assert rebuilt(pictures.encoded(grey, "PNG")).getpixel((0, 0)) == 0x80


def test_sixteen_bits_of_colour_are_scaled() -> None:
    row = b"\x00" + struct.pack(">HHH", 0xFFFF, 0x8000, 0) * 4
    header = pictures.chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 1, 16, 2, 0, 0, 0))
    data = pictures.chunk(b"IDAT", zlib.compress(row))
    content = b"\x89PNG\r\n\x1a\n" + header + data + pictures.chunk(b"IEND", b"")

    assert rebuilt(content).getpixel((0, 0)) == (255, 128, 0)


def test_print_colours_become_screen_colours() -> None:
    image = rebuilt(pictures.encoded(pictures.photo(mode="CMYK"), "JPEG", quality=95))

    assert image.mode == "RGB"
    assert quarters(image) == [RED, LIME, BLUE, WHITE]


def test_a_palette_keeps_its_transparency() -> None:
    image = pictures.photo(mode="P")
    image.info["transparency"] = image.getpixel((1, 1))

    clean = rebuilt(pictures.encoded(image, "PNG"))

    assert clean.mode == "RGBA"
    assert clean.getpixel((1, 1)) == (0, 0, 0, 0)
    assert clean.getpixel((63, 47)) == (*BLUE, 255)


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_what_is_hidden_under_transparency_is_gone(format_: str) -> None:
    image = pictures.photo(mode="RGBA")
    image.putalpha(0)
    image.paste((255, 255, 255, 255), (0, 0, 8, 8))

    clean = rebuilt(pictures.encoded(image, format_, lossless=True, exact=True))

    assert clean.convert("RGB").getpixel((60, 40)) == (0, 0, 0)


def test_a_see_through_heic_stands_on_white() -> None:
    image = pictures.photo(128, 96, mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 64, 48))

    assert quarters(rebuilt(pictures.encoded(image, "HEIF"))) == [WHITE, LIME, BLUE, WHITE]


@pytest.mark.parametrize("build", pictures.SOUND.values(), ids=pictures.SOUND)
def test_the_colour_profile_stays_and_speaks_no_words(build: Build) -> None:
    profile = pictures.srgb_profile().replace(
        "sRGB".encode("utf-16-be"), "Amel".encode("utf-16-be")
    )

    clean = seen(build(icc_profile=profile)).clean

    kept = containers.read(clean)
    assert isinstance(kept, Container)
    before, after = (
        ImageCms.getOpenProfile(io.BytesIO(icc)).profile for icc in (profile, kept.icc)
    )
    for colour in ("red_primary", "green_primary", "blue_primary", "media_white_point"):
        assert getattr(after, colour) == getattr(before, colour)
    assert after.xcolor_space == "RGB "
    assert "Amel".encode("utf-16-be") not in kept.icc


def test_a_profile_for_other_colours_goes() -> None:
    clean = rebuilt(
        pictures.encoded(pictures.photo(mode="L"), "PNG", icc_profile=pictures.srgb_profile())
    )

    assert "icc_profile" not in clean.info


@pytest.mark.parametrize("build", pictures.SOUND.values(), ids=pictures.SOUND)
def test_a_preview_is_a_small_jpeg(build: Build) -> None:
    answer = smaller(build(), Limits(), 32)

    assert isinstance(answer, Seen)
    image = pictures.opened(answer.clean)
    assert image.format == "JPEG"
    assert image.size == (32, 24)
    assert quarters(image) == [RED, LIME, BLUE, WHITE]


def test_a_preview_is_never_larger_than_the_picture() -> None:
    answer = smaller(pictures.png(), Limits(), 1024)

    assert isinstance(answer, Seen)
    assert (answer.width, answer.height) == (64, 48)


def test_limits_count_to_the_pixel() -> None:
    limits = Limits(pixels=64 * 48, webp_pixels=64 * 48)
    for content in (pictures.jpeg(), pictures.png(), pictures.webp()):
        assert isinstance(inspected(content, limits), Seen)
    tighter = Limits(pixels=64 * 48 - 1, webp_pixels=64 * 48 - 1)
    for build in pictures.SOUND.values():
        assert inspected(build(), tighter) is Unusable.TOO_MANY_PIXELS


def test_a_clean_picture_is_never_too_large_to_be_inspected_again() -> None:
    noise = Image.effect_noise((300, 300), 60)
    smooth = Image.merge("RGB", [noise.filter(ImageFilter.GaussianBlur(r)) for r in (8, 9, 10)])
    opaque = pictures.encoded(smooth.quantize(64), "PNG", optimize=True)
    see_through = pictures.encoded(Image.merge("LA", (noise, noise)), "PNG")

    answer = inspected(opaque, Limits(bytes=len(opaque)))

    assert len(seen(opaque).clean) > len(opaque)
    assert isinstance(answer, Seen)
    assert answer.format is PictureFormat.JPEG
    assert len(answer.clean) <= len(opaque)
    assert inspected(see_through, Limits(bytes=len(see_through))) is Unusable.TOO_MANY_BYTES


@settings(max_examples=150)
@given(st.sampled_from(sorted(pictures.SOUND)), st.data())
def test_a_container_is_read_whatever_the_bytes(name: str, data: st.DataObject) -> None:
    content = bytearray(pictures.SOUND[name]())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]

    answer = containers.read(bytes(content))

    assert isinstance(answer, Unusable) or len(answer.pixels) <= len(content) + 8


@given(st.binary(max_size=300))
def test_a_container_is_read_whatever_follows_the_first_bytes(rest: bytes) -> None:
    for start in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x01\x00\x00WEBP"):
        assert isinstance(containers.read(start + rest), Container | Unusable)
