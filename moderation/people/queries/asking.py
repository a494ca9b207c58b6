"""Who am I; which classes are there; where is this pupil: each for one person, today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from moderation.checks.fold import fold
from moderation.checks.names.roster import year_of
from moderation.kernel import SchoolId
from moderation.people.model import TEMPORARY, Standing
from moderation.people.queries.rights import belongs_to, rights_for
from moderation.people.queries.views import (
    ClassesFound,
    ClassLine,
    FoundPupil,
    NoPupils,
    Place,
    PupilsFound,
    Self,
)


if TYPE_CHECKING:
    from datetime import date

    from moderation.checks.model import PupilName
    from moderation.kernel import Asked, PersonId
    from moderation.people.model import AccountRole, Pupil
    from moderation.people.ports import CurrentPacks, People, Register, Rolls, Schools
    from moderation.people.rights import Rights


MOST_FOUND = 10
LEAST_LETTERS = 3


class PeopleUnit(Protocol):
    """The part of a unit of work that these questions read from."""

    @property
    def people(self) -> People: ...

    @property
    def rolls(self) -> Rolls: ...

    @property
    def accounts(self) -> Register: ...

    @property
    def packs(self) -> CurrentPacks: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes of a school (of every school, for the trust), for who may propose there."""

    school: SchoolId

    async def read(self, unit: PeopleUnit, asked: Asked, schools: Schools) -> ClassesFound:
        """By year and name, each with its number of pupils; or why there are none."""
        why = await _why_none(unit, asked, schools, self.school)
        if why is not None:
            return ClassesFound(why=why)
        pupils = await on_roll(unit, schools, self.school)
        sizes = Counter(pupil.name.form for pupil in pupils)
        years: dict[str, set[str]] = {}
        for pupil in pupils:
            year = pupil.name.year_group
            years.setdefault(pupil.name.form, set()).add(year_of(year) or year.strip())
        lines = [
            ClassLine(form, years[form].pop() if len(years[form]) == 1 else "", size)
            for form, size in sizes.items()
            if form
        ]
        return ClassesFound(
            classes=tuple(sorted(lines, key=lambda line: year_order(line.year, line.form)))
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilSearch:
    """Pupils on the roll by ``words`` (at most ten), or a whole class by ``form``.

    Every word must begin some part of the pupil's name, accents aside; three letters at least.
    ``repr`` shows nothing: what is typed is a name.
    """

    school: SchoolId
    words: str = ""
    form: str = ""

    def __repr__(self) -> str:
        return f"PupilSearch({self.school})"

    async def read(self, unit: PeopleUnit, asked: Asked, schools: Schools) -> PupilsFound:
        """In the order of years and classes, leavers left out; or why nobody is shown."""
        why = await _why_none(unit, asked, schools, self.school)
        wanted = name_parts(self.words)
        if why is None and not self.form and sum(map(len, wanted)) < LEAST_LETTERS:
            why = NoPupils.TOO_SHORT
        if why is not None:
            return PupilsFound(why=why)
        here = await on_roll(unit, schools, self.school)
        if self.form:
            found = [pupil for pupil in here if pupil.name.form == self.form]
        else:
            found = [pupil for pupil in here if _named(pupil.name, wanted)]
        found.sort(
            key=lambda pupil: (year_order(pupil.name.year_group, pupil.name.form), pupil.key)
        )
        shown = found if self.form else found[:MOST_FOUND]
        return PupilsFound(pupils=tuple(map(found_pupil, shown)), more=len(shown) < len(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAmI:
    """The reader as Schoolgate knows them."""

    async def read(self, unit: PeopleUnit, asked: Asked, schools: Schools) -> Self | None:
        """``None`` for a stranger."""
        person = await unit.people.get(asked.person) if asked.person is not None else None
        if person is None:
            return None
        today = asked.at.astimezone(schools.zone).date()
        places = [
            await _place(unit, schools, school, person.id, today)
            for school in sorted(belongs_to(person, schools, today))
            if person.roles(school, today) or school == schools.trust
        ]
        return Self(
            person=person.id,
            name=person.name,
            places=tuple(place for place in places if place.roles or place.accounts),
            away=person.away(today),
            may_be_named=person.may_be_named,
            may_be_shown=person.may_be_shown,
        )


async def _place(
    unit: PeopleUnit, schools: Schools, school: SchoolId, person: PersonId, today: date
) -> Place:
    listed = await unit.accounts.of_school(school)
    held: dict[str, set[AccountRole]] = {}
    for grant in await unit.people.grants_of(person):
        if grant.standing is Standing.ACTIVE and grant.span.covers(today):
            held.setdefault(grant.account, set()).add(grant.role)
    accounts = tuple(
        (account.platform, account.name, frozenset(held[account.id]))
        for account in listed
        if account.id in held and not account.closed(today)
    )
    known, found = schools.get(school), await unit.people.get(person)
    return Place(
        school=known.name if known is not None else str(school),
        roles=found.roles(school, today) if found is not None else frozenset(),
        accounts=accounts,
    )


async def _why_none(
    unit: PeopleUnit, asked: Asked, schools: Schools, school: SchoolId
) -> NoPupils | None:
    """Why this person may not look for pupils of this school; ``None`` where they may."""
    if asked.person is None:
        return NoPupils.NOT_A_PROPOSER
    accounts = frozenset(account.id for account in await unit.accounts.of_school(school))
    rights = await rights_for(
        unit,
        schools,
        school=school,
        accounts=accounts,
        settings=(await unit.packs.current(school)).settings,
        day=asked.at.astimezone(schools.zone).date(),
    )
    if not _proposes_anywhere(rights, asked.person):
        return NoPupils.NOT_A_PROPOSER
    return NoPupils.SUPPLY if rights.roles(asked.person) <= TEMPORARY else None


def _proposes_anywhere(rights: Rights, person: PersonId) -> bool:
    return any(
        replace(rights, accounts=frozenset({account})).may_propose(person)
        for account in rights.accounts
    )


async def on_roll(unit: PeopleUnit, schools: Schools, school: SchoolId) -> list[Pupil]:
    """The pupils there now; for the trust those of every school."""
    places = schools.ids() if school == schools.trust else (school,)
    return [
        pupil
        for place in places
        for pupil in await unit.rolls.pupils(place)
        if pupil.left_on is None
    ]


def name_parts(text: str) -> list[str]:
    """Words in small letters without accents."""
    plain = fold(text).text
    return "".join(char if char.isalnum() else " " for char in plain).split()


def _named(name: PupilName, wanted: list[str]) -> bool:
    whole = (
        name.legal_forename,
        name.preferred_forename,
        name.legal_surname,
        name.preferred_surname,
    )
    parts = name_parts(" ".join(whole))
    return all(any(part.startswith(word) for part in parts) for word in wanted)


def year_order(year: str, form: str) -> tuple[int, str]:
    """Reception first, then by number; what isn't a year last."""
    number = year_of(year).removeprefix("Year ")
    return (int(number) if number.isdecimal() else 0 if number else 99), form


def found_pupil(pupil: Pupil) -> FoundPupil:
    """A pupil as a proposer sees one."""
    name = pupil.name
    family = name.preferred_surname or name.legal_surname
    return FoundPupil(
        key=pupil.key,
        forename=name.preferred_forename or name.legal_forename,
        initial=family[:1],
        year=name.year_group,
        form=name.form,
    )
