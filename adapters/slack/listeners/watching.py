"""*Watch the video*: it is brought to whoever pressed, and with it the button to say yes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters import cards, intents
from adapters.payloads import BadPayload
from adapters.sentences import NOT_HERE
from adapters.slack import inbound, modals
from adapters.slack.films import NotShown
from adapters.slack.inbound import Origin
from adapters.slack.parts import Call, at_once
from adapters.slack.render import WATCH


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts
    from moderation.kernel import PostId
    from moderation.views import Card

PRESSED: Final = re.compile(r"watch:\d{1,4}")
BRINGING: Final = (
    "The video is on its way to your direct messages with Schoolgate. A long one takes a few "
    "minutes. You can close this."
)
BROUGHT: Final = "The video is in your direct messages with Schoolgate."
APPROVE_THERE: Final = (
    "Please watch it to the end, with sound. The button to say yes stands below it."
)


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.block_action(PRESSED)(at_once(parts, _watch))


async def _watch(call: Call) -> None:
    carried = inbound.pressed(call.body)
    asks = carried if isinstance(carried, BadPayload) else intents.command_for(carried.intent, {})
    if not isinstance(asks, intents.OpenPost):
        await call.say(asks.sentence if isinstance(asks, BadPayload) else NOT_HERE)
        return
    view = await call.open(modals.told(WATCH, (BRINGING,)))
    said = await _brought(call, asks.post)
    if not await call.update(view, modals.told(WATCH, said)):
        # They have closed it, or it never opened: what came of it stands where they look next.
        await call.parts.answers.say_to(Origin(), call.by.id, said)


async def _brought(call: Call, post: PostId) -> tuple[str, ...]:
    """Bring the videos of a post that this person may see, and then its card."""
    card = await call.door.card(post, by=call.by)
    films = cards.moving(card) if card is not None else ()
    if card is None or not films:
        return (NOT_HERE,)
    for blob in films:
        found = await call.parts.answers.films.bring(blob, post, call.by.id)
        if isinstance(found, NotShown):
            return (found,)
    # Read again: whoever watched for minutes decides about what stands now.
    now = await call.door.card(post, by=call.by)
    if now is None or not _asks(now):
        return (BROUGHT,)
    await call.parts.answers.show(Origin(), call.by, [now])
    return (BROUGHT, APPROVE_THERE)


def _asks(card: Card) -> bool:
    return cards.can_be_approved(card)
