"""The watch of each school: ids, days and counts, nothing to seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.oversight.model import Watch
from storage import mapping, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from storage.session import Session


class SqlWatches:
    """A :class:`~moderation.kernel.Repository` of watches, keyed by school."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Watch, int] | None:
        """The school's watch, locked for this unit of work, and its version."""
        select = self._session.locked(sa.select(t.watch).where(t.watch.c.school == subject_id))
        row = (await self._session.execute(select)).one_or_none()
        return None if row is None else (mapping.from_json(row.body, Watch), row.version)

    async def put(self, subject_id: str, state: Watch, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if subject_id != state.school:
            raise RuleBroken("a watch is stored under its school")
        row = {"body": mapping.to_json(state)}
        await self._session.put_version(t.watch, {"school": subject_id}, expected, row)
