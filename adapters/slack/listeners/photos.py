"""Who may not be shown: read in a dialog, which leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.door import Declined, Reading
from adapters.sentences import READ_PRIVATELY
from adapters.slack import inbound, modals, reading
from adapters.slack.parts import Call, at_once
from adapters.slash import Verb


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts
    from adapters.slack.text import Block


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.view_closed(reading.READING)(at_once(parts, _closed))


async def show(call: Call, words: str) -> None:
    """The children of a class who may not be shown, to whoever typed it behind a slash."""
    if not call.origin.trigger:
        # A message can't open a dialog, and an answer to it would stay there.
        await call.say(READ_PRIVATELY.format(f"{call.parts.commands.schoolgate} {Verb.PHOTOS}"))
        return
    found: list[Reading] = []

    async def made() -> Block:
        answer = await call.door.photos(words, by=call.by)
        if isinstance(answer, Declined):
            return modals.told(reading.TITLE, answer.sentences)
        found.append(answer)
        return reading.view(answer.cards)

    view_id = await call.fill(modals.waiting(reading.TITLE), made())
    if found and view_id:
        call.parts.readings.open[view_id] = found[0].until


async def _closed(call: Call) -> None:
    call.parts.readings.open.pop(inbound.origin(call.body).view, None)
