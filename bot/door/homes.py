"""What is typed about where an account's cards are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.door import Answer, Declined
from bot.door.answering import settled
from moderation.homes import present
from moderation.homes.commands import UseHere
from moderation.homes.queries import WhichHome, WhoChooses


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.door.answering import Ask
    from moderation.ports import Conversation
    from moderation.service import Outcome


async def home_chosen(
    words: str,
    conversation: Conversation,
    *,
    ask: Ask,
    do: Callable[[UseHere], Awaitable[Outcome]],
) -> Answer:
    """Find what is meant, and show its cards there."""
    found = await ask(WhichHome(words=words))
    if len(found) != 1:
        return Declined(sentences=present.which(found))
    candidate = found[0]
    outcome = await do(UseHere(place=candidate.place, conversation=conversation))
    could = await ask(WhoChooses(place=candidate.place))
    return settled(
        outcome,
        refused=lambda reasons: present.refusal(reasons, candidate, could),
        done=lambda: present.done(candidate),
    )
