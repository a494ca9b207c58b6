"""What every inspector promises."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.images.inspector import SubprocessInspector
from moderation.ports import Unusable
from tests.adapters.images import pictures
from tests.fakes.images import FakeImageInspector


if TYPE_CHECKING:
    from collections.abc import Callable

    from moderation.ports import ImageInspector


@pytest.fixture(params=[SubprocessInspector, FakeImageInspector], ids=["subprocess", "fake"])
def inspector(request: pytest.FixtureRequest) -> ImageInspector:
    made: ImageInspector = request.param()
    return made


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("build", [pictures.jpeg, pictures.png, pictures.webp])
async def test_a_sound_picture_is_inspected_and_cleaned(
    inspector: ImageInspector, build: Callable[[], bytes]
) -> None:
    content = build()

    answer = await inspector.inspect(content)

    assert not isinstance(answer, Unusable)
    inspection, clean = answer
    assert inspection.blob == digest(content)
    assert inspection.clean == digest(clean)
    assert inspection.format == str(pictures.opened(clean).format).lower()
    assert (inspection.width, inspection.height) == (64, 48)
    assert pictures.opened(clean).size == (64, 48)


async def test_the_same_bytes_give_the_same_answer(inspector: ImageInspector) -> None:
    content = pictures.jpeg()

    assert await inspector.inspect(content) == await inspector.inspect(content)


async def test_a_clean_picture_is_clean(inspector: ImageInspector) -> None:
    content = pictures.png_with(pictures.chunk(b"tEXt", b"Author\x00Amelia Kaye"))

    answer = await inspector.inspect(content)

    assert not isinstance(answer, Unusable)
    inspection, clean = answer
    assert inspection.metadata == (("PNG Author", "Amelia Kaye"),)
    assert b"Amelia" not in clean
    again = await inspector.inspect(clean)
    assert not isinstance(again, Unusable)
    assert replace(again[0], blob=inspection.blob, clean=inspection.clean) == replace(
        inspection, metadata=()
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unusable.NOT_A_PICTURE),
        (b"GIF89a", Unusable.NOT_A_PICTURE),
        (b"%PDF-1.7", Unusable.NOT_A_PICTURE),
        (pictures.png()[:60], Unusable.DAMAGED),
        (pictures.riff(pictures.webp_header(8, 8, flags=2)), Unusable.ANIMATED),
    ],
)
async def test_bad_content_is_an_answer_not_an_exception(
    inspector: ImageInspector, content: bytes, reason: Unusable
) -> None:
    assert await inspector.inspect(content) is reason
