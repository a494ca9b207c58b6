"""What somebody hears of what they asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.door import Again, Answer, Declined, Done
from adapters.slack import home


if TYPE_CHECKING:
    from adapters.slack.parts import Call
    from moderation.views import Intent

NEXT = "next"
"""The argument of *Approve and next*, and of *Ask for a change and next*."""


async def tell(call: Call, answer: Answer, intent: Intent | None = None) -> None:
    """Sentences to the person alone; the cards of everybody are redrawn by the relay.

    A message that only this person sees is replaced: by the next post of their queue, also where
    somebody else was first with this one, or by the card as it is now. Their Home tab is drawn
    anew, whatever came of it. The card of a report is never such a message: it comes to whom it
    concerns by the relay, and stays.
    """
    verb = intent.verb if intent is not None else ""
    happened = isinstance(answer, Done | Again)
    queued = intent is not None and intent.arg == NEXT and verb.startswith("post.")
    goes_on = queued and (happened or _moved_on(answer, verb))
    if call.origin.home and not verb.startswith("report."):
        after = intent.id if intent is not None and goes_on else ""
        if not happened:
            await call.say(*answer.sentences)
        await home.publish(call, after=after, said=answer.sentences if happened else ())
    elif intent is not None and goes_on:
        found = await call.soon(call.door.queue(by=call.by, after=intent.id))
        await call.show(found.card, sentences=answer.sentences)
    elif answer.card is not None and call.origin.ephemeral and not verb.startswith("report."):
        await call.show(answer.card, sentences=answer.sentences)
    elif answer.sentences:
        await call.say(*answer.sentences)
    if isinstance(answer, Declined) and answer.first and not call.origin.home:
        await call.show_beside(*answer.first)


def _moved_on(answer: Answer, verb: str) -> bool:
    """Whether nobody can do this to the post any more: another moderator was first.

    Not where something has to come first: then it can be done afterwards.
    """
    card = answer.card
    if isinstance(answer, Declined) and answer.first:
        return False
    return card is None or all(it.intent.verb != verb for it in (*card.buttons, *card.more))
