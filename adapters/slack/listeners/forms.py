"""Dialogs that are sent: the form of a button, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters import intents
from adapters.door import Declined
from adapters.payloads import BadPayload
from adapters.slack import inbound, modals
from adapters.slack.answers import TITLE
from adapters.slack.inbound import Origin
from adapters.slack.parts import CLOSE, Call, Reply, in_reply
from adapters.slack.telling import tell


if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_bolt.async_app import AsyncApp

    from adapters.slack.inbound import Payload
    from adapters.slack.parts import Parts


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.view(modals.FORM)(in_reply(parts, _sent))


async def _sent(call: Call) -> Reply:
    """Do it, once for each opening of the dialog, however often it is sent."""
    view = inbound.part(call.body, "view")
    memo, values = modals.memo(view), modals.values(view, call.parts.zone)
    if isinstance(memo, BadPayload):
        return _said(memo.sentence)
    if isinstance(values, BadPayload):
        return _said(values.sentence, words=modals.typed(view))
    asks = intents.command_for(memo.intent, values)
    if isinstance(asks, BadPayload):
        return _said(asks.sentence, words=modals.typed(view))
    if isinstance(asks, intents.Query):
        return _said(modals.BROKEN)
    request = call.parts.desk.tries.name(memo.request, values)
    key = intents.business_key(memo.intent, call.by.id, request)
    answer = await call.door.do(asks, by=call.by, key=key)
    if isinstance(answer, Declined):
        return _declined(answer, view)
    there = call.parts.begun.get(memo.request) or Origin(channel=memo.conversation, ts=memo.ts)
    call.parts.patience.begin(tell(replace(call, origin=there), answer, memo.intent))
    return dict(CLOSE)


def _declined(answer: Declined, view: Payload) -> Reply:
    """Under the field that it is about, so that it can be put right; else in the form's place.

    There what was typed stands beneath, so that it isn't lost with the form.
    """
    blocks = view.get("blocks")
    inputs = {
        block.get("block_id")
        for block in (blocks if isinstance(blocks, list) else ())
        if isinstance(block, Mapping) and block.get("type") == "input"
    }
    # What has become a point since the form was opened has no field in it, and of a field that
    # isn't there Slack shows nothing but its own "trouble connecting".
    if answer.field in inputs:
        return {
            "response_action": "errors",
            "errors": {answer.field: " ".join(answer.sentences)},
        }
    return _said(*answer.sentences, words=modals.typed(view))


def _said(*sentences: str, words: Sequence[str] = ()) -> Reply:
    return {"response_action": "update", "view": modals.told(TITLE, sentences, words=words)}
