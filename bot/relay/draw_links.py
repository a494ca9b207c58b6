"""Drawing a chat account that may be somebody's: privately, with those who can say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import PutToPeople, Reach, Told
from moderation.links import present
from moderation.links.effects import Message
from moderation.links.model import LinkId
from moderation.links.queries import link_page
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.kernel import PersonId, Tell
    from moderation.links.queries import LinkPage
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDrawer(PutToPeople):
    """The card goes to those who are asked; whoever has it sees how it ended."""

    schools: Schools
    clock: Clock
    reach: Reach

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        page = await self._page(unit, subject)
        if page is None:
            return None
        readers = await self.reach.private_places(unit, page.readers)
        return present.card(page) if conversation in readers else None

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        page = await self._page(unit, tell.subject.id)
        if page is None or person != page.link.person:
            return None
        return Told(present.notice(Message(tell.message), page))

    async def _page(self, unit: Unit, subject: str) -> LinkPage | None:
        return await link_page(unit, self.schools, LinkId(subject), self.clock.now())
