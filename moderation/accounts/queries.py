"""Questions to the register. What a person may see of it is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.people.model import Role
from moderation.people.rights import Rights
from moderation.policies.settings import WhoMayPropose


if TYPE_CHECKING:
    from datetime import date

    from moderation.kernel import AccountId, SchoolId
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
    gives nothing, whatever the register says.
    """
    people = await unit.people.at(frozenset({school, schools.trust}))
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
