"""Drawing a hold: one live card for each place that was paused, where its people talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import Places, Reach, Told
from moderation.holds import present
from moderation.holds.audiences import audience
from moderation.holds.effects import Message
from moderation.holds.facts import covers
from moderation.holds.queries import hold_page, rights_over
from moderation.holds.rights import pausers
from moderation.kernel import PersonId, SchoolId
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.kernel import Audience, Tell
    from moderation.people.rights import Rights
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDrawer:
    """The card stands in the school's conversation, else in those of its accounts.

    A school without any has it privately with whoever may pause its posts.
    """

    schools: Schools
    clock: Clock
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        found: dict[Conversation, PersonId | None] = {}
        for school in sorted(covers(self.schools, SchoolId(subject))):
            shared = await self._shared(unit, school)
            found |= dict.fromkeys(shared)
            if not shared:
                for here in await self._rights(unit, subject):
                    if here.school == school:
                        found |= await self.reach.private_places(unit, pausers(here))
        return found

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """For everybody in a shared conversation; for the one reader in a private one."""
        viewer = None
        if not await self._is_shared(unit, subject, conversation):
            viewer = await self._whose(unit, subject, conversation)
            if viewer is None:
                return None
        page = await hold_page(
            unit, self.schools, SchoolId(subject), viewer=viewer, now=self.clock.now()
        )
        return present.card(page)

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """Whoever has just paused or started posts knows it."""
        stored = await unit.holds.get(subject)
        everywhere = await self._rights(unit, subject)
        hold = stored[0] if stored is not None else None
        by = None if hold is None else hold.by if hold.paused else hold.started_by
        return tuple(who for who in audience(which, everywhere) if who != by)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """How posts stand now: who hears late that they wait isn't told what is over."""
        page = await hold_page(
            unit,
            self.schools,
            SchoolId(tell.subject.id),
            viewer=person,
            now=self.clock.now(),
        )
        return Told(present.notice(Message(tell.message), page))

    async def _rights(self, unit: Unit, subject: str) -> tuple[Rights, ...]:
        return await rights_over(unit, self.schools, SchoolId(subject), self.clock.now())

    async def _shared(self, unit: Unit, school: SchoolId) -> tuple[Conversation, ...]:
        own = await self.reach.homes(unit, school)
        if own:
            return own
        today = self.clock.now().astimezone(self.schools.zone).date()
        found: list[Conversation] = []
        for account in await unit.accounts.of_school(school):
            if not account.closed(today):
                found += await self.reach.homes(unit, account.id)
        return tuple(dict.fromkeys(found))

    async def _is_shared(self, unit: Unit, subject: str, conversation: Conversation) -> bool:
        for school in covers(self.schools, SchoolId(subject)):
            if conversation in await self._shared(unit, school):
                return True
        return False

    async def _whose(self, unit: Unit, subject: str, conversation: Conversation) -> PersonId | None:
        able = (who for here in await self._rights(unit, subject) for who in pausers(here))
        people = tuple(dict.fromkeys(able))
        return (await self.reach.private_places(unit, people)).get(conversation)
