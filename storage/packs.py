"""Policy packs: those in use today, and every one that a post was ever judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.kernel import CorruptStore
from moderation.policies.loader import load_pack
from storage import tables as t


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import SchoolId
    from moderation.policies.model import Pack
    from storage.session import Session


class PackShelf:
    """Packs in memory, shared by all units: ``used`` by each school today, ``known`` by digest."""

    def __init__(self, used: Mapping[SchoolId, Pack]) -> None:
        self.used = dict(used)
        self.known = {pack.digest: pack for pack in used.values()}


class SqlPacks:
    """:class:`moderation.posts.ports.Packs` in a database."""

    def __init__(self, session: Session, shelf: PackShelf) -> None:
        self._session = session
        self._shelf = shelf

    async def current(self, school: SchoolId) -> Pack:
        """The pack that the school uses today. ``KeyError`` for a school that has none."""
        return self._shelf.used[school]

    async def pinned(self, digest: str) -> Pack:
        """The pack with this digest, or :class:`~moderation.kernel.CorruptStore`."""
        known = self._shelf.known.get(digest)
        if known is not None:
            return known
        row = (
            await self._session.execute(sa.select(t.pack).where(t.pack.c.digest == digest))
        ).one_or_none()
        if row is None:
            raise CorruptStore("a policy pack is missing")
        pack = load_pack(row.source, name=row.name)
        if pack.digest != digest:
            raise CorruptStore("a stored policy pack isn't that of its digest")
        self._shelf.known[digest] = pack
        return pack

    async def store(self, pack: Pack) -> None:
        """Keep a pack as loaded. Once for each digest."""
        insert = self._session.insert(t.pack).values(
            digest=pack.digest, name=f"{pack.id} {pack.version}", source=pack.source
        )
        await self._session.execute(insert.on_conflict_do_nothing(index_elements=["digest"]))
