"""Rows that one worker at a time takes: claim in a short transaction, work outside it, settle.

``attempts`` rises with every claim and is the fencing token: whoever comes back after the lease
has gone to somebody else settles nothing. Rows stay claimable when a worker dies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import CorruptStore, Platform


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.engine import Row

    from storage.session import Session

PLATFORMS: Final = frozenset(platform.value for platform in Platform)
"""What a row may name. A row of a later version may name another."""
UNREADABLE: Final = {"state": "dead", "last_error": CorruptStore.__name__}
"""Of one row that another version wrote, or somebody altered: it must not hold up the others."""


class Leases:
    """The queue that one table is. ``order`` says which rows are claimed first."""

    def __init__(
        self,
        session: Session,
        table: sa.Table,
        *,
        waiting: sa.ColumnElement[bool],
        order: tuple[sa.ColumnElement[Any], ...],
        taken: str | None = None,
    ) -> None:
        """``waiting`` picks the rows to be done; ``taken`` is their state while one does them."""
        self._session = session
        self._table = table
        self._waiting = waiting
        self._order = order
        self._taken = {} if taken is None else {"state": taken}
        self._dated = "first_at" in table.c

    async def claim(
        self, now: datetime, limit: int, owner: str, lease: timedelta
    ) -> list[Row[Any]]:
        """At most ``limit`` rows that are due and nobody's, now ours until ``now + lease``."""
        table = self._table
        dated = {"first_at": sa.func.coalesce(table.c.first_at, now)} if self._dated else {}
        free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
        keys = list(table.primary_key.columns)
        due = (
            sa.select(*keys)
            .where(self._waiting, table.c.due_at <= now, free)
            .order_by(*self._order)
            .limit(limit)
        )
        found = (await self._session.execute(self._session.skip_locked(due))).all()
        if not found:
            return []
        update = (
            table.update()
            .where(_any_of(keys, [tuple(row) for row in found]))
            .values(
                attempts=table.c.attempts + 1,
                lease_owner=owner,
                lease_until=now + lease,
                **self._taken,
                **dated,
            )
            .returning(*table.c)
        )
        claimed = (await self._session.execute(update)).all()
        # Neither database says in which order it gives them back.
        place = {tuple(row): position for position, row in enumerate(found)}
        return sorted(claimed, key=lambda row: place[tuple(getattr(row, key.name) for key in keys)])

    async def settle(
        self, key: Mapping[str, object], attempts: int, values: Mapping[str, object]
    ) -> bool:
        """Write the outcome and end the lease. ``False``: the row is no longer ours to settle."""
        table = self._table
        mine = [table.c[name] == value for name, value in key.items()]
        return await self._end([*mine, table.c.attempts == attempts], values) == 1

    async def settle_all(
        self, rows: Iterable[tuple[object, int]], values: Mapping[str, object]
    ) -> int:
        """The same for several of a table with one key: (key, attempts). How many were ours."""
        table = self._table
        [key] = table.primary_key.columns
        found = list(rows)
        return await self._end([_any_of([key, table.c.attempts], found)], values) if found else 0

    async def _end(self, mine: list[sa.ColumnElement[bool]], values: Mapping[str, object]) -> int:
        ended = {"lease_owner": None, "lease_until": None, **values}
        here = (*mine, self._table.c.lease_until.is_not(None))
        update = self._table.update().where(*here).values(ended)
        return int((await self._session.execute(update)).rowcount)


def _any_of(
    columns: Sequence[sa.ColumnElement[Any]], rows: Iterable[Sequence[object]]
) -> sa.ColumnElement[bool]:
    """Each row spelt out: of ``(a, b) IN (…)`` SQLite would look at every row of the table."""
    return sa.or_(
        *(
            sa.and_(*(column == value for column, value in zip(columns, row, strict=True)))
            for row in rows
        )
    )
