"""What nobody else heard: acknowledged, and said kindly where somebody waits for an answer."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters import sentences
from adapters.slack import compose_views as draw, inbound, modals
from adapters.slack.answers import TITLE
from adapters.slack.parts import Call, Reply, at_once, in_reply
from adapters.slash import Verb


if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.context.ack.async_ack import AsyncAck

    from adapters.slack.parts import Parts

log = structlog.get_logger(__name__)

ANY: Final = re.compile("")
SENT_AWAY: Final = ("app_uninstalled", "tokens_revoked")
FORMS: Final = frozenset({draw.COMPOSE, modals.FORM})
SEARCHES: Final = frozenset({draw.BUT_WHOM, draw.WHOM})
"""Heard elsewhere. Whoever takes over three seconds there is passed over by Bolt, which would ask
here next: what is being done would be called unknown."""
UNKNOWN: Final = "This isn't known here. Nothing changed."


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    app.command(ANY)(at_once(parts, _no_such_command))
    app.action(ANY)(at_once(parts, _unknown))
    app.shortcut(ANY)(at_once(parts, _unknown))
    app.view_submission(ANY, matchers=[_is_no_form])(in_reply(parts, _no_such_form))
    app.options(ANY, matchers=[_is_no_search])(in_reply(parts, _no_options))
    # Unheard, Slack would send it three times more, and count us as failing.
    app.view_closed(ANY)(_acknowledged)
    for event in SENT_AWAY:
        app.event(event)(_sent_away)
    app.event(ANY)(_quietly)


async def _is_no_form(body: dict[str, Any]) -> bool:
    return inbound.part(body, "view").get("callback_id") not in FORMS


async def _is_no_search(body: dict[str, Any]) -> bool:
    return body.get("action_id") not in SEARCHES


async def _no_such_command(call: Call) -> None:
    typed, called = inbound.typed(call.body), call.parts.commands
    known = (called.propose, called.channels, called.report, called.schoolgate)
    near = difflib.get_close_matches(typed.command, known, n=1, cutoff=0.6)
    ask = f"{called.schoolgate} {Verb.HELP}"
    await call.say(sentences.no_such_command(typed.command, near[0] if near else "", ask))


async def _unknown(call: Call) -> None:
    await call.say(UNKNOWN)


async def _no_such_form(_call: Call) -> Reply:
    return {"response_action": "update", "view": modals.told(TITLE, (UNKNOWN,))}


async def _no_options(_call: Call) -> Reply:
    return {"options": []}


async def _acknowledged(ack: AsyncAck) -> None:
    await ack()


async def _sent_away(body: dict[str, Any]) -> None:
    """Nobody did this to be answered; whoever runs us has to hear of it."""
    event = inbound.part(body, "event")
    if event.get("type") == "tokens_revoked" and not inbound.part(event, "tokens").get("bot"):
        return  # somebody's own token, which we never had
    log.error("slack.not_let_in", error=str(event.get("type")))


async def _quietly() -> None:
    """Bolt has acknowledged it."""
