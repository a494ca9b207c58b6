"""What somebody hands in: pictures and one video, and why others stay behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.sandbox.chat import SandboxChat
from adapters.taking_in import (
    NO_FILES,
    ONE_VIDEO,
    BrokeOff,
    Fetched,
    Moving,
    NotFetched,
    left_behind,
    may_be_video,
    taken_in,
)
from moderation.kernel import Identity, Platform
from tests.fakes.chat import FakeClock, FakeIds, FakeJournal
from tests.fakes.door import FakeDoor


if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from adapters.taking_in import Taken

REED = Identity(Platform.SANDBOX, "reed")
HEAD = b"\0\0\0\x18ftypisom"
PNG = b"\x89PNG\r\n\x1a\n"
BROKE = "It broke off."


def film(rest: bytes = b"mdat", name: str = "beans.mp4", *, breaks: bool = False) -> Moving:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield HEAD
        if breaks:
            raise BrokeOff(BROKE)
        yield rest

    return Moving(pieces(), name)


async def handed(
    door: FakeDoor, *files: Fetched | Moving | NotFetched, before: Taken | None = None
) -> Taken:
    async def fetch(file: Fetched | Moving | NotFetched) -> Fetched | Moving | NotFetched:
        return file

    return await taken_in(
        door,
        fetch,
        files,
        by=REED,
        before=before.pictures if before is not None else (),
        videos=before.videos if before is not None else frozenset(),
    )


@pytest.fixture
async def door() -> FakeDoor:
    return FakeDoor(await SandboxChat.open(FakeJournal(), FakeClock(), FakeIds()))


async def test_a_video_is_taken_in_beside_a_picture(door: FakeDoor) -> None:
    taken = await handed(door, Fetched(PNG, "banner.png"), film())
    assert [it.file_name for it in taken.pictures] == ["banner.png", "beans.mp4"]
    assert taken.videos == {taken.pictures[1].blob}
    assert "A video of 0:04." in taken.notes
    assert door.videos[taken.pictures[1].blob] == HEAD + b"mdat"


async def test_a_post_takes_one_video(door: FakeDoor) -> None:
    both = await handed(door, film(), film(b"mdat, another one"))
    assert (len(both.pictures), both.notes) == (1, ("A video of 0:04.", ONE_VIDEO))
    more = await handed(door, film(), film(b"mdat, another one"), before=both)
    assert (more.pictures, more.notes, more.videos) == ((), (ONE_VIDEO,), frozenset())


async def test_one_that_breaks_off_or_is_damaged_is_said(door: FakeDoor) -> None:
    taken = await handed(
        door, film(breaks=True), film(b"", "old.mov"), NotFetched("It's gone."), film()
    )
    assert taken.notes == (
        f"beans.mp4: {BROKE}",
        "old.mov: This video is damaged.",
        "It's gone.",
        "A video of 0:04.",
    )
    assert len(taken.pictures) == 1
    assert "beans" not in repr(taken)


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (HEAD, True),
        (b"\0\0\0\x14ftypqt  ", True),
        (b"\0\0\0\x18ftypheic", False),
        (PNG, False),
        (b"", False),
    ],
)
def test_the_first_bytes_tell_a_video(begun: bytes, said: bool) -> None:  # noqa: FBT001 -- a case
    assert may_be_video(begun) is said


def test_what_stays_behind_is_told() -> None:
    assert left_behind(0, taken=1) == ()
    assert left_behind(1, taken=1) == ("One file stays behind.", NO_FILES)
    assert left_behind(2, taken=0)[0] == "Two files stay behind."
    assert "nothing else" in left_behind(2, taken=10)[0]
