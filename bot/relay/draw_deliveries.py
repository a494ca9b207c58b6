"""Telling whoever looks after a school what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import NoCard, Reach, Told
from bot.undelivered import lost_of
from moderation.accounts.present import page as page_name
from moderation.deliveries import present
from moderation.deliveries.audiences import readers
from moderation.deliveries.queries import LostView
from moderation.kernel import Audience, PersonId, SchoolId
from moderation.people.ports import Schools
from moderation.people.queries import rights_for
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.deliveries.model import Lost
    from moderation.kernel import Tell
    from moderation.people.rights import Rights
    from moderation.ports import Conversation
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesDrawer(NoCard):
    """No card that stays: one message, as true as when it is sent."""

    schools: Schools
    clock: Clock
    reach: Reach

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The head; where the head wasn't reached either, who stands in and the trust lead."""
        if which is not Audience.HEAD:
            return ()
        rights = await self._rights(unit, SchoolId(subject))
        return readers(rights, await self._lost(unit, SchoolId(subject)))

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """``None`` where all of it has been delivered or left meanwhile."""
        del person
        school = SchoolId(tell.subject.id)
        lost = await self._lost(unit, school)
        card = present.notice(lost, await self._view(unit, school))
        return None if card is None else Told(card)

    async def _lost(self, unit: Unit, school: SchoolId) -> tuple[Lost, ...]:
        return (await lost_of(unit, self.schools)).get(school, ())

    async def _rights(self, unit: Unit, school: SchoolId) -> Rights:
        settings = (await unit.packs.current(school)).settings
        day = self.clock.now().astimezone(self.schools.zone).date()
        return await rights_for(
            unit, self.schools, school=school, accounts=frozenset(), settings=settings, day=day
        )

    async def _view(self, unit: Unit, school: SchoolId) -> LostView:
        """Whose each conversation is, as far as this school may know."""
        rights = await self._rights(unit, school)
        names = {person.id: person.name for person in rights.people}
        places: dict[Conversation, str] = {}
        for account in await unit.accounts.of_school(school):
            for where in await unit.homes.conversations(account.id):
                places.setdefault(where, page_name(account))
        known = self.schools.get(school)
        name = known.name if known is not None else str(school)
        for where in await unit.homes.conversations(school):
            places.setdefault(where, name)
        own = await self.reach.private_places(unit, tuple(names))
        places |= {where: names[who] for where, who in own.items() if who is not None}
        return LostView(school=school, name=name, names=names, places=places)
