"""Drawing a name that a school may keep: privately, with those who can agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import PutToPeople, Reach, Told
from moderation.keeping import present
from moderation.keeping.effects import Message
from moderation.keeping.model import NameId
from moderation.keeping.queries import name_page
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.keeping.queries import NamePage
    from moderation.kernel import PersonId, Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class NameDrawer(PutToPeople):
    """The card goes to those who may agree; whoever has it sees how it ended."""

    schools: Schools
    clock: Clock
    reach: Reach

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """As its reader sees it, ``None`` for whoever may not any more."""
        page = await self._page(unit, subject)
        if page is None:
            return None
        readers = await self.reach.private_places(unit, page.readers)
        if conversation not in readers:
            return None
        return present.card(await self._for(unit, subject, readers[conversation]) or page)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """Only to who may still decide about names there."""
        page = await self._for(unit, tell.subject.id, person)
        if page is None or person not in page.readers:
            return None
        return Told(present.notice(Message(tell.message), page))

    async def _page(self, unit: Unit, subject: str) -> NamePage | None:
        return await self._for(unit, subject, None)

    async def _for(self, unit: Unit, name: str, viewer: PersonId | None) -> NamePage | None:
        now = self.clock.now()
        return await name_page(unit, self.schools, NameId(name), now, viewer=viewer)
