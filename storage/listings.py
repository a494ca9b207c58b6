"""Listings that people page through.

The filter is kept here, so that a button carries a page number and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import delivery_tables as t


if TYPE_CHECKING:
    from datetime import datetime

    from storage.session import Session


class Listings:
    """Stored filters, sealed: what somebody searched for may be a name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def save(self, listing: str, kind: str, words: str, now: datetime) -> None:
        """Keep the filter ``words`` of a listing of this kind under an id of the caller's."""
        row = {
            "id": listing,
            "kind": kind,
            "body": self._session.seal(t.listing, listing, words.encode()),
            "at": now,
        }
        await self._session.upsert(t.listing, row)

    async def get(self, listing: str) -> tuple[str, str] | None:
        """(kind, filter), or ``None`` when it is unknown or was cleared away."""
        select = sa.select(t.listing).where(t.listing.c.id == listing)
        row = (await self._session.execute(select)).one_or_none()
        if row is None:
            return None
        return row.kind, self._session.unseal(t.listing, listing, row.body).decode()

    async def clear(self, before: datetime) -> int:
        """Forget listings made before this instant; returns how many."""
        delete = t.listing.delete().where(t.listing.c.at < before)
        return int((await self._session.execute(delete)).rowcount)
