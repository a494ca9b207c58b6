"""Questions about kept names: the card of one, and what is kept where the reader may say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.keeping.facts import checked_at, rights_at
from moderation.keeping.model import KeptName, NameId, State
from moderation.keeping.rights import keepers
from moderation.kernel import PersonId, SchoolId


if TYPE_CHECKING:
    from moderation.keeping.ports import KeepingUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage:
    """One name with what its card shows. ``asked`` have the card to agree; ``readers`` may see it.

    ``checked_for``: somebody whom posts are checked for has it, so that it counts for nothing.
    ``nearly``: a pupil has it but for a slip. ``viewer`` is the reader, ``None`` for nobody.
    """

    kept: KeptName
    version: int
    place: str
    checked_for: bool
    nearly: bool
    names: Mapping[PersonId, str]
    asked: tuple[PersonId, ...]
    readers: tuple[PersonId, ...]
    viewer: PersonId | None
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """Every name of one place that waits or is kept.

    ``checked_for`` count for nothing: somebody whom posts are checked for has the name by now.
    """

    place: SchoolId
    title: str
    kept: tuple[KeptName, ...]
    checked_for: frozenset[NameId]
    names: Mapping[PersonId, str]
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCard:
    """One name, for those who may ask and agree there today."""

    id: NameId

    async def read(self, unit: KeepingUnit, asked: Asked, schools: Schools) -> NamePage | None:
        """``None`` where there is none, or it isn't the reader's to see."""
        page = await name_page(unit, schools, self.id, asked.at, viewer=asked.person)
        return page if page is not None and asked.person in page.readers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHere:
    """What is kept at each place where the reader may ask and agree; the trust last."""

    async def read(
        self, unit: KeepingUnit, asked: Asked, schools: Schools
    ) -> tuple[PlacePage, ...]:
        if asked.person is None:
            return ()
        day = asked.at.astimezone(schools.zone).date()
        found: list[PlacePage] = []
        for place in (*schools.ids(), schools.trust):
            rights = await rights_at(unit, schools, place, day)
            if asked.person not in keepers(rights):
                continue
            kept = await unit.kept_names.standing(place)
            checked = await checked_at(unit, schools, place, rights)
            found.append(
                PlacePage(
                    place=place,
                    title=_title(schools, place),
                    kept=kept,
                    checked_for=frozenset(one.id for one in kept if checked.has(one.name)),
                    names=await _names(unit, kept),
                    now=asked.at,
                    zone=schools.zone,
                )
            )
        return tuple(found)


async def name_page(
    unit: KeepingUnit,
    schools: Schools,
    id_: NameId,
    now: datetime,
    *,
    viewer: PersonId | None = None,
) -> NamePage | None:
    """One name as the relay draws it."""
    stored = await unit.kept_names.get(id_)
    if stored is None:
        return None
    kept, version = stored
    day = now.astimezone(schools.zone).date()
    rights = await rights_at(unit, schools, kept.school, day)
    able = sorted(keepers(rights))
    waiting = kept.state is State.WAITING
    others = [who for who in able if who != kept.asked_by and rights.here(who)]
    known = {one.id: one.name for one in rights.people}
    checked = await checked_at(unit, schools, kept.school, rights)
    return NamePage(
        kept=kept,
        version=version,
        place=_title(schools, kept.school),
        checked_for=checked.has(kept.name),
        nearly=checked.nearly(kept.name),
        names=known | await _names(unit, (kept,)),
        asked=tuple(others) if waiting else (),
        readers=tuple(able),
        viewer=viewer,
        now=now,
        zone=schools.zone,
    )


def _title(schools: Schools, place: SchoolId) -> str:
    known = schools.get(place)
    return "the trust" if known is None else known.name


async def _names(unit: KeepingUnit, kept: tuple[KeptName, ...]) -> dict[PersonId, str]:
    people = {who for one in kept for who in (one.asked_by, one.agreed_by, one.over_by) if who}
    found = {who: await unit.people.get(who) for who in sorted(people)}
    return {who: one.name for who, one in found.items() if one is not None}
