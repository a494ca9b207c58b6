"""Knowing a picture again: saved anew, smaller, mirrored; and never taking one for another."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from adapters.images.likeness import likenesses
from adapters.images.rebuild import inspected
from adapters.images.wire import Limits, Seen
from moderation.checks.likeness import alike
from tests.adapters.images import pictures


if TYPE_CHECKING:
    from collections.abc import Callable


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Ellipses of any colour before a sky and a lawn."""
    dice = random.Random(seed)  # noqa: S311 -- a picture, not a secret
    image = Image.new("RGB", size, "skyblue")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] // 2, *size), fill="olivedrab")
    for _ in range(25):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        across, down = dice.randrange(20, 140), dice.randrange(20, 140)
        colour = tuple(dice.randrange(256) for _ in range(3))
        draw.ellipse((x - across, y - down, x + across, y + down), fill=colour)
    return image


def saved_badly(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=30)
    return pictures.opened(out.getvalue())


def cropped(image: Image.Image) -> Image.Image:
    return ImageOps.crop(image, image.width // 50)


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved at quality 30": saved_badly,
    "halved": lambda image: image.resize((image.width // 2, image.height // 2)),
    "a thumbnail": lambda image: image.resize((160, 120)),
    "in grey": lambda image: image.convert("L"),
    "see-through": lambda image: image.convert("RGBA"),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "a crop of 2 %": cropped,
    "mirrored": ImageOps.mirror,
    "mirrored and saved badly": lambda image: saved_badly(ImageOps.mirror(image)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_picture_is_known_again(change: Callable[[Image.Image], Image.Image]) -> None:
    for seed in range(5):
        before, _ = likenesses(scene(seed))
        after, mirrored = likenesses(change(scene(seed)))
        assert alike(before, after) or alike(before, mirrored), seed


def test_no_picture_is_taken_for_another() -> None:
    seen = [likenesses(scene(seed)) for seed in range(40)]
    for at, (one, _) in enumerate(seen):
        for other, mirrored in seen[:at]:
            assert not alike(one, other)
            assert not alike(one, mirrored)


def test_a_mirror_image_is_the_mirror_image() -> None:
    one, mirrored = likenesses(scene(1))
    assert likenesses(ImageOps.mirror(scene(1))) == (mirrored, one)
    assert not alike(one, mirrored)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_plain_surfaces_are_like_nothing(mode: str) -> None:
    for colour in ("black", "white", "teal"):
        plain = Image.new("RGB", (90, 70), colour).convert(mode)
        assert likenesses(plain) == ("", "")
    assert not alike("", "")
    assert not alike("", "0" * 32)


def test_it_is_taken_of_the_clean_picture() -> None:
    """What comes again is mostly the file that went out."""
    for format_ in ("JPEG", "PNG", "WEBP"):
        first = inspected(pictures.encoded(scene(3), format_), Limits())
        assert isinstance(first, Seen)
        again = inspected(first.clean, Limits())
        assert isinstance(again, Seen)
        assert alike(first.look.likeness, again.look.likeness)
        assert alike(first.look.mirrored, again.look.mirrored)


def test_a_picture_that_lies_on_its_side_in_the_file_is_the_same() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = scene(4).transpose(Image.Transpose.ROTATE_90)
    seen = inspected(pictures.encoded(turned, "JPEG", exif=exif), Limits())
    assert isinstance(seen, Seen)
    assert alike(seen.look.likeness, likenesses(scene(4))[0])
