"""Names that a school keeps as no pupil's, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.keeping.model import STANDING, KeptName, State
from storage import kept_name_tables as t, mapping
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from moderation.checks.model import NotAPupil
    from moderation.kernel import SchoolId
    from storage.session import Session


class SqlKeptNames:
    """A :class:`moderation.keeping.ports.KeptNames` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[KeptName, int] | None:
        """The name, locked for this unit of work, and its version."""
        select = sa.select(t.kept_name).where(t.kept_name.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        return None if row is None else (self._kept(row.id, row.body), row.version)

    async def put(self, subject_id: str, state: KeptName, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if subject_id != state.id:
            raise RuleBroken("a name is stored under its own id")
        row = {
            "school": state.school,
            "state": state.state.value,
            "asked_by": state.asked_by,
            "agreed_by": state.agreed_by,
            "body": self._session.seal(t.kept_name, subject_id, mapping.to_json(state).encode()),
        }
        await self._session.put_version(t.kept_name, {"id": subject_id}, expected, row)

    async def standing(self, school: SchoolId) -> tuple[KeptName, ...]:
        """Those of one place that wait or are kept, by when they were asked for."""
        found = await self._at(school, STANDING)
        return tuple(sorted(found, key=lambda one: (one.asked_at, one.id)))

    async def agreed(self, school: SchoolId, day: date) -> tuple[tuple[str, NotAPupil], ...]:
        """Names that two people of this place keep on this day, and whose they are."""
        found = await self._at(school, {State.KEPT})
        return tuple((one.name, one.kind) for one in found if one.until and one.until.date() >= day)

    async def _at(self, school: SchoolId, states: Collection[State]) -> tuple[KeptName, ...]:
        select = (
            sa.select(t.kept_name.c.id, t.kept_name.c.body)
            .where(t.kept_name.c.school == school, t.kept_name.c.state.in_(sorted(states)))
            .order_by(t.kept_name.c.id)
        )
        rows = await self._session.execute(select)
        return tuple(self._kept(row.id, row.body) for row in rows)

    def _kept(self, id_: str, body: bytes) -> KeptName:
        return mapping.from_json(self._session.unseal(t.kept_name, id_, body), KeptName)
