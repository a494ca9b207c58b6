"""Drawing a report of a concern: privately, with its reporter and with those who were asked.

Nobody else ever has a card of it, and no card holds a word of it: those are read one by one, and
every reading is on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import NoAudience, Places, Reach, Told
from moderation.incidents import present
from moderation.incidents.effects import Message
from moderation.incidents.model import State
from moderation.incidents.queries import incident_page
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.incidents.model import Incident
    from moderation.kernel import PersonId, Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDrawer(NoAudience):
    """One live card for each of them; a role that was taken away leaves an empty one.

    Its messages name their reader: nobody is found by a role who wasn't asked by name.
    """

    schools: Schools
    clock: Clock
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        stored = await unit.incidents.get(subject)
        if stored is None:
            return {}
        return await self.reach.private_places(unit, _people(stored[0]))

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        stored = await unit.incidents.get(subject)
        if stored is None:
            return None
        known = await self.reach.private_places(unit, _people(stored[0]))
        viewer = known.get(conversation)
        if viewer is None:
            return None
        page = await incident_page(unit, self.schools, subject, self.clock.now(), viewer)
        return present.card(page) if page is not None else None

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        page = await incident_page(unit, self.schools, tell.subject.id, self.clock.now(), person)
        if page is None or person != page.incident.reporter:
            return None
        card = present.please_ring(page) if tell.message == Message.PLEASE_RING else None
        waits = page.incident.state is State.WAITING
        return None if card is None else Told(card, lasts=waits)


def _people(incident: Incident) -> tuple[PersonId, ...]:
    """Receivers first: where two people share one conversation, it is never the named one's."""
    return (*(one.person for one in incident.receivers), incident.reporter)
