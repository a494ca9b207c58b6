"""What is typed behind a slash, and the shortcuts that report a concern."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from adapters import sentences, slash
from adapters.hearing import SLOW
from adapters.sentences import NOT_YET
from adapters.slack import inbound, modals, names
from adapters.slack.compose_message import message_words
from adapters.slack.listeners import photos
from adapters.slack.parts import Call, always, at_once
from adapters.slack.places import conversation_is_safe
from adapters.slack.telling import tell
from adapters.slash import NotSpoken, Spoken, Verb
from moderation.incidents.present import EMERGENCY
from moderation.kernel import Platform, SubjectRef
from moderation.ports import Conversation
from moderation.views import Facts, Tone
from moderation.words import card as worded


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.inbound import Payload
    from adapters.slack.parts import Parts
    from adapters.slack.text import Block
    from moderation.views import Card

REPORT = "Report a concern"


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    called = parts.commands
    app.command(called.channels)(at_once(parts, _channels))
    app.command(called.report)(at_once(parts, _report_typed, concern=always))
    app.command(called.schoolgate)(at_once(parts, _schoolgate, concern=_is_report))
    app.global_shortcut(names.REPORT_CONCERN)(at_once(parts, report_anew, concern=always))
    app.message_shortcut(names.REPORT_MESSAGE)(at_once(parts, _report_message, concern=always))


async def _channels(call: Call) -> None:
    await list_accounts(call, inbound.typed(call.body).words)


async def list_accounts(call: Call, words: str) -> None:
    """The register, narrowed by what was typed."""
    await call.show(*await call.soon(call.door.channels(words, by=call.by)))


async def _schoolgate(call: Call) -> None:
    called = call.parts.commands
    match slash.schoolgate(inbound.typed(call.body).words):
        case NotSpoken(name=name, meant=meant):
            typed, near = (said.replace(slash.NAME, called.schoolgate, 1) for said in (name, meant))
            ask = f"{called.schoolgate} {Verb.HELP}"
            await call.say(sentences.no_such_command(typed, near, ask))
        case Spoken(verb=verb, words=words):
            await spoken(call, verb, words)


def _is_report(body: Payload) -> bool:
    return is_report(slash.schoolgate(inbound.typed(body).words))


def is_report(asked: object) -> bool:
    """Whether what was typed begins a report about a child."""
    return isinstance(asked, Spoken) and asked.verb is Verb.REPORT


async def spoken(call: Call, verb: Verb, words: str) -> None:
    """What a verb asks for."""
    match verb:
        case Verb.HELP:
            messages = call.parts.direct_messages
            await call.show(help_card(call.parts.commands, messages=messages))
        case Verb.QUEUE:
            await call.show((await call.soon(call.door.queue(by=call.by))).card)
        case Verb.WHOAMI:
            await call.show(await call.soon(call.door.who_am_i(by=call.by)))
        case Verb.REPORT:
            await _report(call, words)
        case Verb.PHOTOS:
            await photos.show(call, words)
        case Verb.USE_HERE:
            await _use_here(call, words)
        case Verb.POLICY:
            await call.show(*await call.soon(call.door.policies(by=call.by)))
        case Verb.AWAY | Verb.BACK:
            said = call.door.absence(verb, words, by=call.by, key=call.parts.ids.new())
            await tell(call, await call.soon(said, waiting=NOT_YET))
        case Verb.PAUSE | Verb.START | Verb.NAMES:
            key = call.parts.ids.new()
            named = verb is Verb.NAMES
            work = (
                call.door.names(words, by=call.by, key=key)
                if named
                else call.door.hold(verb, words, by=call.by, key=key)
            )
            answer = await call.soon(work, waiting=NOT_YET if words else SLOW)
            if isinstance(answer, tuple):
                await call.show(*answer)
            else:
                await tell(call, answer)
        case _ as never:
            assert_never(never)


async def _use_here(call: Call, words: str) -> None:
    """Nobody from outside may read where the cards of an account are shown."""
    why = await conversation_is_safe(call.parts.answers.client, call.origin.channel)
    if why is not None:
        await call.say(why)
        return
    here = Conversation(Platform.SLACK, call.origin.channel)
    work = call.door.use_here(words, here, by=call.by, key=call.parts.ids.new())
    await tell(call, await call.soon(work, waiting=NOT_YET))


# -- reports --------------------------------------------------------------------------------------


async def _report_typed(call: Call) -> None:
    await _report(call, inbound.typed(call.body).words)


async def report_anew(call: Call) -> None:
    """The form with nothing in it."""
    await _report(call, "")


async def _report_message(call: Call) -> None:
    await _report(call, message_words(inbound.part(call.body, "message")))


async def _report(call: Call, words: str) -> None:
    """The form in a dialog; until it is there, what to do if a child is in danger now."""

    async def made() -> Block:
        card = await call.door.report_form(words, by=call.by)
        for button in card.buttons:
            if button.form is not None:
                request = call.parts.begin(call.origin)
                return modals.form_view(
                    button.form, modals.Memo(intent=button.intent, request=request)
                )
        return modals.told(card.title, card.fallback.splitlines())

    await call.fill(modals.told(REPORT, (EMERGENCY, modals.ONE_MOMENT)), made())


WRITE = "A message to me"
USE_HERE = "Show an account's cards in this channel. Say which after it: facebook"
BECOMES = "Words or pictures become a draft that only you see. I ask for what is missing"


# -- help -----------------------------------------------------------------------------------------


def help_card(called: names.Commands, *, messages: bool = False) -> Card:
    """What can be typed here, by the names that the commands have in this workspace.

    ``messages``: a message to us begins a post too.
    """
    rows = (
        *(((WRITE, BECOMES),) if messages else ()),
        *sentences.help_rows(
            propose=called.propose,
            channels=called.channels,
            schoolgate=called.schoolgate,
            report=called.report,
        ),
        (f"{called.schoolgate} {Verb.QUEUE}", "What waits for your yes, one after the other"),
        (f"{called.schoolgate} {Verb.USE_HERE}", USE_HERE),
        (f"{called.schoolgate} {Verb.WHOAMI}", "Who you are to Schoolgate, and what you may do"),
    )
    return worded(
        SubjectRef("help", "help"),
        version=1,
        title="What you can type here",
        state="",
        tone=Tone.WAITING,
        parts=(Facts(rows),),
    )
