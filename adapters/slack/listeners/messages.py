"""Messages to us: words or files begin a draft, and what is written next answers about it.

Heard only where the operator has said so (``chat.slack.direct_messages``): Slack delivers them
with a permission that is asked for then alone. Nothing here needs a dialog, and every answer is a
message that stays, so that one bar of signal is enough.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from adapters import sentences, slash
from adapters.door import Jotted
from adapters.slack import inbound
from adapters.slack.compose_message import message_files, message_moves, message_words
from adapters.slack.inbound import Origin
from adapters.slack.listeners.commands import (
    help_card,
    is_report,
    list_accounts,
    spoken,
)
from adapters.slack.parts import Call, heard
from adapters.slash import ListAccounts, NotSpoken, Spoken, Verb
from adapters.taking_in import left_behind, taken_in
from moderation.kernel import Platform
from moderation.ports import Conversation


if TYPE_CHECKING:
    from collections.abc import Iterable

    from slack_bolt.async_app import AsyncApp

    from adapters.door import Answer
    from adapters.slack.inbound import Payload
    from adapters.slack.parts import Parts

WRITTEN: Final = frozenset({None, "file_share"})
"""Subtypes of what a person has just written; edits, deletions and joins have others."""
LOOKING: Final = (
    "Your pictures are being looked at. Nothing is saved yet: the draft will appear here."
)
LOOKING_LONG: Final = (
    "Your video is being looked at, which can take a few minutes. Nothing is saved yet: the draft "
    "will appear here."
)
NOT_YET: Final = (
    "This isn't saved yet: our database is slow just now. Please wait: the answer will appear here."
)


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    if not parts.direct_messages:
        return
    hear = heard(parts, _message, concern=_is_report)

    async def listener(body: dict[str, Any]) -> None:
        if is_for_us(inbound.part(body, "event")):
            await hear(body=body)

    app.event("message")(listener)


def is_for_us(event: Payload) -> bool:
    """Whether a person has just written this, to us alone."""
    return (
        event.get("channel_type") == "im"
        and event.get("subtype") in WRITTEN
        and not event.get("bot_id")
        and bool(inbound.identifier(event.get("user")))
    )


def _is_report(body: Payload) -> bool:
    event = inbound.part(body, "event")
    return not message_files(event)[0] and is_report(slash.bare(message_words(event)))


async def _message(call: Call) -> None:
    # What one person writes is taken in the order in which it came.
    async with call.parts.writing.setdefault(call.by.id, asyncio.Lock()):
        event = inbound.part(call.body, "event")
        words = message_words(event)
        files, others = message_files(event)
        # Answered by messages that stay: what only flashes by is missed on a phone.
        lasting = replace(call, origin=Origin())
        asked = slash.bare(words) if not files else None
        if asked is not None:
            in_place = isinstance(asked, Spoken) and asked.verb is Verb.USE_HERE
            await _command(call if in_place else lasting, asked)
            return
        moving = LOOKING_LONG if message_moves(event) else LOOKING
        waiting = moving if files else NOT_YET
        notes, answer = await lasting.soon(_taken(call, words, files), waiting=waiting)
        notes = (*notes, *left_behind(others, taken=len(files)))
        # The draft's own card is the relay's.
        said = (*notes, *(answer.sentences if answer is not None else ()))
        if said:
            await lasting.say(*said)
        elif answer is None:
            await lasting.show(help_card(call.parts.commands, messages=True))


async def _taken(
    call: Call, words: str, files: Iterable[str]
) -> tuple[tuple[str, ...], Answer | None]:
    """What there is to say of the pictures, and what came of the message."""
    event = inbound.part(call.body, "event")
    taken = await taken_in(call.door, call.parts.incoming.fetch, files, by=call.by)
    if not words and not taken.pictures:
        return taken.notes, None
    here = Conversation(Platform.SLACK, call.origin.channel)
    said = Jotted(conversation=here, words=words, pictures=taken.pictures)
    key = f"message:{call.origin.channel}:{inbound.words(event.get('ts'), longest=32)}"
    return taken.notes, await call.door.jot(said, by=call.by, key=key)


async def _command(call: Call, asked: Spoken | NotSpoken | ListAccounts) -> None:
    """The same as behind a slash."""
    match asked:
        case ListAccounts(words=words):
            await list_accounts(call, words)
        case NotSpoken(name=name, meant=meant):
            called = call.parts.commands.schoolgate
            typed, near = (said.replace(slash.NAME, called, 1) for said in (name, meant))
            await call.say(sentences.no_such_command(typed, near, Verb.HELP))
        case Spoken(verb=Verb.REPORT, words=words):
            # No dialog can be opened from a message: the form's button stands on a card.
            await call.show(await call.soon(call.door.report_form(words, by=call.by)))
        case Spoken(verb=verb, words=words):
            await spoken(call, verb, words)
