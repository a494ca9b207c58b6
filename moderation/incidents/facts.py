"""Who reports, who may be given it, and who still holds the role they were asked for: all today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.incidents import commands as ask
from moderation.incidents.rights import Ladder, alike, ladder, serves
from moderation.incidents.workflow import Facts
from moderation.kernel import Platform
from moderation.people.ports import Schools
from moderation.people.queries import belongs_to, rights_for


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from moderation.incidents.model import Concern, Incident
    from moderation.incidents.ports import IncidentsUnit
    from moderation.kernel import Asked, PersonId, SchoolId
    from moderation.people.model import Person
    from moderation.people.rights import Rights


@dataclass(frozen=True, slots=True)
class FactFinder:
    """``platforms`` are those on which people can be told something; it may fill up later."""

    schools: Schools
    platforms: Collection[Platform]

    async def gather(
        self,
        unit: IncidentsUnit,
        incident: Incident | None,
        command: ask.Command,
        asked: Asked,
    ) -> Facts:
        """Database reads only; the day is that of ``asked.at``."""
        day = asked.at.astimezone(self.schools.zone).date()
        places = await places_of(unit, self.schools, asked.person, day)
        if incident is not None:
            rights = await rights_at(unit, self.schools, incident.school, day)
            return Facts(
                here=bool(places),
                school=incident.school,
                barred=incident.barred,
                ladder=self._ladder(rights, incident.concern, incident.barred, incident),
                still=still(incident, rights),
            )
        if not isinstance(command, ask.ReportConcern) or asked.person is None:
            return Facts(here=bool(places), school=None)
        school = _school(command.school, places)
        if school is None:
            return Facts(here=bool(places), school=None)
        concern = command.concern
        rights = await rights_at(unit, self.schools, school, day)
        barred = alike({asked.person, *concern.named}, rights.people)
        return Facts(
            here=True,
            school=school,
            barred=barred,
            ladder=self._ladder(rights, concern, barred),
            account_known=await _account_known(unit, concern, school),
            named_known=concern.named <= {person.id for person in rights.people},
        )

    def _ladder(
        self,
        rights: Rights,
        concern: Concern,
        barred: frozenset[PersonId],
        incident: Incident | None = None,
    ) -> Ladder:
        return ladder(
            rights,
            named=alike(concern.named, rights.people),
            # Whoever was entered again under another id meanwhile is barred as well.
            barred=alike(barred, rights.people),
            reachable=self._reachable(rights.people),
            receivers=incident.receivers if incident is not None else (),
        )

    def _reachable(self, people: Iterable[Person]) -> frozenset[PersonId]:
        return frozenset(
            person.id
            for person in people
            if any(one.platform in self.platforms for one in person.identities)
        )


async def places_of(
    unit: IncidentsUnit, schools: Schools, person: PersonId | None, day: date
) -> tuple[SchoolId, ...]:
    """The schools at which somebody may report today: every role counts, supply too.

    The trust itself stands last, for whoever holds a role at it.
    """
    found = await unit.people.get(person) if person is not None else None
    if found is None:
        return ()
    mine = belongs_to(found, schools, day)
    places = tuple(school for school in schools.ids() if school in mine)
    return (*places, schools.trust) if found.roles(schools.trust, day) else places


async def rights_at(unit: IncidentsUnit, schools: Schools, school: SchoolId, day: date) -> Rights:
    """Everybody of the school and the trust, with their roles; no account matters here."""
    settings = (await unit.packs.current(school)).settings
    return await rights_for(
        unit, schools, school=school, accounts=frozenset(), settings=settings, day=day
    )


def still(incident: Incident, rights: Rights) -> frozenset[PersonId]:
    """The receivers who may act on it today."""
    return frozenset(
        one.person for one in incident.receivers if serves(rights, one.person, one.rung)
    )


def _school(chosen: SchoolId | None, places: tuple[SchoolId, ...]) -> SchoolId | None:
    if chosen is None:
        return places[0] if len(places) == 1 else None
    return chosen if chosen in places else None


async def _account_known(unit: IncidentsUnit, concern: Concern, school: SchoolId) -> bool:
    if concern.account is None:
        return True
    account = await unit.accounts.get(concern.account)
    return account is not None and account.school == school
