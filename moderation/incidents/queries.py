"""Questions about reports: the form, a report's card, its words. Each for one person, today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.accounts.model import Account
from moderation.incidents.events import WordsRead
from moderation.incidents.facts import places_of, rights_at, still
from moderation.incidents.model import INCIDENT, Incident, IncidentId
from moderation.kernel import PersonId, SchoolId, SubjectRef
from moderation.people.model import Role


if TYPE_CHECKING:
    from moderation.incidents.ports import IncidentsUnit
    from moderation.kernel import Asked
    from moderation.people.model import Person
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Whom to ring about a child at a school: a number where one is known, else the office."""

    school: str
    number: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """What a report's card shows beside the report. ``still`` may act on it today."""

    version: int
    viewer: PersonId | None
    names: Mapping[PersonId, str]
    account: Account | None
    ring: Ring
    still: frozenset[PersonId]
    here: bool
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """A report with its view."""

    incident: Incident
    view: IncidentView


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody whom a report may be about."""

    person: PersonId
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolForm:
    """What the form offers for one school."""

    school: SchoolId
    ring: Ring
    accounts: tuple[Account, ...]
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What somebody may report about; no school where they are at none."""

    trust: Ring
    schools: tuple[SchoolForm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """The form, for whoever asks for it."""

    async def read(self, unit: IncidentsUnit, asked: Asked, schools: Schools) -> ReportForm:
        day = asked.at.astimezone(schools.zone).date()
        found = []
        for school in await places_of(unit, schools, asked.person, day):
            rights = await rights_at(unit, schools, school, day)
            accounts = await unit.accounts.of_school(school)
            found.append(
                SchoolForm(
                    school=school,
                    ring=ring_of(schools, school),
                    accounts=tuple(one for one in accounts if not one.closed(day)),
                    colleagues=_colleagues(rights),
                )
            )
        return ReportForm(trust=ring_of(schools, schools.trust), schools=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """A report as its reporter or one of its receivers may follow it; no word of it."""

    incident: IncidentId

    async def read(
        self, unit: IncidentsUnit, asked: Asked, schools: Schools
    ) -> IncidentPage | None:
        """``None`` for everybody else, and where there is none."""
        page = await incident_page(unit, schools, self.incident, asked.at, asked.person)
        return page if page is not None and _concerns(page, asked.person) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """The words of a report, for its reporter and for receivers who still hold their role.

    Asked through :meth:`moderation.service.Service.note`: every reading is recorded.
    """

    incident: IncidentId

    async def read(
        self, unit: IncidentsUnit, asked: Asked, schools: Schools
    ) -> IncidentPage | None:
        """``None`` for whoever may not read them."""
        page = await incident_page(unit, schools, self.incident, asked.at, asked.person)
        if page is None or not may_read(page):
            return None
        ref = SubjectRef(INCIDENT, page.incident.id)
        await unit.record(asked, ref, page.view.version, (WordsRead(),), ())
        return page


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """What the sentences of a refusal need: a number to ring, and who has the report."""

    incident: IncidentId

    async def read(
        self, unit: IncidentsUnit, asked: Asked, schools: Schools
    ) -> tuple[Ring, IncidentPage | None]:
        """The page alone where the asker has a part in the report."""
        page = await incident_page(unit, schools, self.incident, asked.at, asked.person)
        if page is not None and _concerns(page, asked.person):
            return page.view.ring, page
        day = asked.at.astimezone(schools.zone).date()
        places = await places_of(unit, schools, asked.person, day)
        return ring_of(schools, places[0] if len(places) == 1 else schools.trust), None


async def incident_page(
    unit: IncidentsUnit,
    schools: Schools,
    incident: str,
    now: datetime,
    viewer: PersonId | None = None,
) -> IncidentPage | None:
    """A report as the relay draws it for one viewer."""
    stored = await unit.incidents.get(incident)
    if stored is None:
        return None
    found, version = stored
    day = now.astimezone(schools.zone).date()
    rights = await rights_at(unit, schools, found.school, day)
    account = found.concern.account
    view = IncidentView(
        version=version,
        viewer=viewer,
        names={person.id: person.name for person in rights.people},
        account=await unit.accounts.get(account) if account is not None else None,
        ring=ring_of(schools, found.school),
        still=still(found, rights),
        here=bool(await places_of(unit, schools, viewer, day)),
        now=now,
        zone=schools.zone,
    )
    return IncidentPage(found, view)


def may_read(page: IncidentPage) -> bool:
    """The reporter while they are at a school, and receivers who still hold their role."""
    viewer = page.view.viewer
    if viewer == page.incident.reporter:
        return page.view.here
    return viewer in page.view.still


def ring_of(schools: Schools, school: SchoolId) -> Ring:
    """The school's own number; where it has none, the trust's."""
    known, trust = schools.get(school), schools.get(schools.trust)
    numbers = (one.safeguarding_phone for one in (known, trust) if one is not None)
    return Ring(
        school=known.name if known is not None else str(school),
        number=next(filter(None, numbers), ""),
        office=known.office if known is not None else "",
    )


def _concerns(page: IncidentPage, person: PersonId | None) -> bool:
    return person is not None and person in page.incident.asked | {page.incident.reporter}


def _colleagues(rights: Rights) -> tuple[Colleague, ...]:
    """Everybody who holds a role there today, by name."""

    def held(person: Person) -> Colleague:
        return Colleague(person=person.id, name=person.name, roles=rights.roles(person.id))

    found = (held(person) for person in rights.people)
    return tuple(
        sorted((one for one in found if one.roles), key=lambda one: (one.name, one.person))
    )
