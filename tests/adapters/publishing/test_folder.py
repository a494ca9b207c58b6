"""A release in a folder: exact, whole, once, and for us alone."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import stat
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from adapters.publishing.folder import FolderPublisher
from moderation.kernel import AccountId, BlobId, PostId
from moderation.ports import Ambiguous, HandedOut, Rejected, RetryAfter
from tests.adapters.images import pictures
from tests.adapters.publishing.releases import TEXT, release, with_pictures
from tests.fakes.blobs import FakeBlobStore
from tests.fakes.chat import FakeClock


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


NOW = datetime(2026, 2, 27, 15, 20, 30, tzinfo=UTC)
PLACE = "20260301T080000Z-01JQ0000000000000000000001-01JQ0000000000000000000002"


@pytest.fixture
def blobs() -> FakeBlobStore:
    return FakeBlobStore()


@pytest.fixture
def publisher(tmp_path: Path, blobs: FakeBlobStore) -> FolderPublisher:
    return FolderPublisher(tmp_path / "out", blobs, FakeClock(NOW))


def visible(folder: Path) -> list[str]:
    """Everything below ``folder`` that a reader would look at."""
    found = [path.relative_to(folder) for path in folder.rglob("*")]
    return sorted(str(path) for path in found if not any(p.startswith(".") for p in path.parts))


async def test_the_folder_holds_exactly_what_was_approved(
    tmp_path: Path, publisher: FolderPublisher, blobs: FakeBlobStore
) -> None:
    photo, plan, logo = pictures.jpeg(), pictures.png(), pictures.webp()
    ids = [await blobs.put(content) for content in (photo, plan, logo)]
    alts = ("Children “running”", "A map", "")

    answer = await publisher.hand_out(with_pictures(*zip(ids, alts, strict=True)))

    assert answer == HandedOut(f"oakfield-facebook/{PLACE}")
    place = tmp_path / "out" / "oakfield-facebook" / PLACE
    assert [path.name for path in sorted(place.iterdir())] == [
        "1.jpg",
        "2.png",
        "3.webp",
        "post.json",
    ]
    assert (place / "1.jpg").read_bytes() == photo
    assert (place / "2.png").read_bytes() == plan
    assert (place / "3.webp").read_bytes() == logo
    assert json.loads((place / "post.json").read_bytes()) == {
        "schema": 1,
        "post": "01JQ0000000000000000000001",
        "revision": "01JQ0000000000000000000002",
        "digest": "sha256:" + "ab" * 32,
        "account": {
            "id": "oakfield-facebook",
            "name": "Oakfield Primary",
            "platform": "Facebook",
        },
        "text": TEXT,
        "pictures": [
            {"file": "1.jpg", "alt": "Children “running”", "digest": ids[0]},
            {"file": "2.png", "alt": "A map", "digest": ids[1]},
            {"file": "3.webp", "alt": "", "digest": ids[2]},
        ],
        "not_before": "2026-03-01T08:00:00+00:00",
        "authors": ["p-reed"],
        "approvers": ["p-okafor", "p-lund"],
    }


async def test_files_and_folders_are_for_us_alone(
    tmp_path: Path, publisher: FolderPublisher, blobs: FakeBlobStore
) -> None:
    await publisher.hand_out(with_pictures((await blobs.put(pictures.png()), "A map")))

    for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


async def test_a_post_for_now_is_dated_by_the_clock(publisher: FolderPublisher) -> None:
    answer = await publisher.hand_out(release(not_before=None))

    assert isinstance(answer, HandedOut)
    assert answer.ref.startswith("oakfield-facebook/20260227T152030Z-")


async def test_times_are_in_utc(publisher: FolderPublisher) -> None:
    summer = timezone(timedelta(hours=1))

    answer = await publisher.hand_out(
        release(not_before=datetime(2026, 7, 1, 0, 30, tzinfo=summer))
    )

    assert isinstance(answer, HandedOut)
    assert "/20260630T233000Z-" in answer.ref


async def test_the_same_release_is_recognised_later(tmp_path: Path, blobs: FakeBlobStore) -> None:
    now = release(not_before=None)
    first = FolderPublisher(tmp_path, blobs, FakeClock(NOW))
    later = FolderPublisher(tmp_path, blobs, FakeClock(NOW + timedelta(hours=3)))

    assert await first.hand_out(now) == await later.hand_out(now)
    assert len(list((tmp_path / "oakfield-facebook").iterdir())) == 1


async def test_the_same_release_at_the_same_time_is_one_folder(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    answers = await asyncio.gather(*(publisher.hand_out(release()) for _ in range(5)))

    assert len(set(answers)) == 1
    assert len(list((tmp_path / "out" / "oakfield-facebook").iterdir())) == 1


async def test_a_revision_never_changes_under_its_reader(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    await publisher.hand_out(release())
    before = (tmp_path / "out" / "oakfield-facebook" / PLACE / "post.json").read_bytes()

    answer = await publisher.hand_out(release(text="other words", digest="sha256:" + "cd" * 32))

    assert answer == Rejected("other_content_under_the_same_revision")
    assert (tmp_path / "out" / "oakfield-facebook" / PLACE / "post.json").read_bytes() == before


async def test_a_place_that_somebody_else_took_is_left_alone(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    taken = tmp_path / "out" / "oakfield-facebook" / PLACE
    taken.mkdir(parents=True)

    assert await publisher.hand_out(release()) == Rejected("place_is_taken")
    assert list(taken.iterdir()) == []


HOSTILE = st.text(max_size=120) | st.sampled_from(
    ["", ".", "..", "../../etc", "/etc/passwd", "a/b", ".hidden", "-", "a\x00b", "CON", "é" * 200]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(account=HOSTILE, post=HOSTILE, revision=HOSTILE)
async def test_no_id_leads_out_of_the_folder(
    tmp_path: Path, publisher: FolderPublisher, account: str, post: str, revision: str
) -> None:
    out = tmp_path / "out"

    answer = await publisher.hand_out(
        release(account=AccountId(account), post=PostId(post), revision=revision)
    )

    assert isinstance(answer, HandedOut)
    assert stays_inside(out, out / answer.ref)
    assert json.loads((out / answer.ref / "post.json").read_bytes())["post"] == post


def stays_inside(out: Path, written: Path) -> bool:
    """Whether ``written`` is two steps below ``out``, and nothing was made beside ``out``."""
    return written.resolve().parent.parent == out.resolve() and list(out.parent.iterdir()) == [out]


async def test_ids_that_only_look_alike_are_kept_apart(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    alike = [("a", "b-c"), ("a-b", "c"), ("a_b", "c"), ("a/b", "c"), ("a b", "c")]

    answers = [
        await publisher.hand_out(release(post=PostId(post), revision=revision))
        for post, revision in alike
    ]

    assert len(set(answers)) == len(alike)
    assert len(list((tmp_path / "out" / "oakfield-facebook").iterdir())) == len(alike)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, RetryAfter(timedelta(minutes=5))),
        (errno.EDQUOT, RetryAfter(timedelta(minutes=5))),
        (errno.EROFS, Rejected("EROFS")),
        (errno.EIO, Rejected("EIO")),
    ],
)
@pytest.mark.parametrize("step", range(3))
async def test_a_fault_before_the_end_shows_nothing(
    code: int,
    expected: RetryAfter | Rejected,
    step: int,
    tmp_path: Path,
    publisher: FolderPublisher,
    blobs: FakeBlobStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = with_pictures((await blobs.put(pictures.png()), "A map"))
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", FailingSync(step, code))
        answer = await publisher.hand_out(whole)

    assert answer == expected
    assert visible(tmp_path / "out") == ["oakfield-facebook"]
    assert list((tmp_path / "out" / "oakfield-facebook").iterdir()) == []
    assert isinstance(await publisher.hand_out(whole), HandedOut)


async def test_a_reader_never_sees_half_a_folder(
    tmp_path: Path, publisher: FolderPublisher, blobs: FakeBlobStore
) -> None:
    whole = with_pictures((await blobs.put(pictures.png()), "A map"))
    place = str(tmp_path / "out" / "oakfield-facebook" / PLACE)

    with watched() as events:
        await publisher.hand_out(whole)

    assert [(event, path) for event, path in events if path.startswith(place)] == [
        ("os.rename", place)
    ]


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """What Python writes, makes and moves meanwhile, each with its path."""
    events: list[tuple[str, str]] = []
    on = True

    def seen(event: str, args: tuple[object, ...]) -> None:
        if not on:
            return
        match event, args:
            case "open", (path, _, int(flags)) if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                events.append((event, str(path)))
            case ("os.mkdir", (path, *_)) | ("os.rename", (_, path, *_)):
                events.append((event, str(path)))

    sys.addaudithook(seen)  # it can't be taken away again, only told to look elsewhere
    try:
        yield events
    finally:
        on = False


async def test_a_fault_after_it_can_be_seen_asks_a_person(
    tmp_path: Path, publisher: FolderPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", FailingSync(2, errno.EIO))
        answer = await publisher.hand_out(release())

    assert answer == Ambiguous("EIO")
    assert visible(tmp_path / "out") == [
        "oakfield-facebook",
        f"oakfield-facebook/{PLACE}",
        f"oakfield-facebook/{PLACE}/post.json",
    ]


class FailingSync:
    """``os.fsync`` that works ``works`` times and then says what a disk says."""

    def __init__(self, works: int, code: int) -> None:
        self._left = works
        self._code = code
        self._real = os.fsync

    def __call__(self, handle: int) -> None:
        if self._left == 0:
            raise OSError(self._code, os.strerror(self._code))
        self._left -= 1
        self._real(handle)


async def test_a_file_in_the_way_is_named_by_its_code_alone(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    (tmp_path / "out").write_text("not a folder")

    assert await publisher.hand_out(release()) in {Rejected("ENOTDIR"), Rejected("EEXIST")}


async def test_what_a_crash_left_is_removed_and_what_another_writes_is_not(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    account = tmp_path / "out" / "oakfield-facebook"
    old, young = account / ".new-old", account / ".new-young"
    for place in (old, young):
        place.mkdir(parents=True)
        (place / "1.jpg").write_bytes(b"half a picture")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))

    await publisher.hand_out(release())

    assert not old.exists()
    assert young.exists()


async def test_a_cancelled_caller_finds_it_done_or_not_begun(
    tmp_path: Path, publisher: FolderPublisher
) -> None:
    handing = asyncio.create_task(publisher.hand_out(release()))
    await asyncio.sleep(0)
    handing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handing

    assert await publisher.hand_out(release()) == HandedOut(f"oakfield-facebook/{PLACE}")
    assert len(list((tmp_path / "out" / "oakfield-facebook").iterdir())) == 1


@pytest.mark.parametrize(("brand", "name"), [(b"isom", "1.mp4"), (b"qt  ", "1.mov")])
async def test_a_video_is_put_together_from_its_parts(
    tmp_path: Path, blobs: FakeBlobStore, brand: bytes, name: str
) -> None:
    first = b"\0\0\0\x18ftyp" + brand
    parts = (await blobs.put(first), await blobs.put(b"the rest"))
    video = BlobId("sha256:" + "cd" * 32)
    made = release(pictures=((video, "Tom: Hello."),), films={video: parts})
    publisher = FolderPublisher(tmp_path / "out", blobs, FakeClock())

    handed = await publisher.hand_out(made)

    assert isinstance(handed, HandedOut)
    assert (tmp_path / "out" / handed.ref / name).read_bytes() == first + b"the rest"
    del blobs.held[parts[1]]
    again = replace(made, revision="01JQ0000000000000000000003")
    assert await publisher.hand_out(again) == Rejected("picture_missing")
