"""What every publisher promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from adapters.publishing.folder import FolderPublisher
from adapters.publishing.handover import HandoverPublisher
from moderation.kernel import AccountId, BlobId, PostId
from moderation.ports import HandedOut, Rejected
from tests.adapters.images import pictures
from tests.adapters.publishing.releases import release, with_pictures
from tests.fakes.blobs import FakeBlobStore
from tests.fakes.chat import FakeClock
from tests.fakes.publishing import FakePublisher


if TYPE_CHECKING:
    from pathlib import Path

    from moderation.ports import Publisher


@pytest.fixture
def blobs() -> FakeBlobStore:
    return FakeBlobStore()


@pytest.fixture(params=["handover", "folder", "fake"])
def publisher(request: pytest.FixtureRequest, tmp_path: Path, blobs: FakeBlobStore) -> Publisher:
    match request.param:
        case "handover":
            return HandoverPublisher(blobs)
        case "folder":
            return FolderPublisher(tmp_path, blobs, FakeClock(datetime(2026, 3, 1, tzinfo=UTC)))
        case _:
            return FakePublisher(blobs)


async def test_a_text_is_handed_out(publisher: Publisher) -> None:
    assert isinstance(await publisher.hand_out(release()), HandedOut)


async def test_a_post_with_pictures_is_handed_out(
    publisher: Publisher, blobs: FakeBlobStore
) -> None:
    first, second = await blobs.put(pictures.jpeg()), await blobs.put(pictures.png())

    answer = await publisher.hand_out(with_pictures((first, "A race"), (second, "A map")))

    assert isinstance(answer, HandedOut)


async def test_the_same_release_has_the_same_reference(publisher: Publisher) -> None:
    assert await publisher.hand_out(release()) == await publisher.hand_out(release())


async def test_another_account_post_or_revision_has_another_reference(
    publisher: Publisher,
) -> None:
    answers = [
        await publisher.hand_out(one)
        for one in (
            release(),
            release(account=AccountId("oakfield-x")),
            release(post=PostId("01JQ0000000000000000000009")),
            release(revision="01JQ0000000000000000000009"),
        )
    ]

    assert all(isinstance(answer, HandedOut) for answer in answers)
    assert len(set(answers)) == 4


async def test_a_post_is_never_handed_out_without_one_of_its_pictures(
    publisher: Publisher, blobs: FakeBlobStore
) -> None:
    kept = await blobs.put(pictures.jpeg())
    lost = BlobId("sha256:" + "0" * 64)

    answer = await publisher.hand_out(with_pictures((kept, "A race"), (lost, "A map")))

    assert isinstance(answer, Rejected)


async def test_a_post_is_never_handed_out_with_a_damaged_picture(
    publisher: Publisher, blobs: FakeBlobStore
) -> None:
    blob = await blobs.put(pictures.jpeg())
    blobs.held[blob] = b"something else"

    assert isinstance(await publisher.hand_out(with_pictures((blob, "A race"))), Rejected)
