"""Pictures in cards of a platform that fetches them: an address that can't be guessed for each.

``/media/<token>`` shows the clean rebuild, small enough for a chat, to whoever has the address;
it asks that no copy be kept (``no-store``), and the address is dead as soon as its post is final.
A video is played there whole, as it goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web

from adapters.playing import play
from bot.application import Application
from bot.chat.pictures import Previews
from moderation.kernel import SubjectRef
from moderation.posts.model import POST
from moderation.views import Media as Shown
from storage.faults import StoreFault
from storage.shown_pictures import OF_A_POST


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import BlobId
    from moderation.views import Card

log = structlog.get_logger(__name__)

ROUTE: Final = "/media/{token}"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
PLAYED: Final = {
    # A browser that is led here plays it on a page of its own making.
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
    # A proxy that buffers would keep a copy on its disk.
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Media:
    """``public_url`` is where the platform reaches this server; "" shows nothing."""

    application: Application
    public_url: str

    async def of(self, card: Card) -> Mapping[BlobId, str]:
        """The addresses of a card's pictures. Never raises."""
        media = (part for part in card.parts if isinstance(part, Shown))
        blobs = {it.blob for part in media for it in part.pictures if it.blob is not None}
        if not blobs or not self.public_url:
            return {}
        try:
            return await self._addresses(card, blobs)
        except StoreFault as wrong:
            log.warning("pictures.no_address", error=type(wrong).__name__)
            return {}

    async def _addresses(self, card: Card, blobs: set[BlobId]) -> Mapping[BlobId, str]:
        now, subject = self.application.clock.now(), card.subject
        if subject.kind in OF_A_POST:
            # It ends with the post, whatever card shows it.
            subject = SubjectRef(POST, subject.id)
        async with self.application.units.write() as unit:
            if await unit.shown_pictures.is_over(subject):
                return {}
            tokens = {blob: await unit.media.token(subject, blob, now) for blob in blobs}
            await unit.commit()
        return {blob: f"{self.public_url}media/{token}" for blob, token in tokens.items()}

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The picture or the video that an address stands for."""
        async with self.application.units.read() as unit:
            found = await unit.media.find(request.match_info["token"])
        video = await self.application.pictures.video(found[1]) if found is not None else None
        if video is not None:
            return await play(request, video, HEADERS | PLAYED)
        content = await Previews(self.application).of(found[1]) if found is not None else None
        if content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="Not found.", headers=HEADERS)
        return web.Response(body=content, content_type="image/jpeg", headers=HEADERS)
