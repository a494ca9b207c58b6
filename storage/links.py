"""Chat accounts that may be somebody's, sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.links.model import Link, State, link_of
from storage import link_tables as t, mapping
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from sqlalchemy.engine import Row

    from moderation.kernel import Identity
    from storage.session import Session


class SqlLinks:
    """A :class:`moderation.links.ports.Links` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Link, int] | None:
        """The link, locked for this unit of work, and its version."""
        select = sa.select(t.link).where(t.link.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        return None if row is None else (self._link(row), row.version)

    async def put(self, subject_id: str, state: Link, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if not subject_id == state.id == link_of(state.identity):
            raise RuleBroken("a link is stored under its chat account")
        body = self._session.seal(t.link, subject_id, mapping.to_json(state).encode())
        called = (
            self._session.seal(t.link, subject_id, state.called.encode(), "called")
            if state.called
            else None
        )
        row = {"state": state.state.value, "body": body, "called": called}
        await self._session.put_version(t.link, {"id": subject_id}, expected, row)

    async def confirmed(self) -> frozenset[Identity]:
        """Chat accounts that became somebody's in this way."""
        select = sa.select(t.link).where(t.link.c.state == State.LINKED.value)
        rows = await self._session.execute(select)
        return frozenset(self._link(row).identity for row in rows)

    def _link(self, row: Row[Any]) -> Link:
        link = mapping.from_json(self._session.unseal(t.link, row.id, row.body), Link)
        if row.called is None:
            return link
        called = self._session.unseal(t.link, row.id, row.called, "called")
        return replace(link, called=called.decode())
