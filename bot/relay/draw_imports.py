"""Drawing an import that waits for a yes: privately, with those who may say it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.relay.drawing import Places, Reach, Told
from moderation.imports import present
from moderation.imports.audiences import audience
from moderation.imports.effects import Message
from moderation.imports.model import BatchId
from moderation.imports.queries import import_page
from moderation.kernel import Audience, PersonId
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.imports.guards import Facts
    from moderation.imports.queries import ImportPage
    from moderation.kernel import Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDrawer:
    """The card goes to those who are asked; who was asked sees how it ended."""

    schools: Schools
    clock: Clock
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        found = await self._page(unit, subject)
        if found is None:
            return {}
        page, facts = found
        people = audience(Audience.HEAD, page.batch, facts)
        return await self.reach.private_places(unit, people)

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """For whoever has the card already too: a final card has no buttons."""
        found = await self._page(unit, subject)
        if found is None:
            return None
        page, facts = found
        people = await unit.people.at(frozenset({self.schools.trust, *self.schools.ids()}))
        known = await self.reach.private_places(unit, tuple(person.id for person in people))
        viewer = known.get(conversation)
        if viewer is None:
            return None
        del facts
        return present.card(page.batch, replace(page.view, viewer=viewer))

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        found = await self._page(unit, subject)
        return () if found is None else audience(which, found[0].batch, found[1])

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        found = await self._page(unit, tell.subject.id)
        if found is None:
            return None
        page, _facts = found
        message = Message(tell.message)
        if message is Message.PLEASE_CONFIRM:
            # The card itself has just come: it asks.
            return None
        return Told(present.notice(message, page.batch, replace(page.view, viewer=person)))

    async def _page(self, unit: Unit, batch: str) -> tuple[ImportPage, Facts] | None:
        return await import_page(unit, self.schools, BatchId(batch), self.clock.now())
