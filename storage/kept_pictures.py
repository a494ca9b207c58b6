"""Which pictures anything still refers to, and the forgetting of all others.

A picture is referred to by every version of every post that shows it, and by open drafts. What was
seen in it is stored under the bytes that came and under the clean ones: both go together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.jottings.model import Jotting, Standing
from moderation.kernel import BlobId
from moderation.ports import Film, Inspection
from moderation.posts.model import Content
from storage import jotting_tables, likeness_tables, mapping, tables as t


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine import Row

    from storage.session import Session

PAGE: Final = 500
"""Versions opened at once, and rows deleted by one statement."""


class KeptPictures:
    """Reading what refers to pictures is a walk over all words: once a night."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def referred(self, since: datetime | None = None) -> frozenset[BlobId]:
        """Every picture of a version written from ``since`` on, and of an open draft.

        Raises :class:`~moderation.kernel.CorruptStore` where any of them can't be read.
        """
        found: set[BlobId] = set()
        last = ""
        while True:
            rows = await self._versions(last, since)
            for identifier, body in rows:
                words = self._session.unseal(t.revision_body, identifier, body)
                content = mapping.from_json(words, Content)
                found.update(item.blob for item in content.attachments)
                last = identifier
            if len(rows) < PAGE:
                return frozenset(found | await self._of_drafts())

    async def unneeded(
        self, old: frozenset[BlobId], referred: frozenset[BlobId]
    ) -> frozenset[BlobId]:
        """Those of ``old`` that nothing needs.

        Needed is what is ``referred`` to, the clean form of that, and what waits to be looked at.
        """
        needed = set(referred)
        for blob, seen in await self._pictures():
            if isinstance(seen, Film):
                needed.update(seen.parts)
            elif seen is None:
                needed.add(blob)
            elif blob in referred or seen.clean in referred:
                needed.update(seen.film.parts if seen.film is not None else (seen.clean,))
        return old - needed

    async def forget(self, blobs: frozenset[BlobId]) -> None:
        """What was seen in these, whichever bytes came."""
        gone = [
            blob
            for blob, seen in await self._pictures()
            if isinstance(seen, Inspection) and _is_of(seen, blobs)
        ]
        for some in _pages(gone):
            for table in (likeness_tables.picture_look, t.picture):
                await self._session.execute(table.delete().where(table.c.blob.in_(some)))

    async def _versions(self, last: str, since: datetime | None) -> list[tuple[str, bytes]]:
        body = t.revision_body.c
        select = sa.select(body.revision_id, body.body).where(body.revision_id > last)
        if since is not None:
            newer = sa.select(t.revision.c.id).where(t.revision.c.at >= since)
            select = select.where(body.revision_id.in_(newer))
        rows = await self._session.execute(select.order_by(body.revision_id).limit(PAGE))
        return [(row.revision_id, row.body) for row in rows]

    async def _of_drafts(self) -> set[BlobId]:
        drafts = jotting_tables.jotting
        select = sa.select(drafts).where(drafts.c.standing == Standing.OPEN.value)
        return {
            picture.blob
            for row in await self._session.execute(select)
            for picture in mapping.from_json(
                self._session.unseal(drafts, row.id, row.body), Jotting
            ).pictures
        }

    async def _pictures(self) -> list[tuple[BlobId, Inspection | Film | None]]:
        """Each with what was seen in it; one that waits with its parts, or ``None``."""
        rows = await self._session.execute(
            sa.select(t.picture).where(t.picture.c.state.in_(("waiting", "seen")))
        )
        return [(BlobId(row.blob), self._seen(row)) for row in rows]

    def _seen(self, row: Row[Any]) -> Inspection | Film | None:
        if row.body is None:
            return None
        body = self._session.unseal(t.picture, row.blob, row.body)
        if row.state == "seen":
            return mapping.from_json(body, Inspection)
        return mapping.from_json(body, Film)


def _is_of(seen: Inspection, blobs: frozenset[BlobId]) -> bool:
    film = seen.film.parts if seen.film is not None else ()
    return seen.clean in blobs or seen.blob in blobs or not blobs.isdisjoint(film)


def _pages(blobs: list[BlobId]) -> Iterator[list[BlobId]]:
    for start in range(0, len(blobs), PAGE):
        yield blobs[start : start + PAGE]
