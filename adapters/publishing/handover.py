"""People post it: the release is put in front of the account's posters as *Ready to post*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.publishing.pictures import pictures_of
from moderation.ports import Ambiguous, HandedOut, Rejected, RetryAfter


if TYPE_CHECKING:
    from moderation.ports import BlobStore, Release


class HandoverPublisher:
    """Implements :class:`moderation.ports.Publisher`.

    The card itself is drawn by the posts room and shown by the relay, like any other. Here it is
    only made sure that there is everything to show, so that no poster is left with half a post.
    """

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def hand_out(self, release: Release) -> HandedOut | RetryAfter | Rejected | Ambiguous:
        """``HandedOut("posters:ACCOUNT:POST:REVISION")``: the same release, the same reference.

        ``Rejected``: a picture is lost or damaged. ``RetryAfter``: pictures can't be read just now.
        """
        pictures = await pictures_of(release, self._blobs)
        if not isinstance(pictures, tuple):
            return pictures
        return HandedOut(f"posters:{release.account}:{release.post}:{release.revision}")
