"""Which version of a policy somebody has to accept, and whether they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.acceptances.commands import AcceptedElsewhere
from moderation.acceptances.workflow import Facts
from moderation.people.queries import belongs_to


if TYPE_CHECKING:
    from moderation.acceptances.commands import Command
    from moderation.acceptances.ports import Acceptances, AcceptanceUnit
    from moderation.kernel import Asked, PersonId
    from moderation.people.ports import Schools
    from moderation.policies.model import Pack


class AsksUnit(Protocol):
    """What it takes to know whether somebody has accepted a policy."""

    @property
    def acceptances(self) -> Acceptances: ...


async def must_accept(unit: AsksUnit, person: PersonId | None, pack: Pack) -> bool:
    """Whether ``person`` has yet to accept what the school's pack of today asks for."""
    version = pack.settings.accept_policy
    if not version or person is None:
        return False
    return await unit.acceptances.get(person, pack.id, version) is None


async def gather(unit: AcceptanceUnit, schools: Schools, command: Command, asked: Asked) -> Facts:
    """For whoever asks, or for whom the operator speaks, today."""
    elsewhere = isinstance(command, AcceptedElsewhere)
    who = command.person if isinstance(command, AcceptedElsewhere) else asked.person
    person = await unit.people.get(who) if who is not None else None
    if person is None:
        return Facts()
    day = asked.at.astimezone(schools.zone).date()
    if command.school not in belongs_to(person, schools, day):
        return Facts(known=True)
    pack = await unit.packs.current(command.school)
    version = command.version if elsewhere else pack.settings.accept_policy
    kept = await unit.acceptances.get(person.id, pack.id, version) if version else None
    return Facts(known=True, policy=pack.id, version=version, accepted=kept is not None)
