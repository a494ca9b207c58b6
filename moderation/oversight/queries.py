"""The watch's card: what stands flagged, with today's names and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moderation.accounts.queries import Condition, conditions
from moderation.kernel import AccountId, SchoolId
from moderation.oversight.model import Watch
from moderation.people.model import Role
from moderation.people.queries import rights_for
from moderation.people.rights import Rights


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import Asked
    from moderation.oversight.ports import WatchUnit
    from moderation.people.ports import Schools


SEES = frozenset(
    {
        Role.GOVERNOR,
        Role.CHAIR_OF_GOVERNORS,
        Role.TRUST_LEAD,
        Role.DATA_PROTECTION_OFFICER,
        Role.DEPUTY_HEADTEACHER,
        Role.BUSINESS_MANAGER,
        Role.ADMINISTRATOR,
    }
)
"""Roles that see a school's watch besides its head and the accounts' own administrators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """What a card of the watch shows beside the watch itself. ``version`` is the stored one's."""

    version: int
    school: str
    today: date
    conditions: Mapping[AccountId, Condition]
    rights: Rights


@dataclass(frozen=True, slots=True)
class WatchPage:
    """A watch with its view."""

    watch: Watch
    view: WatchView


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchCard:
    """The watch of one school, for its head, its administrators and those who oversee it."""

    school: SchoolId

    async def read(self, unit: WatchUnit, asked: Asked, schools: Schools) -> WatchPage | None:
        """``None`` where nothing was ever looked at, or the reader may not see it."""
        stored = await unit.watches.get(self.school)
        if stored is None or asked.person is None:
            return None
        watch, version = stored
        view = await watch_view(unit, schools, watch, version, now=asked.at)
        person, rights = asked.person, view.rights
        may_see = (
            person == rights.head()
            or person in rights.administrators()
            or bool(rights.roles(person) & SEES)
        )
        return WatchPage(watch, view) if may_see else None


async def watch_view(
    unit: WatchUnit, schools: Schools, watch: Watch, version: int, *, now: datetime
) -> WatchView:
    """Looks up what the card needs. ``rights`` cover the flagged accounts alone."""
    today = now.astimezone(schools.zone).date()
    found = await conditions(unit, schools, school=watch.school, day=today)
    settings = (await unit.packs.current(watch.school)).settings
    rights = await rights_for(
        unit,
        schools,
        school=watch.school,
        accounts=frozenset(flag.account for flag in watch.flags),
        settings=settings,
        day=today,
    )
    known = schools.get(watch.school)
    return WatchView(
        version=version,
        school=known.name if known is not None else str(watch.school),
        today=today,
        conditions={item.account.id: item for item in found},
        rights=rights,
    )
