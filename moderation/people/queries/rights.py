"""Today's rights, read from the store; what they say is in ``people/rights.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from moderation.people.model import OVERSIGHT_ONLY, TEMPORARY, Appointment, Role
from moderation.people.rights import Rights
from moderation.policies.settings import WhoMayPropose


if TYPE_CHECKING:
    from datetime import date

    from moderation.kernel import AccountId, SchoolId
    from moderation.people.model import Person
    from moderation.people.ports import People, Schools
    from moderation.policies.settings import PackSettings


class RightsUnit(Protocol):
    """The part of a unit of work that rights are read from."""

    @property
    def people(self) -> People: ...


async def rights_for(
    unit: RightsUnit,
    schools: Schools,
    *,
    school: SchoolId,
    accounts: frozenset[AccountId],
    settings: PackSettings,
    day: date,
) -> Rights:
    """What people may do with these accounts of one school (or of the trust) on ``day``.

    Only people with an appointment at the school or the trust count: a grant to anybody else
    gives nothing, whatever the register says. For the trust itself, whoever belongs to one of its
    schools belongs to it, as plain staff: a head of a school is not the head of the trust.
    """
    whole_trust = school == schools.trust
    places = frozenset({school, schools.trust, *(schools.ids() if whole_trust else ())})
    people = await unit.people.at(places)
    if whole_trust:
        people = tuple(_at_the_trust(person, schools) for person in people)
    return Rights(
        school=school,
        trust=schools.trust,
        accounts=accounts,
        people=people,
        grants=await unit.people.grants(accounts),
        stand_ins=tuple(Role(role) for role in settings.stand_ins),
        staff_may_propose=settings.who_may_propose is WhoMayPropose.STAFF,
        today=day,
    )


def belongs_to(person: Person, schools: Schools, day: date) -> frozenset[SchoolId]:
    """The schools, the trust among them, that a person belongs to on this day.

    A role at the trust reaches every school; a role at any school makes one of the trust.
    """
    places = {held.school for held in person.appointments if held.span.covers(day)}
    if schools.trust in places:
        places |= set(schools.ids())
    return frozenset(places | {schools.trust}) if places else frozenset()


def _at_the_trust(person: Person, schools: Schools) -> Person:
    """The person with what their appointments at the schools amount to at the trust."""
    carried = tuple(
        Appointment(school=schools.trust, role=_carried(held.role), span=held.span)
        for held in person.appointments
        if held.school != schools.trust
    )
    return replace(person, appointments=(*person.appointments, *dict.fromkeys(carried)))


def _carried(role: Role) -> Role:
    """Oversight and temporary work stay what they are; every other role is plain staff."""
    return role if role in OVERSIGHT_ONLY | TEMPORARY else Role.STAFF
