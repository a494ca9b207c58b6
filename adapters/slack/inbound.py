"""What Slack sends, read: who, from where, and what was pressed or typed. Pure.

Whatever is missing or of another shape is read as absent; what must be understood and can't be is a
:class:`~adapters.intents.BadPayload` with a sentence. ``repr`` shows no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters.slack import buttons


if TYPE_CHECKING:
    from adapters.payloads import BadPayload
    from adapters.slack.buttons import Carried


Payload: TypeAlias = Mapping[str, Any]
"""A body as Bolt has parsed it; nothing in it is certain."""

LONGEST_ID: Final = 64
LONGEST_WORDS: Final = 40_000
"""Characters: the most that Slack lets anybody type into a message."""

_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """``workspace`` is where it was done; ``team`` the sender's own, where Slack tells it."""

    user: str
    workspace: str
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was done, so that it can be answered there; "" for what isn't known.

    ``trigger`` opens one dialog within three seconds. ``ephemeral``: only the sender sees the
    message, so it may be replaced. ``home``: it stands in the sender's Home tab. ``thread``: it was
    said in the thread that this message began.
    """

    channel: str = ""
    ts: str = ""
    trigger: str = ""
    response_url: str = field(default="", repr=False)
    view: str = ""
    ephemeral: bool = False
    home: bool = False
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A slash command: its name with the slash, and what follows."""

    command: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One that a shortcut was used on. ``writer`` is "" for a message that no member wrote."""

    words: str = field(default="", repr=False)
    writer: str = ""
    channel: str = ""
    ts: str = ""


# -- who and where --------------------------------------------------------------------------------


def sender(body: Payload) -> Sender | None:
    """Who did it, or ``None`` where Slack doesn't say: then it is nobody's."""
    event, user, team = part(body, "event"), body.get("user"), body.get("team")
    told = user if isinstance(user, Mapping) else {}
    who = told.get("id") if told else (body.get("user_id") or event.get("user") or user)
    where = team.get("id") if isinstance(team, Mapping) else body.get("team_id")
    own = told.get("team_id") or event.get("user_team")
    name, workspace = identifier(who), identifier(where)
    if not name or not workspace:
        return None
    return Sender(user=name, workspace=workspace, team=identifier(own))


def origin(body: Payload) -> Origin:
    """Where it was done."""
    container, event, view = part(body, "container"), part(body, "event"), part(body, "view")
    channel = part(body, "channel").get("id") or body.get("channel_id") or event.get("channel")
    message = part(body, "message")
    return Origin(
        channel=identifier(channel or container.get("channel_id")),
        ts=_ts(message.get("ts") or container.get("message_ts")),
        trigger=words(body.get("trigger_id"), longest=256),
        response_url=words(body.get("response_url"), longest=1024),
        view=identifier(view.get("id")),
        ephemeral=container.get("is_ephemeral") is True,
        home=view.get("type") == "home" or _opens_home(event),
        thread=_ts(event.get("thread_ts")),
    )


def _opens_home(event: Payload) -> bool:
    return event.get("type") == "app_home_opened" and event.get("tab") == "home"


# -- what -----------------------------------------------------------------------------------------


def pressed(body: Payload) -> Carried | BadPayload:
    """The one button of a ``block_actions`` payload; whatever it carries may be forged."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and len(actions) == 1 else None
    return buttons.read(action if isinstance(action, Mapping) else {})


def acted_at(body: Payload) -> str:
    """When something was pressed or chosen, by Slack's clock; later ones sort behind."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    return _ts(action.get("action_ts")) if isinstance(action, Mapping) else ""


def typed(body: Payload) -> Typed:
    """What was typed, as it was typed: the manifest asks Slack to put no ids or links into it."""
    return Typed(
        command=words(body.get("command"), longest=LONGEST_ID),
        words=said(body.get("text")),
    )


def message(body: Payload) -> Message:
    """The message that a shortcut was used on."""
    found, place = part(body, "message"), part(body, "channel")
    return Message(
        words=said(found.get("text")),
        writer=identifier(found.get("user")) if not found.get("bot_id") else "",
        channel=identifier(place.get("id")),
        ts=_ts(found.get("ts")),
    )


# -- leaves ---------------------------------------------------------------------------------------


def said(value: object) -> str:
    """Words as they were typed: Slack escapes ``&``, ``<`` and ``>``, and nothing else."""
    return unescape_slack(_MENTION.sub("", words(value, longest=LONGEST_WORDS))).strip()


def unescape_slack(text: str) -> str:
    """The three characters that Slack escapes, once."""
    return unescape(text) if re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt);)*", text) else text


def part(body: Payload, name: str) -> Payload:
    """A part of a payload that has parts itself, or an empty one."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def words(value: object, *, longest: int) -> str:
    """A string of at most so many characters, or "" for anything else."""
    return value if isinstance(value, str) and len(value) <= longest else ""


def identifier(value: object) -> str:
    """An id of Slack's, or "" for anything else."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _ts(value: object) -> str:
    return value if isinstance(value, str) and _TS.fullmatch(value) else ""
