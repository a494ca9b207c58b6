"""What is typed about a pause: which place is meant, and what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.slash import Verb
from moderation.holds import commands as holds, present
from moderation.holds.queries import MyHolds, WhichPlace


if TYPE_CHECKING:
    from bot.door.answering import Ask
    from moderation.views import Card


async def hold_meant(verb: Verb, words: str, *, ask: Ask) -> holds.Command | tuple[Card, ...]:
    """The command; where something is still missing, the cards on which it is asked."""
    meant = await ask(WhichPlace(words=words))
    if meant is None or (verb is Verb.PAUSE and not meant.words):
        pages = await ask(MyHolds())
        return tuple(present.card(page, offer=verb is Verb.PAUSE) for page in pages)
    if verb is Verb.PAUSE:
        return holds.Pause(school=meant.place, reason=meant.words)
    return holds.Start(school=meant.place)
