"""What a picture shows: faces counted, words read, and said so where nobody could."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from adapters.images import wire
from adapters.images.inspector import SubprocessInspector
from adapters.images.wire import Limits, Noticed
from moderation.ports import Look, Unusable
from tests.adapters.images import pictures


if TYPE_CHECKING:
    from pathlib import Path


NOBODY = "no-such-program"
TESSERACT = shutil.which("tesseract")


def face(size: int) -> Image.Image:
    """A drawing of nobody: hair, eyes, nose and mouth."""
    image = Image.new("L", (size, size), 120)
    draw = ImageDraw.Draw(image)
    for x, y, across, down, shade in (
        (50, 45, 36, 46, 60),
        (50, 55, 30, 40, 190),
        *((x, 38, 11, 3, 70) for x in (37, 63)),
        *((x, 47, 9, 6, 110) for x in (37, 63)),
        *((x, 47, 7, 4, 225) for x in (37, 63)),
        *((x, 47, 3.5, 4, 20) for x in (37, 63)),
        (50, 60, 5, 9, 215),
        (50, 68, 6, 3, 130),
        (50, 80, 14, 4, 90),
    ):
        box = [part * size / 100 for part in (x - across, y - down, x + across, y + down)]
        draw.ellipse(box, fill=shade)
    return image.filter(ImageFilter.GaussianBlur(size / 80))


def faces(*places: tuple[int, int]) -> bytes:
    image = Image.new("L", (800, 600), 120)
    for place in places:
        image.paste(face(160), place)
    return pictures.encoded(image, "JPEG")


def certificate(name: str, tilt: float) -> bytes:
    """On a dark table."""
    paper = Image.new("RGB", (900, 600), "ivory")
    draw = ImageDraw.Draw(paper)
    for y, size, words in ((150, 56, "Certificate of Merit"), (320, 72, name)):
        font = ImageFont.load_default(size)
        draw.text((450, y), words, font=font, fill="black", anchor="mm")
    turned = paper.convert("RGBA").rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    table = Image.new("RGB", (1600, 1200), "saddlebrown")
    table.paste(turned, (250, 200), turned)
    return pictures.encoded(table, "JPEG")


def program(folder: Path, *lines: str) -> str:
    path = folder / "reader"
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o755)
    return str(path)


async def look(content: bytes, reader: str, limits: Limits | None = None) -> Look:
    answer = await SubprocessInspector(limits, reader=reader).inspect(content)
    assert not isinstance(answer, Unusable)
    assert answer[0].look is not None
    return answer[0].look


async def test_faces_are_counted_and_no_more() -> None:
    seen = await look(faces((80, 60), (320, 200), (580, 380)), NOBODY)
    assert seen.faces == 3
    assert (await look(faces(), NOBODY)).faces == 0


async def test_words_are_what_the_program_says(tmp_path: Path) -> None:
    reader = program(tmp_path, "cat >/dev/null", "echo 'Amelia Khan'", 'echo "$@"')
    seen = await look(faces(), reader)
    assert seen.read
    assert "Amelia Khan" in seen.words
    assert "stdin stdout -l eng --psm 11" in seen.words
    assert "Amelia" not in repr(seen)


@pytest.mark.parametrize(
    "lines",
    [
        ("exit 1",),
        ("cat >/dev/null", "echo Amelia", "exit 1"),
        ("kill -9 $$",),
        ("head -c 9 >/dev/null", "exit 3"),
    ],
)
async def test_a_program_that_fails_is_told_and_stops_nothing(
    lines: tuple[str, ...], tmp_path: Path
) -> None:
    seen = await look(faces((80, 60)), program(tmp_path, *lines))
    assert (seen.read, seen.words, seen.faces) == (False, "", 1)


async def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    reader = program(tmp_path, "cat >/dev/null", "exec sleep 600")
    seen = await look(faces(), reader, Limits(look_seconds=2.0))
    assert (seen.read, seen.words) == (False, "")


async def test_without_the_program_nothing_is_read_and_faces_are_counted() -> None:
    seen = await look(faces((80, 60)), NOBODY)
    assert (seen.read, seen.words, seen.faces) == (False, "", 1)


async def test_in_a_tiny_picture_there_is_nothing_to_look_for() -> None:
    assert await look(pictures.png(), NOBODY) == Look(
        likeness=(await look(pictures.png(), NOBODY)).likeness,
        mirrored=(await look(pictures.png(), NOBODY)).mirrored,
        read=True,
        faces=0,
    )


async def test_see_through_and_grey_pictures_are_looked_into() -> None:
    for mode in ("RGBA", "L", "P"):
        content = pictures.encoded(Image.new(mode, (300, 200)), "PNG")
        assert (await look(content, NOBODY)).faces == 0


@pytest.mark.skipif(TESSERACT is None, reason="tesseract is not installed here")
@pytest.mark.parametrize("tilt", [0, 15])
async def test_a_certificate_is_read_straight_or_tilted(tilt: float) -> None:
    patient = Limits(look_seconds=60.0)
    seen = await look(certificate("Amelia Khan", tilt), "tesseract", patient)
    assert seen.read
    assert "Amelia Khan" in seen.words


@pytest.mark.skipif(TESSERACT is None, reason="tesseract is not installed here")
@pytest.mark.parametrize("turn", [90, 180, 270])
async def test_a_certificate_is_read_whichever_way_it_lies(turn: int) -> None:
    patient = Limits(look_seconds=60.0)
    with Image.open(io.BytesIO(certificate("Amelia Khan", 0))) as upright:
        turned = upright.rotate(turn, expand=True)
    seen = await look(pictures.encoded(turned, "JPEG"), "tesseract", patient)
    assert seen.read
    assert "Amelia Khan" in seen.words


@pytest.mark.parametrize(
    "answer",
    [Noticed(), Noticed(faces=3, words="Zoë\nKhan", read=True), Noticed(faces=0, read=True)],
)
def test_what_is_noticed_survives_the_wire(answer: Noticed) -> None:
    assert wire.unpack(wire.pack(answer)) == answer


@pytest.mark.parametrize("wrong", [Noticed(faces=-1), Noticed(words="x" * 10_001)])
def test_what_nobody_can_have_noticed_is_refused(wrong: Noticed) -> None:
    with pytest.raises(ValueError, match="nothing of the kind"):
        wire.unpack(wire.pack(wrong))
