"""Buttons: what needs no form is done at once, and what asks something is answered."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from adapters import intents
from adapters.cards import button_in
from adapters.door import Declined
from adapters.payloads import BadPayload
from adapters.sentences import NOT_HERE, NOT_YET
from adapters.slack import home, inbound, modals, reading
from adapters.slack.answers import TITLE
from adapters.slack.listeners.compose import revise
from adapters.slack.parts import Call, at_once
from adapters.slack.telling import tell
from moderation.kernel import PostId
from moderation.views import Form


if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts
    from adapters.slack.text import Block
    from moderation.views import Card, Intent

DO: Final = re.compile(r"do:\d{1,4}")
ASK: Final = re.compile(r"ask:\d{1,4}")
MORE: Final = re.compile(r"more:\d{1,4}")
READ: Final = re.compile(r"read:\d{1,4}")
WHOLE: Final = re.compile(r"whole:\d{1,4}")
LINK: Final = re.compile(r"link:\d{1,4}")

ALL_OF_IT: Final = "These are all the words of this post. Please read them before you say yes."


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    for pressed in (DO, ASK, MORE, WHOLE):
        app.block_action(pressed)(at_once(parts, _pressed))
    app.block_action(READ)(at_once(parts, _read_all))
    # Slack opens it by itself, and tells us of it.
    app.block_action(LINK)(at_once(parts, _nothing))


async def _pressed(call: Call) -> None:
    carried = inbound.pressed(call.body)
    if isinstance(carried, BadPayload):
        await call.say(carried.sentence)
    elif carried.whole:
        await ask_below_the_words(call, carried.intent)
    elif carried.asks:
        await ask(call, carried.intent)
    else:
        await do(call, carried.intent)


async def ask(call: Call, intent: Intent) -> None:
    """Open the form of a button, as this person may fill it in now."""
    await call.fill(modals.waiting(), _form(call, intent))


async def _form(call: Call, intent: Intent) -> Block:
    form = await call.door.form(intent, by=call.by)
    if isinstance(form, Declined):
        return modals.told(TITLE, form.sentences)
    return modals.form_view(form, _memo(call, intent))


def _memo(call: Call, intent: Intent) -> modals.Memo:
    request = call.parts.begin(call.origin)
    return modals.Memo(
        intent=intent, request=request, conversation=call.origin.channel, ts=call.origin.ts
    )


async def ask_below_the_words(call: Call, intent: Intent) -> None:
    """Open all the words of a post with what its button asks, or the button alone, below them."""

    async def made() -> Block:
        card = await call.door.card(PostId(intent.id), by=call.by)
        button = button_in(card, intent)
        if card is None or button is None:
            return await _form(call, intent)  # which says why there is none
        alone = Form(title=button.label, note=ALL_OF_IT, fields=(), submit=button.label)
        return modals.words_and_form(card, button.form or alone, _memo(call, intent))

    await call.fill(modals.waiting(), made())


async def do(call: Call, intent: Intent) -> None:
    """Do what the button says, or answer what it asks."""
    asks = intents.command_for(intent, {})
    match asks:
        case BadPayload(sentence=sentence):
            await call.say(sentence)
        case intents.OpenPost(post=post):
            await _shown(call, call.door.card(post, by=call.by))
        case intents.ShowHistory(post=post):
            await _shown(call, call.door.history(post, by=call.by))
        case intents.WhoIsIn(post=post):
            who = partial(call.door.who_is_in, post, by=call.by)
            await _read_once(call, reading.WHO, who)
        case intents.ReadReport(incident=incident):
            words = partial(call.door.report_words, incident, by=call.by)
            await _read_once(call, reading.REPORT, words)
        case intents.NextInQueue(after=after):
            await _next(call, after)
        case intents.TurnPage(listing=listing, page=page):
            await call.show(*await call.soon(call.door.turn(listing, page, by=call.by)))
        case intents.EditPost(post=post, seen=seen):
            await revise(call, post, seen)
        case command:
            key = intents.business_key(intent, call.by.id)
            work = call.door.do(command, by=call.by, key=key)
            await tell(call, await call.soon(work, waiting=NOT_YET), intent)


async def _next(call: Call, after: str) -> None:
    if call.origin.home:
        await home.publish(call, after=after)
        return
    queued = await call.soon(call.door.queue(by=call.by, after=after))
    await call.show(queued.card)


async def _shown(call: Call, found: Coroutine[Any, Any, Card | Declined | None]) -> None:
    """To whoever pressed, alone, beside what they pressed."""
    card = await call.soon(found)
    if card is None:
        await call.say(NOT_HERE)
    elif isinstance(card, Declined):
        await call.say(*card.sentences)
    else:
        await call.show_beside(card)


async def _read_once(
    call: Call, title: str, find: Callable[[], Coroutine[Any, Any, Card | Declined | None]]
) -> None:
    """What is about a child: in a dialog, of which Slack keeps nothing once it is closed."""

    async def made() -> Block:
        card = await find()
        if card is None:
            return modals.told(title, (NOT_HERE,))
        if isinstance(card, Declined):
            return modals.told(title, card.sentences)
        return reading.view((card,), title)

    await call.fill(modals.waiting(title), made())


async def _read_all(call: Call) -> None:
    """All the words of a card that was too long for a message."""
    carried = inbound.pressed(call.body)
    asks = carried if isinstance(carried, BadPayload) else intents.command_for(carried.intent, {})

    async def made() -> Block:
        card = None
        if isinstance(asks, intents.OpenPost):
            card = await call.door.card(asks.post, by=call.by)
        elif isinstance(asks, intents.ReadReport):
            found = await call.door.report_words(asks.incident, by=call.by)
            card = None if isinstance(found, Declined) else found
        if card is None:
            return modals.told(TITLE, (NOT_HERE,))
        return modals.words_of(card)

    await call.fill(modals.waiting(), made())


async def _nothing(_call: Call) -> None:
    pass
