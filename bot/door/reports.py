"""Reports of a concern at the staff's door: the form, its words, and what a click is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from adapters.door import Again, Answer, Declined, Done
from moderation.incidents import present
from moderation.incidents.queries import ReadReport, ReportCard, WhyNot, WriteReport
from moderation.kernel import Accepted, Refused, Repeated
from moderation.ports import Ids
from moderation.service import Service


if TYPE_CHECKING:
    from moderation.incidents.commands import Command
    from moderation.incidents.model import IncidentId
    from moderation.kernel import Asked
    from moderation.service import Outcome
    from moderation.views import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """``asked`` is who asks and when; its key matters only where a reading is recorded."""

    service: Service
    ids: Ids

    async def form(self, words: str, asked: Asked, incident: str = "") -> Card:
        """An empty form, or one that begins with ``words``, under an id of its own or this one."""
        found = await self.service.ask(WriteReport(), asked)
        return present.form(found, incident or self.ids.new(), words)

    async def words(self, incident: IncidentId, asked: Asked) -> Card | Declined:
        """What a report says, for whoever may read it; that it was read is recorded."""
        page = await self.service.note(ReadReport(incident=incident), asked)
        if page is not None:
            return present.words(page)
        ring, _ = await self.service.ask(WhyNot(incident=incident), asked)
        return Declined(sentences=present.unreadable(ring))

    async def answered(self, command: Command, outcome: Outcome, asked: Asked) -> Answer:
        """What whoever clicked hears at once, with 999 in it whatever came of the click."""
        if isinstance(outcome, Refused):
            ring, known = await self.service.ask(WhyNot(incident=command.incident), asked)
            return Declined(sentences=present.refusal(outcome.reasons, ring, known))
        page = await self.service.ask(ReportCard(incident=command.incident), asked)
        if page is None:
            return Declined(sentences=(present.EMERGENCY,))
        card = present.card(page)
        match outcome:
            case Repeated():
                return Again(sentences=present.again(page), card=card)
            case Accepted(events=()):
                return Again(sentences=present.again(page), card=card)
            case Accepted():
                return Done(sentences=present.done(command, page), card=card)
            case _ as never:
                assert_never(never)
