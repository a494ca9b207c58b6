"""Drawing the card that counts: in a shared conversation, and to one person privately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import NoAudience, NoNotice, Places, Reach
from moderation.kernel import SubjectRef
from moderation.people.ports import Schools
from moderation.ports import Clock
from moderation.tallies import present
from moderation.tallies.model import TALLY, reader_of
from moderation.tallies.queries import tally_view


if TYPE_CHECKING:
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyDrawer(NoAudience, NoNotice):
    """Where it stands is known from when it was planned. It tells nobody anything besides."""

    schools: Schools
    clock: Clock
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        """Nowhere else."""
        del unit, subject
        return {}

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        """``None`` where there is nothing to begin with: all was decided before it was sent."""
        tally = await unit.tallies.get(subject)
        if tally is None:
            return None
        reader = reader_of(tally.lane)
        if reader is not None and await self.reach.private(unit, reader) != conversation:
            return None
        cards = await unit.cards.of(SubjectRef(TALLY, subject))
        [here] = [card for card in cards if card.conversation == conversation]
        view = await tally_view(
            unit, self.schools, tally, version=here.wanted, now=self.clock.now()
        )
        if not here.ref and not present.has_news(view):
            return None
        return present.card(view)
