"""Whose address it is, whose account it is, and who may say so: read in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.imports.facts import FactFinder as RegisterFinder
from moderation.links import commands as ask
from moderation.links.model import digest
from moderation.links.rights import judge
from moderation.links.workflow import Facts
from moderation.people.ports import Schools
from moderation.people.queries import belongs_to


if TYPE_CHECKING:
    from datetime import date

    from moderation.imports.rights import Register
    from moderation.kernel import Asked, Identity
    from moderation.links.model import Link
    from moderation.links.ports import LinksUnit
    from moderation.people.model import Person


@dataclass(frozen=True, slots=True)
class FactFinder:
    """Reads the facts for one command at a time."""

    schools: Schools

    async def gather(
        self, unit: LinksUnit, link: Link | None, command: ask.Command, asked: Asked
    ) -> Facts:
        match command:
            case ask.RequestLink(identity=identity, email=email):
                return await self.of_address(unit, identity, email, asked)
            case ask.ConfirmLink() | ask.DeclineLink() if link is not None:
                return await self.of_link(unit, link, asked)
            case _:
                return Facts()

    async def of_address(
        self, unit: LinksUnit, identity: Identity, email: str, asked: Asked
    ) -> Facts:
        """The one person of ours who has this address."""
        owner = await unit.people.who(identity)
        if owner is not None:
            return Facts(owner=owner)
        today = self._today(asked)
        register = await RegisterFinder(self.schools).register(unit, ())
        found = self._having(register, digest(email), today) if email.strip() else ()
        if len(found) != 1:
            return Facts()
        return Facts(
            judging=judge(register, found[0], identity, today),
            fits=_has_none_there(found[0], identity),
        )

    async def of_link(self, unit: LinksUnit, link: Link, asked: Asked) -> Facts:
        """The person asked about, as they stand today."""
        today = self._today(asked)
        register = await RegisterFinder(self.schools).register(unit, (link.person,))
        person = register.people.get(link.person)
        if person is None:
            return Facts()
        found = self._having(register, link.address, today)
        return Facts(
            judging=judge(register, person, link.identity, today),
            fits=found == (person,) and _has_none_there(person, link.identity),
            owner=await unit.people.who(link.identity),
        )

    def _having(self, register: Register, address: str, today: date) -> tuple[Person, ...]:
        """Everybody who belongs to one of our schools and has this address."""
        return tuple(
            person
            for person in register.people.values()
            if person.email
            and digest(person.email) == address
            and belongs_to(person, self.schools, today)
        )

    def _today(self, asked: Asked) -> date:
        return asked.at.astimezone(self.schools.zone).date()


def _has_none_there(person: Person, identity: Identity) -> bool:
    return all(mine.platform is not identity.platform for mine in person.identities)
