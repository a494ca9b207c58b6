"""Whose absence somebody means, and what it leaves uncovered: each for one reader, today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moderation.absences.facts import heres, knows
from moderation.absences.model import covering
from moderation.absences.rights import Gap, gap, speakers
from moderation.accounts.model import Account
from moderation.kernel import AccountId, PersonId, SchoolId
from moderation.people.model import Span


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.absences.ports import AbsenceUnit
    from moderation.kernel import Asked
    from moderation.people.model import Person
    from moderation.people.ports import Schools


MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody whom the reader may know of."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePage:
    """An absence and what it leaves uncovered. ``span`` is ``None`` once it is taken back.

    ``coming`` are the person's other absences that aren't over.
    """

    person: PersonId
    name: str
    viewer: PersonId
    span: Span | None
    coming: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    names: Mapping[PersonId, str]
    accounts: Mapping[AccountId, Account]
    schools: Mapping[SchoolId, str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsMeant:
    """People of the reader's own schools whose names hold each of ``words``; the reader for none.

    An id fits alone. At most :data:`MOST_NAMED`.
    """

    words: str = ""

    async def read(
        self, unit: AbsenceUnit, asked: Asked, schools: Schools
    ) -> tuple[Colleague, ...]:
        reader = await unit.people.get(asked.person) if asked.person is not None else None
        if reader is None:
            return ()
        if not self.words.split():
            return (Colleague(person=reader.id, name=reader.name),)
        day = asked.at.astimezone(schools.zone).date()
        people = await unit.people.at(frozenset((*schools.ids(), schools.trust)))
        known = [one for one in people if knows(reader, one, schools, day)]
        return tuple(Colleague(person=one.id, name=one.name) for one in _named(known, self.words))[
            :MOST_NAMED
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """The absence of ``person`` that covers ``day``, for them and whoever may say it of them."""

    person: PersonId
    day: date

    async def read(self, unit: AbsenceUnit, asked: Asked, schools: Schools) -> AbsencePage | None:
        """``None`` for anybody else."""
        if asked.person is None:
            return None
        return await absence_page(
            unit, schools, self.person, self.day, viewer=asked.person, now=asked.at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoMaySay:
    """Who may say it of ``person``, by name, for whoever may know them."""

    person: PersonId

    async def read(
        self, unit: AbsenceUnit, asked: Asked, schools: Schools
    ) -> Mapping[PersonId, str]:
        """Empty for anybody else."""
        found = await unit.people.get(self.person)
        reader = await unit.people.get(asked.person) if asked.person is not None else None
        day = asked.at.astimezone(schools.zone).date()
        if found is None or reader is None or not knows(reader, found, schools, day):
            return {}
        places = (await heres(unit, schools, found, day)).values()
        able = {who for here in places for who in speakers(here)}
        return {one.id: one.name for here in places for one in here.rights.people if one.id in able}


async def absence_page(
    unit: AbsenceUnit,
    schools: Schools,
    person: PersonId,
    day: date,
    *,
    viewer: PersonId,
    now: datetime,
) -> AbsencePage | None:
    """As it stands now, for one reader; ``None`` where it isn't theirs to know."""
    found, reader = await unit.people.get(person), await unit.people.get(viewer)
    today = now.astimezone(schools.zone).date()
    if found is None or reader is None or not knows(reader, found, schools, today):
        return None
    places = await heres(unit, schools, found, today)
    mine = {
        school: here
        for school, here in places.items()
        if viewer == person or viewer in speakers(here)
    }
    if not mine and viewer != person:
        return None
    span = covering(found.absences, day)
    others = tuple(one for one in found.absences if one != span)
    gaps = tuple(gap(here, found, others, span) for here in mine.values()) if span else ()
    accounts = [item for school in mine for item in await unit.accounts.of_school(school)]
    return AbsencePage(
        person=person,
        name=found.name,
        viewer=viewer,
        span=span,
        coming=tuple(one for one in others if one.end is None or one.end >= today),
        gaps=tuple(one for one in gaps if not one.nothing),
        names={one.id: one.name for here in mine.values() for one in here.rights.people},
        accounts={account.id: account for account in accounts},
        schools={school: _name(schools, school) for school in mine},
        today=today,
    )


def _named(people: list[Person], typed: str) -> list[Person]:
    words = typed.casefold().replace(",", " ").split()
    exact = [one for one in people if one.id.casefold() == " ".join(words)]
    if exact:
        return exact
    return [one for one in people if all(word in one.name.casefold() for word in words)]


def _name(schools: Schools, school: SchoolId) -> str:
    known = schools.get(school)
    return str(school) if known is None else known.name
