"""Writing a post and correcting one: by a dialog, by an action on a message, or in a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters import intents
from adapters.door import Declined
from adapters.payloads import BadPayload
from adapters.teams import dialogs, forms, payload, replies
from adapters.teams.compose_memo import VERB
from adapters.teams.compose_views import STAFF, search_results, searched_post
from adapters.teams.composing import Place, begin, revise, send
from adapters.teams.inbound import part, text
from adapters.teams.listeners.photos import READ_PHOTOS, read_photos
from adapters.teams.message import message_of
from moderation.views import Text


if TYPE_CHECKING:
    from adapters.intents import Query
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.message import Message
    from adapters.teams.payload import Sent
    from adapters.teams.replies import Reply
    from moderation.views import Form

FETCH, SUBMIT = "task/fetch", "task/submit"
USED, ENTERED = "composeExtension/fetchTask", "composeExtension/submitAction"

UNKNOWN: Final = "This isn't known here. Nothing changed."
PICTURES_STAY: Final = (
    "Teams doesn't hand me that message's pictures or videos. Propose it without them, or send "
    "them to me in our own chat, with the words."
)
NOT_WITH_IT: Final = "Its pictures and files don't come with this: please say what they show."
PLACE: Final = "place"
"""The field of a report that says where it was seen."""
MOST_FOUND: Final = 15
"""Teams shows no more choices of a search."""


def register(hear: Hear) -> None:
    """Hear what is named here."""
    hear.invoke(FETCH, _fetched)
    hear.invoke(SUBMIT, _submitted)
    hear.invoke(USED, _used)
    hear.invoke(ENTERED, _submitted)
    hear.invoke(replies.SEARCH, _searched)
    hear.query(intents.EditPost, _revised)
    hear.form(VERB, _sent)


# -- in a card ------------------------------------------------------------------------------------


async def _revised(call: Call, _sent: Sent, asked: Query) -> Reply:
    if not isinstance(asked, intents.EditPost):
        raise TypeError(type(asked))
    return await revise(Place(call, dialog=False), asked.post, asked.seen)


async def _sent(call: Call, sent: Sent) -> Reply:
    return await send(Place(call, dialog=False), sent)


# -- in a dialog ----------------------------------------------------------------------------------


async def _fetched(call: Call) -> Reply:
    """What a button opens."""
    sent = payload.read(part(call.activity.value, "data"))
    if isinstance(sent, BadPayload):
        return call.told(sent.sentence)
    if sent.intent.verb == READ_PHOTOS:
        return await read_photos(call, sent.intent.arg)
    if sent.intent.verb == VERB:
        return await begin(Place(call, dialog=True))
    asks = intents.command_for(sent.intent, sent.values)
    if isinstance(asks, intents.EditPost):
        return await revise(Place(call, dialog=True), asks.post, asks.seen)
    return call.told(UNKNOWN)


async def _submitted(call: Call) -> Reply:
    """A dialog that was sent."""
    sent = payload.read(part(call.activity.value, "data"))
    if isinstance(sent, BadPayload):
        return call.kept(sent.sentence)
    if sent.intent.verb == VERB:
        return await send(Place(call, dialog=True), sent)
    asks = intents.command_for(sent.intent, sent.values)
    if isinstance(asks, BadPayload):
        return call.kept(asks.sentence)
    if isinstance(asks, intents.Query):
        return call.told(UNKNOWN)
    request = call.parts.desk.tries.name(sent.request, sent.values)
    key = intents.business_key(sent.intent, call.by.id, request)
    answer = await call.door.do(asks, by=call.by, key=key)
    if isinstance(answer, Declined):
        return call.kept(*answer.sentences)
    return call.told(*answer.sentences)


# -- an action on a message, or beside the box in which one is written ----------------------------


async def _used(call: Call) -> Reply:
    value = call.activity.value
    message = message_of(value)
    match text(value.get("commandId"), longest=64):
        case "propose":
            notes = (PICTURES_STAY,) if message.left else ()
            place = Place(call, dialog=True)
            return await begin(place, message.words, writer=message.writer, notes=notes)
        case "report":
            return await _report(call, message)
        case _:
            return call.told(UNKNOWN)


async def _report(call: Call, message: Message) -> Reply:
    """The form with the message's words in it, and where it stands."""
    card = await call.door.report_form(message.words, by=call.by)
    for button in card.buttons:
        if button.form is not None:
            request = call.parts.ids.new()
            drawn = forms.card(
                button.form,
                button.intent,
                request=request,
                values=_where(button.form, message.link),
                sentences=(NOT_WITH_IT,) if message.left else (),
                dialog=True,
            )
            return replies.Reply(dialogs.task(button.form.title, drawn), alone=True)
    return call.told(*card.fallback.splitlines())


def _where(form: Form, link: str) -> dict[str, str]:
    """Half an address leads nowhere: it stands there whole, or not at all."""
    fits = (it for it in form.fields if isinstance(it, Text) and it.name == PLACE)
    return {PLACE: link} if link and any(len(link) <= it.limit for it in fits) else {}


# -- who is in a picture --------------------------------------------------------------------------


async def _searched(call: Call) -> Reply:
    """Pupils by the first letters of a name and classes by theirs, or colleagues."""
    value = call.activity.value
    asked = searched_post(text(value.get("dataset"), longest=200))
    typed = text(value.get("queryText"), longest=100).strip()
    if asked is None or not typed:
        return replies.Reply(search_results())
    kind, post = asked
    draft = await call.door.draft(post, by=call.by)
    accounts = draft.content.accounts if draft is not None else ()
    if kind == STAFF:
        staff = await call.door.colleagues(accounts, by=call.by, words=typed)
        return replies.Reply(search_results(staff=staff[:MOST_FOUND]), alone=True)
    classes = await call.door.classes(accounts, by=call.by)
    whole = [it for it in classes if it.label.casefold().startswith(typed.casefold())]
    found = await call.door.pupils(accounts, by=call.by, words=typed)
    pupils = () if isinstance(found, Declined) else found
    kept = whole[:MOST_FOUND]
    return replies.Reply(search_results(pupils[: MOST_FOUND - len(kept)], kept), alone=True)
