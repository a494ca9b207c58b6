"""Counts for whoever runs the installation: what waits, what is stuck, how old it is.

Schools, states, counts and instants. Nothing that is sealed is opened here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.kernel import SchoolId
from moderation.oversight.model import WATCH
from moderation.posts.model import State
from storage import audit_tables, delivery_tables as t, tables


if TYPE_CHECKING:
    from datetime import timedelta

    from storage.session import Session


DEAD: Final = "dead"
REJECTED: Final = "rejected"
UNSURE: Final = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """One queue of one school. ``school`` is ``None`` for what belongs to no single one.

    ``waiting`` are due and not done; ``dead`` were given up and ``unsure`` wait for a person's
    answer. ``oldest`` is when the first of the waiting fell due.
    """

    school: SchoolId | None
    queue: str
    waiting: int
    dead: int
    unsure: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Posts of one school that have stood too long. ``overdue`` should have gone out by itself."""

    in_review: int = 0
    overdue: int = 0
    unposted: int = 0

    @property
    def total(self) -> int:
        return self.in_review + self.overdue + self.unposted


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How long the audit is, and up to which event a checkpoint was signed."""

    events: int
    signed: int
    newest: datetime | None


class Census:
    """Counting queries, each one statement or a few."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def backlogs(self, now: datetime) -> tuple[Backlog, ...]:
        """Every queue with something waiting, dead or unsure in it."""
        found: list[Backlog] = []
        for queue, select in self._queues(now):
            found += [
                Backlog(
                    school=None if row.school is None else SchoolId(row.school),
                    queue=queue,
                    waiting=row.waiting or 0,
                    dead=row.dead or 0,
                    unsure=row.unsure or 0,
                    oldest=row.oldest,
                )
                for row in await self._session.execute(select)
            ]
        return tuple(found)

    def _queues(self, now: datetime) -> tuple[tuple[str, sa.Select[Any]], ...]:
        effect, card, notice, release = t.effect, t.card, t.notice, t.release
        return (
            ("effects", _counted(effect, effect, effect.c.state == "ready", now)),
            (
                "cards",
                _counted(
                    card, card, sa.and_(card.c.state == "open", card.c.shown < card.c.wanted), now
                ),
            ),
            (
                "notices",
                _counted(
                    notice,
                    effect,
                    notice.c.state == "ready",
                    now,
                    join=effect.c.id == notice.c.effect_id,
                ),
            ),
            (
                "releases",
                _counted(release, None, release.c.state.in_(("ready", "sending")), now),
            ),
        )

    async def stuck(
        self, now: datetime, *, in_review: timedelta, late: timedelta, unposted: timedelta
    ) -> dict[SchoolId, Stuck]:
        """Posts that stand in review, wait past their time or wait to be posted for this long."""
        post = tables.post
        standing = {
            "in_review": sa.and_(
                post.c.state == State.IN_REVIEW.value, post.c.entered_at < now - in_review
            ),
            "overdue": sa.and_(
                post.c.state == State.APPROVED.value,
                post.c.going_out_at < now - late,
                post.c.entered_at < now - late,
            ),
            "unposted": sa.and_(
                post.c.state == State.RELEASED.value, post.c.entered_at < now - unposted
            ),
        }
        select = (
            sa.select(post.c.school, *(_sum(which, name) for name, which in standing.items()))
            .where(sa.or_(*standing.values()))
            .group_by(post.c.school)
        )
        return {
            SchoolId(row.school): Stuck(
                in_review=row.in_review, overdue=row.overdue, unposted=row.unposted
            )
            for row in await self._session.execute(select)
        }

    async def pupils(self) -> dict[SchoolId, int]:
        """How many pupils each school's list holds, leavers too; without any list, no entry."""
        roll, pupil = tables.roll, tables.pupil
        select = (
            sa.select(roll.c.school, sa.func.count(pupil.c.key).label("pupils"))
            .outerjoin(pupil, pupil.c.school == roll.c.school)
            .group_by(roll.c.school)
        )
        return {SchoolId(row.school): row.pupils for row in await self._session.execute(select)}

    async def clock(self) -> datetime | None:
        """What the database's own clock says; SQLite has none but ours."""
        if self._session.dialect == "sqlite":
            return None
        select = sa.select(sa.func.clock_timestamp())
        now: datetime = (await self._session.execute(select)).scalar_one()
        return now

    async def pictures_waiting(self) -> int:
        """Pictures that arrived and nobody has looked at."""
        select = sa.select(sa.func.count()).where(tables.picture.c.state == "waiting")
        return int((await self._session.execute(select)).scalar_one())

    async def record(self) -> Record:
        """The audit's length, and the newest signed checkpoint."""
        event, checkpoint = t.audit_event, audit_tables.audit_checkpoint
        newest = sa.select(event.c.seq, event.c.at).order_by(event.c.seq.desc()).limit(1)
        row = (await self._session.execute(newest)).one_or_none()
        signed = await self._session.execute(sa.select(sa.func.max(checkpoint.c.seq)))
        return Record(
            events=0 if row is None else row.seq,
            signed=signed.scalar_one() or 0,
            newest=None if row is None else row.at,
        )


def _sum(which: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
    return sa.func.sum(sa.case((which, 1), else_=0)).label(name)


def _counted(
    queue: sa.Table,
    subject: sa.Table | None,
    waiting: sa.ColumnElement[bool],
    now: datetime,
    *,
    join: sa.ColumnElement[bool] | None = None,
) -> sa.Select[Any]:
    """One queue by school. ``subject`` holds the subject's kind and id; releases name the post."""
    post = tables.post
    due = sa.and_(waiting, queue.c.due_at <= now)
    unsure = queue.c.state == UNSURE
    # Refused for good, as long as nobody has posted it by hand: the same as `outbox list`.
    dead = sa.or_(
        queue.c.state == DEAD,
        sa.and_(queue.c.state == REJECTED, post.c.state == State.RELEASED.value),
    )
    oldest = sa.func.min(sa.case((due, queue.c.due_at)), type_=queue.c.due_at.type)
    if subject is None:
        school: sa.ColumnElement[Any] = post.c.school
        source = sa.outerjoin(queue, post, post.c.id == queue.c.post_id)
    else:
        school = sa.case(
            (subject.c.subject_kind == WATCH, subject.c.subject_id), else_=post.c.school
        )
        whole: sa.FromClause = queue if join is None else queue.join(subject, join)
        source = sa.outerjoin(whole, post, post.c.id == subject.c.subject_id)
    return (
        sa.select(
            school.label("school"),
            _sum(due, "waiting"),
            _sum(dead, "dead"),
            _sum(unsure, "unsure"),
            oldest.label("oldest"),
        )
        .select_from(source)
        .where(sa.or_(due, dead, unsure))
        .group_by(school)
    )
