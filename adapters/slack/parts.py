"""What every listener is given, and the three ways in which one hears.

    app.command("/channels")(at_once(parts, list_accounts))      # a click, a command, a shortcut
    app.view("form")(in_reply(parts, send))                      # a dialog that is sent
    app.event("app_mention")(heard(parts, help_them))            # something that happened

Each acknowledges within Slack's three seconds, finds out who speaks, answers a stranger kindly and
does nothing for them, and turns a fault into a sentence with a number that the log knows.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, TypeVar
from weakref import WeakValueDictionary

import structlog

from adapters.door import Door
from adapters.greeting import Greeter
from adapters.hearing import MOST_REMEMBERED, SLOW, Once, Stranger, a_number, nobody_looks
from adapters.patience import Patience
from adapters.sentences import NOT_YET, OUR_FAULT
from adapters.slack import inbound, modals
from adapters.slack.answers import TITLE, Answers
from adapters.slack.compose_desk import Desk, Incoming
from adapters.slack.inbound import Origin, Payload, Sender
from adapters.slack.names import Commands
from adapters.slack.reading import Readings
from moderation.incidents.present import EMERGENCY
from moderation.kernel import Identity
from moderation.ports import Clock, Ids


if TYPE_CHECKING:
    from slack_bolt.context.ack.async_ack import AsyncAck

    from adapters.believing import Told
    from adapters.slack.text import Block
    from moderation.views import Card

log = structlog.get_logger(__name__)

R = TypeVar("R")

Reply: TypeAlias = dict[str, Any]
"""What acknowledges a dialog (``response_action`` …) or a search (``options``)."""
CLOSE: Final[Mapping[str, str]] = {"response_action": "clear"}
SAVED_LATE: Final = "This is saved now. You can close this."


class Speakers(Protocol):
    async def who(self, sender: Sender) -> Identity | Stranger:
        """Who that is to us. Raises where Slack can't be asked."""

    def told(self, user: str) -> Told:
        """What the platform tells of somebody who has just spoken; nothing of anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """``zone`` is the school's."""

    door: Door
    greeter: Greeter
    speakers: Speakers
    answers: Answers
    clock: Clock
    ids: Ids
    zone: tzinfo
    incoming: Incoming
    readings: Readings
    desk: Desk = field(default_factory=Desk)
    commands: Commands = field(default_factory=Commands)
    patience: Patience = field(default_factory=Patience)
    once: Once = field(default_factory=Once)
    """Events by their id, which Slack keeps when it sends one again."""
    joined: Callable[[str], Awaitable[None]] = nobody_looks
    """Told of a channel where somebody else may read from now on."""
    direct_messages: bool = False
    """Whether messages to us are heard."""
    writing: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )
    """Whose message is being taken in."""
    begun: OrderedDict[str, Origin] = field(default_factory=OrderedDict, repr=False)
    """Where the button of a form was pressed, by the form's request."""

    homes: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )
    """Whose Home tab is being drawn."""

    def begin(self, origin: Origin) -> str:
        """A request for a form that is opened there."""
        request = self.ids.new()
        self.begun[request] = origin
        if len(self.begun) > MOST_REMEMBERED:
            self.begun.popitem(last=False)
        return request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing done by one known person. ``body`` is Slack's payload, unjudged."""

    parts: Parts
    by: Identity
    origin: Origin
    body: Payload = field(repr=False)

    @property
    def door(self) -> Door:
        return self.parts.door

    async def unknown(self) -> tuple[str, ...]:
        """What somebody hears whom the school's list doesn't hold; nothing for everybody else."""
        return await self.parts.greeter.unknown(self.by, self.parts.speakers.told(self.by.id))

    async def say(self, *sentences: str) -> None:
        """To this person alone, there where they did it."""
        await self.parts.answers.say(self.origin, self.by, sentences)

    async def show(self, *cards: Card, sentences: tuple[str, ...] = ()) -> None:
        """To this person alone, in place of what they pressed where only they see that."""
        await self.parts.answers.show(self.origin, self.by, cards, sentences)

    async def show_beside(self, *cards: Card) -> None:
        """To this person alone, leaving what they pressed as it is."""
        await self.parts.answers.show(replace(self.origin, ephemeral=False), self.by, cards)

    async def open(self, view: Block) -> str:
        """Open a dialog; its id, or "" where it came too late, which the person is told."""
        return await self.parts.answers.open(self.origin, self.by, view)

    async def update(self, view_id: str, view: Block) -> bool:
        """Redraw a dialog; whether it was still open."""
        return await self.parts.answers.update(view_id, view)

    async def fill(self, skeleton: Block, made: Coroutine[Any, Any, Block]) -> str:
        """Open ``skeleton`` at once, and redraw it when what it is for is ``made``.

        The dialog's id, or "" where it came too late, which the person is told.
        """
        view_id = await self.open(skeleton)
        if not view_id:
            made.close()
            if typed := _typed(self.body):
                await self.say(*typed)
            return ""

        async def slow() -> None:
            await self.update(view_id, modals.told(TITLE, (SLOW,)))

        await self.update(view_id, await self.parts.patience.soon(self._made(made), slow))
        return view_id

    async def _made(self, made: Coroutine[Any, Any, Block]) -> Block:
        """What was made, however late, or that it could not be, with the words that were typed."""
        try:
            return await made
        except Exception:
            number = a_number()
            log.exception("slack.failed", request=number)
            said = (OUR_FAULT.format(number),)
            return modals.told(TITLE, said, words=_typed(self.body))

    async def soon(self, work: Coroutine[Any, Any, R], *, waiting: str = SLOW) -> R:
        """What comes of it, however long it takes; the person is told when it takes long."""
        return await self.parts.patience.soon(work, lambda: self.say(waiting))


Handler: TypeAlias = Callable[[Call], Awaitable[None]]
Replier: TypeAlias = Callable[[Call], Awaitable[Reply]]
Listener: TypeAlias = Callable[..., Awaitable[None]]
Concern: TypeAlias = Callable[[Payload], bool]
"""Whether what was done begins a report about a child. Pure; the payload is unjudged."""


# -- how a listener hears -------------------------------------------------------------------------


def never(_body: Payload) -> bool:
    """It is about no concern."""
    return False


def always(_body: Payload) -> bool:
    """It is about a concern, whatever it holds."""
    return True


def at_once(parts: Parts, handler: Handler, *, concern: Concern = never) -> Listener:
    """Acknowledged before anything else is done; what comes of it is told afterwards.

    ``concern``: it is about a child, so nobody is told to wait until they are confirmed, and a
    stranger hears what to do now.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await parts.patience.begin(_handled(parts, body, handler, concern=concern(body)))

    return listener


def heard(parts: Parts, handler: Handler, *, concern: Concern = never) -> Listener:
    """An event, which Bolt acknowledges; one that Slack sends again is heard once.

    ``concern`` as for :func:`at_once`.
    """

    async def listener(body: dict[str, Any]) -> None:
        if parts.once.is_new(inbound.identifier(body.get("event_id"))):
            await parts.patience.begin(_handled(parts, body, handler, concern=concern(body)))

    return listener


def in_reply(parts: Parts, replier: Replier) -> Listener:
    """A dialog or a search, acknowledged with what comes of it.

    Where that takes too long the dialog stays as it is, with its words, and says so; what comes
    late is drawn into it if it is still open.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        async def late(reply: Reply) -> None:
            await _drawn_late(parts, body, reply)

        reply = await parts.patience.wait(_replied(parts, body, replier), then=late)
        await ack(_told(body, NOT_YET) if reply is None else reply)

    return listener


async def _handled(parts: Parts, body: Payload, handler: Handler, *, concern: bool) -> None:
    origin = inbound.origin(body)
    sender = inbound.sender(body)
    if sender is None:
        log.warning("slack.nobody")
        return
    try:
        who = await parts.speakers.who(sender)
        if isinstance(who, Identity):
            if not concern and (said := await _greeting(parts, who)):
                await parts.answers.say_to(origin, sender.user, (*said, *_typed(body)))
                return
            await handler(Call(parts=parts, by=who, origin=origin, body=body))
        else:
            now = (EMERGENCY,) if concern else ()
            await parts.answers.say_to(origin, sender.user, (*now, who.sentence, *_typed(body)))
    except Exception:
        number = a_number()
        log.exception("slack.failed", request=number)
        with suppress(Exception):
            said = (OUR_FAULT.format(number), *_typed(body))
            await parts.answers.say_to(origin, sender.user, said)


async def _greeting(parts: Parts, who: Identity) -> tuple[str, ...]:
    return await parts.greeter.hear(who, parts.speakers.told(who.id))


async def _replied(parts: Parts, body: Payload, replier: Replier) -> Reply:
    sender = inbound.sender(body)
    if sender is None:
        log.warning("slack.nobody")
        return {}
    try:
        who = await parts.speakers.who(sender)
        if isinstance(who, Identity):
            sent = body.get("type") == "view_submission"
            if sent and (said := await _greeting(parts, who)):
                return _told(body, " ".join(said))
            call = Call(parts=parts, by=who, origin=inbound.origin(body), body=body)
            return await replier(call)
        return _told(body, who.sentence)
    except Exception:
        number = a_number()
        log.exception("slack.failed", request=number)
        return _told(body, OUR_FAULT.format(number))


def _typed(body: Payload) -> tuple[str, ...]:
    """What was typed behind a slash, to be given back: Slack doesn't keep it."""
    words = inbound.typed(body).words
    return (f"You typed: {words}",) if words else ()


def _told(body: Payload, sentence: str) -> Reply:
    """The sentence under the dialog's first field, so that what was typed stays in it."""
    if body.get("type") != "view_submission":
        return {"options": []}
    blocks = inbound.part(body, "view").get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping) and block.get("type") == "input":
            return {
                "response_action": "errors",
                "errors": {str(block.get("block_id")): sentence},
            }
    return {"response_action": "update", "view": modals.told(TITLE, (sentence,))}


async def _drawn_late(parts: Parts, body: Payload, reply: Reply) -> None:
    view = inbound.identifier(inbound.part(body, "view").get("id"))
    if not view or reply.get("response_action") == "errors":
        return
    await parts.answers.update(view, reply.get("view") or modals.told(TITLE, (SAVED_LATE,)))
