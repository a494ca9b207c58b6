"""What arrived in each lane, and the cards that count it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import SubjectRef
from moderation.tallies.model import Arrival, Lane, Tally
from storage import tally_tables as t


if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Row

    from moderation.kernel import PostId
    from storage.session import Session

TALLY_LOCK = 0x5C4017
"""PostgreSQL's advisory lock number for whoever decides what is counted."""


class SqlTallies:
    """:class:`moderation.tallies.ports.Tallies` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def alone(self) -> None:
        """No other unit decides what is counted until this one ends.

        SQLite has one writer at a time anyway.
        """
        if self._session.dialect == "postgresql":
            await self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(TALLY_LOCK)))

    async def known(self, lane: Lane, key: str) -> Arrival | None:
        """What was decided when it arrived, or ``None``."""
        select = sa.select(t.arrival).where(t.arrival.c.lane == lane, t.arrival.c.key == key)
        row = (await self._session.execute(select)).one_or_none()
        return None if row is None else _arrival(row)

    async def since(self, lane: Lane, start: datetime) -> tuple[int, int]:
        """How much arrived in the lane after ``start``, and how much of it was not counted."""
        here = (t.arrival.c.lane == lane, t.arrival.c.at > start)
        select = sa.select(
            sa.func.count().label("arrived"),
            sa.func.coalesce(sa.func.sum(t.arrival.c.counted), 0).label("counted"),
        ).select_from(t.arrival)
        found = (await self._session.execute(select.where(*here))).mappings().one()
        return int(found["arrived"]), int(found["arrived"]) - int(found["counted"])

    async def arrive(self, arrival: Arrival) -> None:
        """Keep it, over what was known by the same key."""
        row = {
            "lane": arrival.lane,
            "key": arrival.key,
            "subject_kind": arrival.subject.kind,
            "subject_id": arrival.subject.id,
            "message": arrival.message,
            "day": arrival.day.isoformat(),
            "at": arrival.at,
            "counted": int(arrival.counted),
        }
        await self._session.upsert(t.arrival, row)

    async def arrived(self, lane: Lane, day: date) -> tuple[Arrival, ...]:
        """Everything of one day, oldest first."""
        here = (t.arrival.c.lane == lane, t.arrival.c.day == day.isoformat())
        select = sa.select(t.arrival).where(*here).order_by(t.arrival.c.at, t.arrival.c.key)
        return tuple(map(_arrival, await self._session.execute(select)))

    async def plan(self, tally: Tally) -> None:
        """Keep a counting card, over what was known by the same id."""
        row = {
            "id": tally.id,
            "lane": tally.lane,
            "day": tally.day.isoformat(),
            "number": tally.number,
            "due_at": tally.due,
        }
        await self._session.upsert(t.tally, row)

    async def of(self, lane: Lane, day: date | None = None) -> tuple[Tally, ...]:
        """Those of a lane that are not forgotten, the earliest due first; of one day alone."""
        select = sa.select(t.tally).where(t.tally.c.lane == lane)
        if day is not None:
            select = select.where(t.tally.c.day == day.isoformat())
        order = (t.tally.c.due_at, t.tally.c.number)
        return tuple(map(_tally, await self._session.execute(select.order_by(*order))))

    async def get(self, tally: str) -> Tally | None:
        """By its id."""
        select = sa.select(t.tally).where(t.tally.c.id == tally)
        row = (await self._session.execute(select)).one_or_none()
        return None if row is None else _tally(row)

    async def about(self, post: PostId) -> tuple[str, ...]:
        """Ids of the counting cards of every lane and day on which something of it arrived."""
        select = (
            sa.select(t.tally.c.id)
            .join(
                t.arrival,
                sa.and_(t.arrival.c.lane == t.tally.c.lane, t.arrival.c.day == t.tally.c.day),
            )
            .where(t.arrival.c.subject_id == post)
            .distinct()
        )
        return tuple(sorted((await self._session.execute(select)).scalars()))

    async def clear(self, before: datetime) -> int:
        """Forget what arrived before this; how much."""
        gone = await self._session.execute(t.arrival.delete().where(t.arrival.c.at < before))
        await self._session.execute(t.tally.delete().where(t.tally.c.due_at < before))
        return int(gone.rowcount)


def _arrival(row: Row[Any]) -> Arrival:
    return Arrival(
        lane=Lane(row.lane),
        key=row.key,
        subject=SubjectRef(row.subject_kind, row.subject_id),
        message=row.message,
        day=date.fromisoformat(row.day),
        at=row.at,
        counted=bool(row.counted),
    )


def _tally(row: Row[Any]) -> Tally:
    return Tally(
        lane=Lane(row.lane),
        day=date.fromisoformat(row.day),
        number=row.number,
        due=row.due_at,
    )
