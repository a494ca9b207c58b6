"""How the installation stands, school by school: what ``status``, ``doctor`` and the metrics tell.

Counts, ages and ids of app.yaml. No child's name, no post's words and no member of staff.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from moderation.accounts.queries import conditions
from moderation.kernel import SchoolId
from storage.census import Backlog, Record, Stuck


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moderation.people.ports import Schools
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From when on something counts as standing too long; elapsed time, weekends too."""

    in_review: timedelta = timedelta(hours=72)
    late: timedelta = timedelta(minutes=15)
    unposted: timedelta = timedelta(hours=72)
    roster: timedelta = timedelta(days=35)


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What the relay still has to do. ``oldest`` is when the first of the waiting fell due."""

    waiting: int = 0
    dead: int = 0
    unsure: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolStatus:
    """One school, or the trust with what belongs to no single school.

    ``refused`` counts lists that were set aside, with why, and wait for somebody.

    ``pupils`` and ``roster_at`` are ``None`` where no list of pupils ever came in, and for the
    trust, which has none; ``roster_at`` also where that was before such times were kept.
    """

    school: SchoolId
    name: str
    is_trust: bool
    pupils: int | None
    roster_at: datetime | None
    accounts: int
    uncovered: int
    quiet: int
    stuck: Stuck
    deliveries: Deliveries
    refused: int = 0

    def roster_age(self, now: datetime) -> timedelta | None:
        """How long ago the list of pupils last came in."""
        return None if self.roster_at is None else now - self.roster_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything, as of ``at``. ``schools`` are in the file's order, the trust last."""

    at: datetime
    schools: tuple[SchoolStatus, ...]
    backlogs: tuple[Backlog, ...]
    pictures_waiting: int
    record: Record


async def gather(
    unit: Unit,
    schools: Schools,
    now: datetime,
    limits: Limits = LIMITS,
    *,
    refused: Mapping[SchoolId, int],
) -> Status:
    """Read it all in one snapshot. ``refused`` counts each school's lists that were set aside."""
    census = unit.census
    backlogs = await census.backlogs(now)
    stuck = await census.stuck(
        now, in_review=limits.in_review, late=limits.late, unposted=limits.unposted
    )
    pupils, received = await census.pupils(), await unit.rolls.last_received()
    deliveries = _by_school(backlogs, schools)
    day = now.astimezone(schools.zone).date()
    found = []
    for school in (*schools.ids(), schools.trust):
        known = schools.get(school)
        watched = [
            item for item in await conditions(unit, schools, school=school, day=day) if item.watched
        ]
        found.append(
            SchoolStatus(
                school=school,
                name=str(school) if known is None else known.name,
                is_trust=school == schools.trust,
                pupils=pupils.get(school),
                roster_at=received.get(school) if school in pupils else None,
                accounts=len(watched),
                uncovered=sum(item.uncovered for item in watched),
                quiet=sum(item.stale for item in watched),
                stuck=stuck.get(school, Stuck()),
                deliveries=deliveries.get(school, Deliveries()),
                refused=refused.get(school, 0),
            )
        )
    return Status(
        at=now,
        schools=tuple(found),
        backlogs=backlogs,
        pictures_waiting=await census.pictures_waiting(),
        record=await census.record(),
    )


def _by_school(backlogs: Iterable[Backlog], schools: Schools) -> Mapping[SchoolId, Deliveries]:
    """The queues together; what belongs to no school of app.yaml is the trust's."""
    of: dict[SchoolId, list[Backlog]] = defaultdict(list)
    for backlog in backlogs:
        known = backlog.school is not None and schools.get(backlog.school) is not None
        of[backlog.school if known and backlog.school else schools.trust].append(backlog)
    return {
        school: Deliveries(
            waiting=sum(item.waiting for item in items),
            dead=sum(item.dead for item in items),
            unsure=sum(item.unsure for item in items),
            oldest=min((item.oldest for item in items if item.oldest is not None), default=None),
        )
        for school, items in of.items()
    }
