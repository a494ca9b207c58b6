"""Questions about holds: what a card shows, and which place somebody means who types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.holds.facts import covers, rights_at
from moderation.holds.model import Hold
from moderation.kernel import PersonId, SchoolId
from moderation.people.queries import belongs_to
from moderation.people.rights import Rights


if TYPE_CHECKING:
    from moderation.holds.ports import HoldUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """What a card of a hold shows beside it. ``version`` is the stored one's, 0 where none is.

    ``viewer`` is the reader, ``None`` for a card that a whole channel sees. ``rights`` are those
    at the place; ``trust`` is the trust's own pause where that covers this school as well.
    """

    place: SchoolId
    name: str
    whole_trust: bool
    version: int
    viewer: PersonId | None
    names: Mapping[PersonId, str]
    rights: Rights
    now: datetime
    zone: tzinfo
    trust: Hold | None = None


@dataclass(frozen=True, slots=True)
class HoldPage:
    """A hold with its view; ``None`` where nothing was ever paused."""

    hold: Hold | None
    view: HoldView


@dataclass(frozen=True, slots=True)
class Meant:
    """The place that somebody means, and what is left of their words."""

    place: SchoolId
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCard:
    """How the posts of one place stand, for whoever belongs there."""

    school: SchoolId

    async def read(self, unit: HoldUnit, asked: Asked, schools: Schools) -> HoldPage | None:
        """``None`` for a stranger, and for a place that isn't the reader's."""
        if self.school not in await _mine(unit, asked, schools):
            return None
        return await hold_page(unit, schools, self.school, viewer=asked.person, now=asked.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class MyHolds:
    """How the posts of each place stand that the reader works at."""

    async def read(self, unit: HoldUnit, asked: Asked, schools: Schools) -> tuple[HoldPage, ...]:
        """The trust last; nothing for a stranger."""
        places = await _works_at(unit, asked, schools)
        return tuple(
            [
                await hold_page(unit, schools, place, viewer=asked.person, now=asked.at)
                for place in (*schools.ids(), schools.trust)
                if place in places
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichPlace:
    """Whose posts somebody means who types ``words``: "oakfield: flood in the hall"."""

    words: str

    async def read(self, unit: HoldUnit, asked: Asked, schools: Schools) -> Meant | None:
        """The place named first; else the one where the reader works. ``None``: it could be any."""
        first, _, rest = self.words.strip().partition(" ")
        places = await _works_at(unit, asked, schools)
        for place in (*schools.ids(), schools.trust):
            if first.rstrip(":,").casefold() == place.casefold():
                return Meant(place, rest.strip())
        return Meant(next(iter(places)), self.words.strip()) if len(places) == 1 else None


async def hold_page(
    unit: HoldUnit,
    schools: Schools,
    place: SchoolId,
    *,
    viewer: PersonId | None,
    now: datetime,
) -> HoldPage:
    """Everything that a card of this place's hold shows, for one reader or a channel."""
    stored = await unit.holds.get(place)
    hold, version = stored if stored is not None else (None, 0)
    above = None if place == schools.trust else await unit.holds.get(schools.trust)
    trust = above[0] if above is not None and above[0].paused else None
    rights = await rights_at(unit, schools, place, now.astimezone(schools.zone).date())
    named = (item for it in (hold, trust) if it is not None for item in (it.by, it.started_by))
    found = schools.get(place)
    view = HoldView(
        place=place,
        name=found.name if found is not None else str(place),
        whole_trust=place == schools.trust,
        version=version,
        viewer=viewer,
        names=await _names(unit, rights, tuple(who for who in named if who is not None)),
        rights=rights,
        now=now,
        zone=schools.zone,
        trust=trust,
    )
    return HoldPage(hold, view)


async def rights_over(
    unit: HoldUnit, schools: Schools, place: SchoolId, now: datetime
) -> tuple[Rights, ...]:
    """Today's rights at every place that a hold of this one covers."""
    day = now.astimezone(schools.zone).date()
    places = sorted(covers(schools, place))
    return tuple([await rights_at(unit, schools, each, day) for each in places])


async def _names(
    unit: HoldUnit, rights: Rights, mentioned: tuple[PersonId, ...]
) -> Mapping[PersonId, str]:
    names = {person.id: person.name for person in rights.people}
    for who in mentioned:
        former = None if who in names else await unit.people.get(who)
        if former is not None:
            names[who] = former.name
    return names


async def _mine(unit: HoldUnit, asked: Asked, schools: Schools) -> frozenset[SchoolId]:
    """Every place that the reader belongs to today."""
    person = await unit.people.get(asked.person) if asked.person is not None else None
    if person is None:
        return frozenset()
    return belongs_to(person, schools, asked.at.astimezone(schools.zone).date())


async def _works_at(unit: HoldUnit, asked: Asked, schools: Schools) -> frozenset[SchoolId]:
    """Places of the reader's own appointments: a trust lead's is the trust, not every school."""
    person = await unit.people.get(asked.person) if asked.person is not None else None
    if person is None:
        return frozenset()
    day = asked.at.astimezone(schools.zone).date()
    return frozenset(place for place in (*schools.ids(), schools.trust) if person.roles(place, day))
