"""The watch's card: what stands flagged, with today's names and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moderation.accounts.queries import Condition, conditions
from moderation.kernel import AccountId, SchoolId
from moderation.oversight.model import Watch
from moderation.people.queries import rights_for
from moderation.people.rights import Rights


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.oversight.ports import WatchUnit
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """What a card of the watch shows beside the watch itself. ``version`` is the stored one's.

    ``policy`` is the title of the one that the school follows, ``review`` its own review's day.
    """

    version: int
    school: str
    today: date
    conditions: Mapping[AccountId, Condition]
    rights: Rights
    policy: str = ""
    review: date | None = None


@dataclass(frozen=True, slots=True)
class WatchPage:
    """A watch with its view."""

    watch: Watch
    view: WatchView


async def watch_page(
    unit: WatchUnit, schools: Schools, school: SchoolId, *, now: datetime
) -> WatchPage | None:
    """The watch of one school; ``None`` where nothing was ever looked at.

    Nobody's right to see it is asked here: whoever draws it sends it to its audiences alone.
    """
    stored = await unit.watches.get(school)
    if stored is None:
        return None
    watch, version = stored
    return WatchPage(watch, await _view(unit, schools, watch, version, now=now))


async def _view(
    unit: WatchUnit, schools: Schools, watch: Watch, version: int, *, now: datetime
) -> WatchView:
    """Looks up what the card needs. ``rights`` cover the flagged accounts alone."""
    today = now.astimezone(schools.zone).date()
    found = await conditions(unit, schools, school=watch.school, day=today)
    pack = await unit.packs.current(watch.school)
    rights = await rights_for(
        unit,
        schools,
        school=watch.school,
        accounts=frozenset(flag.account for flag in watch.flags),
        settings=pack.settings,
        day=today,
    )
    known = schools.get(watch.school)
    return WatchView(
        version=version,
        school=known.name if known is not None else str(watch.school),
        today=today,
        conditions={item.account.id: item for item in found},
        rights=rights,
        policy=pack.title,
        review=pack.review_date,
    )
