"""What every listener is given, and how one hears.

    hear.invoke("task/fetch", opened)                  # answered with what comes of it
    hear.message(is_command, typed)                    # answered with messages
    hear.verb(Verb.PHOTOS, photos)                     # a word that is typed
    hear.query(EditPost, revise)                       # a button that asks for something else

Each finds out who speaks, answers a stranger kindly and does nothing for them, and turns a fault
into a sentence with a number that the log knows. The first message listener that fits hears.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, TypeVar
from weakref import WeakValueDictionary

import structlog

from adapters.composing import Desk
from adapters.door import Door
from adapters.greeting import Greeter
from adapters.hearing import SLOW, Once, Stranger, a_number, nobody_looks
from adapters.patience import Patience
from adapters.sentences import NOT_YET, OUR_FAULT
from adapters.slash import Verb
from adapters.teams import keeping, payload, replies
from adapters.teams.answers import ADD_ME, PRIVATELY, Answers
from adapters.teams.client import Connector
from adapters.teams.files import Files
from adapters.teams.inbound import Activity, Kind, Origin, Sender, part
from adapters.teams.keeping import Open
from adapters.teams.places import Places
from adapters.teams.replies import Reply
from moderation.incidents.present import EMERGENCY
from moderation.kernel import Identity
from moderation.ports import Clock, Ids


if TYPE_CHECKING:
    from adapters.believing import Told
    from adapters.intents import Query
    from adapters.teams.payload import Sent
    from moderation.views import Card

log = structlog.get_logger(__name__)

R = TypeVar("R")

LONGEST: Final = 8.0
"""Seconds: Teams waits ten for what an action is answered with, and then shows a fault."""
SENDS_A_CONCERN: Final = "report.send"
PRESS_AGAIN: Final = "What you asked to see can be shown now. Please press the button again."


class Speakers(Protocol):
    async def who(self, sender: Sender | None, origin: Origin) -> Identity | Stranger:
        """Who that is to us."""

    def told(self, user: str) -> Told:
        """What the platform tells of somebody who has just spoken; nothing of anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """``zone`` is the school's; ``judge`` says why a conversation gets no cards, or ""."""

    door: Door
    greeter: Greeter
    speakers: Speakers
    answers: Answers
    connector: Connector
    places: Places
    clock: Clock
    ids: Ids
    zone: tzinfo
    files: Files
    judge: Callable[[Origin], Awaitable[str]]
    patience: Patience = field(default_factory=lambda: Patience(seconds=LONGEST))
    desk: Desk = field(default_factory=Desk)
    open: Open = field(default_factory=Open)
    joined: Callable[[str], Awaitable[None]] = nobody_looks
    """Told of a conversation where somebody else may read from now on."""
    once: Once = field(default_factory=Once)
    """Messages by their conversation and id, which Teams keeps when it sends one again."""
    writing: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )
    """Whose message is being taken in."""

    def is_new(self, activity: Activity) -> bool:
        """Whether this is heard for the first time; one without an id always is."""
        origin = activity.origin
        return self.once.is_new(
            f"{origin.conversation}\0{origin.activity}" if origin.activity else ""
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing done by one known person."""

    parts: Parts
    by: Identity
    activity: Activity

    @property
    def door(self) -> Door:
        return self.parts.door

    @property
    def origin(self) -> Origin:
        return self.activity.origin

    async def unknown(self) -> tuple[str, ...]:
        """What somebody hears whom the school's list doesn't hold; nothing for everybody else."""
        return await self.parts.greeter.unknown(self.by, self.parts.speakers.told(self.by.id))

    async def say(self, *sentences: str, openly: bool = False) -> None:
        """By a message, to this person alone unless it is said ``openly``."""
        await self.parts.answers.say(
            self.origin, self.by, sentences, openly=openly, silently=self._silently
        )

    async def show(
        self, *cards: Card, sentences: tuple[str, ...] = (), openly: bool = False
    ) -> bool:
        """By messages, to this person alone unless they are shown ``openly``; if they arrived."""
        return await self.parts.answers.show(
            self.origin, self.by, cards, sentences, openly=openly, silently=self._silently
        )

    async def beside(self, *cards: Card) -> tuple[str, ...]:
        """Show them privately, and what the answer to a press says of that."""
        arrived = await self.show(*cards)
        if self.origin.personal or not self._silently:
            return ()
        return (PRIVATELY if arrived else ADD_ME,)

    @property
    def _silently(self) -> bool:
        """Whoever presses or fills in a form said nothing that the others could read."""
        return self.activity.kind is Kind.INVOKE

    async def replace(self, card: Card) -> bool:
        """Redraw the message of their own that they pressed."""
        return await self.parts.answers.replace(self.origin, card)

    async def card(self, card: Card, *sentences: str) -> Reply:
        """An action's answer: this card in place of the pressed one, for this person alone."""
        return replies.card(await self.parts.answers.drawing.alone(card), sentences)

    def told(self, *sentences: str) -> Reply:
        """An invoke's answer in words."""
        return replies.say(self.activity.name, sentences)

    def kept(self, *sentences: str) -> Reply:
        """The same, where a form came that isn't stored: it stays open with what was typed."""
        return kept(self.parts, self.activity, sentences)

    async def soon(self, work: Coroutine[Any, Any, R], *, waiting: str = SLOW) -> R:
        """What comes of it, however long it takes; the person is told when it takes long."""
        return await self.parts.patience.soon(work, lambda: self.say(waiting))


Handler: TypeAlias = Callable[[Call], Awaitable[Reply]]
Listener: TypeAlias = Callable[[Call], Awaitable[None]]
Fits: TypeAlias = Callable[[Activity], bool]
Typed: TypeAlias = Callable[[Call, str], Awaitable[None]]
"""A word that was typed, with what stood behind it."""
Heard: TypeAlias = Callable[["Parts", Activity, bool], Awaitable[None]]
"""Something that happened, and whether it is the first that we hear from there."""
Asked: TypeAlias = Callable[[Call, "Sent", "Query"], Awaitable[Reply]]
Filled: TypeAlias = Callable[[Call, "Sent"], Awaitable[Reply]]


@dataclass(slots=True)
class Hear:
    """What is listened for. Filled by the modules of :mod:`adapters.teams.listeners`."""

    parts: Parts
    invokes: dict[str, Handler] = field(default_factory=dict)
    messages: list[tuple[Fits, Listener]] = field(default_factory=list)
    verbs: dict[Verb, Typed] = field(default_factory=dict)
    queries: dict[type[object], Asked] = field(default_factory=dict)
    forms: dict[str, Filled] = field(default_factory=dict)
    happenings: list[Heard] = field(default_factory=list)

    def invoke(self, name: str, handler: Handler) -> None:
        """Answer invokes of this name."""
        self.invokes[name] = handler

    def message(self, fits: Fits, listener: Listener) -> None:
        """Hear messages that fit; whoever is named first hears."""
        self.messages.append((fits, listener))

    def verb(self, verb: Verb, typed: Typed) -> None:
        """Do what a typed word asks for."""
        self.verbs[verb] = typed

    def query(self, kind: type[object], asked: Asked) -> None:
        """Answer a button that asks for this."""
        self.queries[kind] = asked

    def form(self, verb: str, filled: Filled) -> None:
        """Answer a form of ours in a card, whose intent has this verb."""
        self.forms[verb] = filled

    def happening(self, heard: Heard) -> None:
        """Hear what is neither a message nor an invoke."""
        self.happenings.append(heard)

    # -- what arrives --------------------------------------------------------------------------

    async def invoked(self, activity: Activity) -> Reply | None:
        """What an invoke is answered with; ``None`` for one that nobody answers.

        Where it takes too long the person is told to wait, and hears the rest by a message.
        """
        handler = self.invokes.get(activity.name)
        if handler is None:
            return None

        unasked = _is_unasked(activity)

        async def late(reply: Reply) -> None:
            if not unasked:
                await self._late(activity, reply)

        reply = await self.parts.patience.wait(self._answered(activity, handler), then=late)
        if reply is not None:
            return reply
        now = (EMERGENCY,) if _is_a_concern(activity) else ()
        return replies.nothing() if unasked else kept(self.parts, activity, (*now, NOT_YET))

    async def _late(self, activity: Activity, reply: Reply) -> None:
        """By messages, a form too: what was typed is nowhere else by then."""
        form = keeping.form_in(reply.body)
        if form is not None and not _is_of(activity, keeping.request_of(form)):
            form = None
        said = reply.said
        if not said and reply.alone and replies.is_card(reply):
            # It is for one person's eyes, so it can't come by a message that stays.
            said = (PRESS_AGAIN,)
        if form is None and not said:
            return
        answers = self.parts.answers
        who = await self.parts.speakers.who(activity.sender, activity.origin)
        by = who if isinstance(who, Identity) else None
        if form is not None and by is not None:
            message = keeping.message_of(form)
            await answers.send(activity.origin, by, message, silently=True)
        elif said:
            await answers.say(activity.origin, by, said, silently=True)

    async def said(self, activity: Activity) -> None:
        """Take a message in."""
        for fits, listener in self.messages:
            if fits(activity):
                await self._handled(activity, listener)
                return

    async def happened(self, activity: Activity, *, first: bool) -> None:
        """Everything else, which nobody waits for. ``first``: we weren't there before."""
        for heard in self.happenings:
            try:
                await heard(self.parts, activity, first)
            except Exception:
                log.exception("teams.failed", request=a_number())

    async def _handled(self, activity: Activity, listener: Listener) -> None:
        parts, origin = self.parts, activity.origin
        try:
            who = await parts.speakers.who(activity.sender, origin)
            if not isinstance(who, Identity):
                now = (EMERGENCY,) if _is_a_concern(activity) else ()
                await parts.answers.say(origin, None, (*now, who.sentence), openly=True)
                return
            if not _is_a_concern(activity) and (said := await self._greeting(who)):
                await parts.answers.say(origin, who, said)
                return
            call = Call(parts=parts, by=who, activity=activity)
            if _is_a_concern(activity):
                # It waits for no video that is still on its way.
                await listener(call)
                return
            # What one person writes is taken in the order in which it came.
            async with parts.writing.setdefault(who.id, asyncio.Lock()):
                await listener(call)
        except Exception:
            number = a_number()
            log.exception("teams.failed", request=number)
            with suppress(Exception):
                said = (OUR_FAULT.format(number),)
                await parts.answers.say(origin, None, said, openly=True)

    async def _answered(self, activity: Activity, handler: Handler) -> Reply:
        parts, unasked = self.parts, _is_unasked(activity)
        try:
            who = await parts.speakers.who(activity.sender, activity.origin)
            if unasked:
                # Teams redraws a card for whoever looks at it: nobody spoke, nobody is told.
                if not isinstance(who, Identity):
                    return replies.nothing()
                reply = await handler(Call(parts=parts, by=who, activity=activity))
                return reply if replies.is_card(reply) else replies.nothing()
            concern = _is_a_concern(activity)
            if not isinstance(who, Identity):
                now = (EMERGENCY,) if concern else ()
                return kept(parts, activity, (*now, who.sentence))
            if not concern and (said := await self._greeting(who)):
                return kept(parts, activity, said)
            reply = await handler(Call(parts=parts, by=who, activity=activity))
            return _remembered(parts, activity, reply)
        except Exception:
            number = a_number()
            log.exception("teams.failed", request=number)
            fault = (OUR_FAULT.format(number),)
            return replies.nothing() if unasked else kept(parts, activity, fault)

    async def _greeting(self, who: Identity) -> tuple[str, ...]:
        return await self.parts.greeter.hear(who, self.parts.speakers.told(who.id))


def kept(parts: Parts, activity: Activity, sentences: tuple[str, ...]) -> Reply:
    """Sentences; above the same form with all that was typed, where it came from a dialog."""
    if activity.name in keeping.SUBMITS and activity.sender is not None:
        data = activity.value.get("data")
        body = parts.open.again(activity.sender.user, data, sentences)
        if body is not None:
            return Reply(body, sentences, alone=True)
    return replies.say(activity.name, sentences)


def _remembered(parts: Parts, activity: Activity, reply: Reply) -> Reply:
    """The same; a form that it opens is known from now on, and one that it closes is not."""
    if activity.sender is None or activity.name not in replies.DIALOGS:
        return reply
    user = activity.sender.user
    if keeping.form_in(reply.body) is not None:
        parts.open.note(user, reply.body)
    elif activity.name in keeping.SUBMITS:
        parts.open.over(user, activity.value.get("data"))
    return reply


def _is_of(activity: Activity, request: str) -> bool:
    """Whether the form with this ``request`` is the one that came, or begins with a message."""
    sent = part(part(activity.value, "action") or activity.value, "data")
    return sent.get("request") == request or "messagePayload" in activity.value


def _is_unasked(activity: Activity) -> bool:
    """Whether Teams redraws a card by itself; some clients don't say so."""
    if activity.name != replies.ACTION:
        return False
    trigger, verb = activity.value.get("trigger"), part(activity.value, "action").get("verb")
    return trigger == "automatic" or (verb == payload.Verb.SEE and trigger != "manual")


def _is_a_concern(activity: Activity) -> bool:
    """Whether it is about a child, so that nobody is told to wait until they are confirmed."""
    if activity.value.get("commandId") == Verb.REPORT:
        return True
    action = part(activity.value, "action")
    for data in (activity.value, part(activity.value, "data"), part(action, "data")):
        sent = payload.read(data)
        if isinstance(sent, payload.Sent) and sent.intent.verb == SENDS_A_CONCERN:
            return True
    words = activity.words.casefold().split()[:2]
    return any(word.strip("/") == Verb.REPORT for word in words)
