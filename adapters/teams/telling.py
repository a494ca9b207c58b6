"""What somebody hears of what they asked for by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.door import Again, Answer, Declined, Done


if TYPE_CHECKING:
    from adapters.teams.hearing import Call
    from adapters.teams.replies import Reply
    from moderation.views import Card, Intent

NEXT: Final = "next"
"""The argument of *Approve and next*, and of *Ask for a change and next*."""
POSTERS: Final = frozenset({"post.take", "post.posted", "post.cannot_post", "post.unsure"})
"""Pressed in the message that a poster was handed, which the relay redraws as theirs."""


async def tell(call: Call, answer: Answer, intent: Intent) -> Reply:
    """Sentences to the person alone; the cards of everybody are redrawn by the relay.

    A message of their own is replaced: by the next post of their queue, also where somebody else
    was first with this one, or by the card as it is now.
    """
    happened = isinstance(answer, Done | Again)
    queued = intent.arg == NEXT and intent.verb.startswith("post.")
    shown: Card | None = None
    if queued and (happened or _moved_on(answer, intent.verb)):
        shown = (await call.door.queue(by=call.by, after=intent.id)).card
    elif intent.verb in POSTERS:
        pass
    elif answer.card is not None and (happened or not isinstance(answer, Declined)):
        shown = answer.card
    beside: tuple[str, ...] = ()
    if isinstance(answer, Declined) and answer.first:
        beside = await call.beside(*answer.first)
    if shown is None or not call.origin.personal:
        return call.told(*answer.sentences, *beside)
    if not await call.replace(shown):
        return await call.card(shown, *answer.sentences)
    return call.told(*answer.sentences)


def _moved_on(answer: Answer, verb: str) -> bool:
    """Whether nobody can do this to the post any more: another moderator was first.

    Not where something has to come first: then it can be done afterwards.
    """
    card = answer.card
    if isinstance(answer, Declined) and answer.first:
        return False
    return card is None or all(it.intent.verb != verb for it in (*card.buttons, *card.more))
