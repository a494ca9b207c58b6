"""Ready to post: handed to people, once there is everything to show them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.publishing.handover import HandoverPublisher
from moderation.ports import HandedOut, RetryAfter
from tests.adapters.publishing.releases import release, with_pictures
from tests.fakes.blobs import FakeBlobStore


if TYPE_CHECKING:
    from moderation.kernel import BlobId


async def test_the_reference_says_whose_turn_it_is_and_for_what() -> None:
    answer = await HandoverPublisher(FakeBlobStore()).hand_out(release())

    assert answer == HandedOut(
        "posters:oakfield-facebook:01JQ0000000000000000000001:01JQ0000000000000000000002"
    )


class UnreadableBlobStore(FakeBlobStore):
    async def get(self, blob: BlobId) -> bytes | None:
        raise OSError(5, f"Input/output error: {blob}")


async def test_a_disk_that_cannot_be_read_just_now_is_tried_again() -> None:
    blobs = UnreadableBlobStore()
    picture = await blobs.put(b"a picture")

    answer = await HandoverPublisher(blobs).hand_out(with_pictures((picture, "A race")))

    assert answer == RetryAfter(timedelta(minutes=5))
