"""Drawing a draft that a message began: one live card, where its author wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import NoAudience, NoNotice
from moderation.jottings import present
from moderation.jottings.model import JottingId
from moderation.jottings.queries import JottingCard
from moderation.kernel import Asked, Timer
from moderation.people.ports import Schools
from moderation.ports import Clock
from moderation.posts.facts import FactFinder


if TYPE_CHECKING:
    from bot.relay.drawing import Places
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class JottingDrawer(NoAudience, NoNotice):
    """Nobody but the author has this card, and nobody is told anything of it."""

    schools: Schools
    clock: Clock
    judges: FactFinder

    async def places(self, unit: Unit, subject: str) -> Places:
        stored = await unit.jottings.get(subject)
        return {} if stored is None else {stored[0].conversation: stored[0].person}

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        stored = await unit.jottings.get(subject)
        if stored is None or stored[0].conversation != conversation:
            return None
        author = stored[0].person
        asked = Asked(by=Timer(), key="", at=self.clock.now(), person=author)
        query = JottingCard(self.judges, JottingId(subject))
        page = await query.read(unit, asked, self.schools)
        return present.card(page) if page is not None else None
