"""Buttons: what is pressed in a card is done, or asked about, and answered in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from adapters import intents
from adapters.door import Declined
from adapters.payloads import BadPayload
from adapters.sentences import NOT_HERE
from adapters.teams import payload, replies
from adapters.teams.payload import Verb
from adapters.teams.reading import CHANGED, page_of
from adapters.teams.telling import tell


if TYPE_CHECKING:
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.inbound import Activity
    from adapters.teams.payload import Sent
    from adapters.teams.replies import Reply
    from moderation.views import Card

OLD_CLIENT: Final = (
    "This Teams app is too old to show that where only you see it. "
    "Please update it, or open Teams in a browser."
)


def register(hear: Hear) -> None:
    """Hear what is named here."""
    buttons = _Buttons(hear)
    hear.invoke(replies.ACTION, buttons.pressed)
    # What old clients make of the same button (the fallback Action.Submit).
    hear.message(is_pressed, buttons.submitted)


def is_pressed(activity: Activity) -> bool:
    """Whether a message is a button that was pressed, and no words."""
    return "sg" in activity.value


class _Buttons:
    def __init__(self, hear: Hear) -> None:
        self._queries = hear.queries
        self._forms = hear.forms

    async def pressed(self, call: Call) -> Reply:
        """An action, answered in the card's place or with a line above it."""
        sent = payload.read_action(call.activity.value.get("action"))
        return (
            call.told(sent.sentence) if isinstance(sent, BadPayload) else await self._do(call, sent)
        )

    async def submitted(self, call: Call) -> None:
        """The same from a client that can't wait for an answer: it comes by messages."""
        sent = payload.read(call.activity.value)
        if isinstance(sent, BadPayload):
            await call.say(sent.sentence)
            return
        # What would be answered for this person's eyes alone has no such place here.
        as_action = replace(call, activity=replace(call.activity, name=replies.ACTION))
        reply = await self._do(as_action, sent)
        said = (*reply.said, OLD_CLIENT) if reply.alone else reply.said
        if said:
            await call.say(*said)

    async def _do(self, call: Call, sent: Sent) -> Reply:
        if (filled := self._forms.get(sent.intent.verb)) is not None:
            return await filled(call, sent)
        asks = intents.command_for(sent.intent, sent.values)
        if isinstance(asks, BadPayload):
            return call.told(asks.sentence)
        if sent.verb is Verb.ASK:
            return await self._ask(call, sent)
        if sent.verb is Verb.READ:
            return await _read_all(call, sent, asks)
        if sent.verb is Verb.SEE and isinstance(asks, intents.OpenPost):
            return await _seen(call, asks)
        special = self._queries.get(type(asks))
        if special is not None and isinstance(asks, intents.Query):
            return await special(call, sent, asks)
        return await self._answered(call, sent, asks)

    async def _answered(
        self, call: Call, sent: Sent, asks: intents.Command | intents.Query
    ) -> Reply:
        match asks:
            case intents.OpenPost(post=post):
                return await _shown(call, await call.door.card(post, by=call.by))
            case intents.ShowHistory(post=post):
                return await _shown(call, await call.door.history(post, by=call.by))
            case intents.WhoIsIn(post=post):
                return await _shown(call, await call.door.who_is_in(post, by=call.by))
            case intents.ReadReport(incident=incident):
                return await _shown(call, await call.door.report_words(incident, by=call.by))
            case intents.NextInQueue(after=after):
                return await _own(call, (await call.door.queue(by=call.by, after=after)).card)
            case intents.TurnPage(listing=listing, page=page):
                first, *others = await call.door.turn(listing, page, by=call.by)
                if others:
                    await call.show(*others)
                return await _own(call, first)
            case intents.EditPost():
                # A listener of its own opens the form.
                return call.told(NOT_HERE)
            case command:
                request = call.parts.desk.tries.name(sent.request, sent.values)
                key = intents.business_key(sent.intent, call.by.id, request)
                answer = await call.door.do(command, by=call.by, key=key)
                return await tell(call, answer, sent.intent)

    async def _ask(self, call: Call, sent: Sent) -> Reply:
        """The form of a button in a card of its own, as this person may fill it in now."""
        form = await call.door.form(sent.intent, by=call.by)
        if isinstance(form, Declined):
            return call.told(*form.sentences)
        drawing = call.parts.answers.drawing
        return replace(replies.card(drawing.form(form, sent.intent)), alone=True)


async def _read_all(call: Call, sent: Sent, asks: intents.Command | intents.Query) -> Reply:
    """All the words of a card that was too long for a message: the page that was asked for."""
    found: Card | Declined | None = None
    if isinstance(asks, intents.OpenPost):
        found = await call.door.card(asks.post, by=call.by)
    elif isinstance(asks, intents.ReadReport):
        found = await call.door.report_words(asks.incident, by=call.by)
    if found is None:
        return call.told(NOT_HERE)
    if isinstance(found, Declined):
        return call.told(*found.sentences)
    wanted = page_of(sent.memo)
    # Who reads on in other words than those they began with has not read all of either.
    changed = wanted > 1 and sent.intent.rev != found.version
    pages = await call.parts.answers.drawing.in_full(found, CHANGED if changed else "")
    if not pages:
        return await _shown(call, found)
    page = pages[0] if changed else pages[min(wanted, len(pages)) - 1]
    return replace(replies.card(page), alone=True)


async def _seen(call: Call, asks: intents.OpenPost) -> Reply:
    """The card as it is for this person, which Teams asks for by itself: nothing is said."""
    card = await call.door.card(asks.post, by=call.by)
    return replies.nothing() if card is None else await call.card(card)


async def _shown(call: Call, found: Card | Declined | None) -> Reply:
    """In the card's place, for whoever pressed it alone: Teams keeps nothing of it."""
    if found is None:
        return call.told(NOT_HERE)
    if isinstance(found, Declined):
        return call.told(*found.sentences)
    return replace(await call.card(found), alone=True)


async def _own(call: Call, card: Card) -> Reply:
    """In a private chat the message itself is another from now on."""
    await call.replace(card)
    return await call.card(card)
