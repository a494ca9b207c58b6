"""The app's manifest: what Slack is told about us, and the least that we ask for.

Limits after Slack's published manifest schema, version 1 (see :func:`problems`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from adapters.slack import names


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool"

SCOPES: Final[Mapping[str, str]] = {
    "commands": "slash commands, and the shortcuts on a message",
    "chat:write": "cards, in conversations that Schoolgate was invited to",
    "im:write": "private messages: your yes is asked for, a deadline passed",
    "app_mentions:read": "help for whoever writes to @Schoolgate in a channel",
    "users:read": "guests, bots and other workspaces are told from staff",
    "users:read.email": "somebody is recognised by the e-mail address that the school gave",
    "channels:read": "a channel shared with another organisation, or open to guests, gets no cards",
    "groups:read": "the same for private channels",
    "files:read": "pictures and videos that somebody hands to Schoolgate for a post",
    "files:write": "the clean picture on a card; a video, for whoever watches it; then deleted",
}
"""Each scope, and what it is for. None of them reads what is said in a channel."""

DIRECT_MESSAGES: Final = {
    "im:history": "words and files sent to Schoolgate itself become a draft; nothing else"
}
"""Slack delivers a direct message to an app only with this scope; switched on by the operator."""

NAME: Final = "Schoolgate"
DESCRIPTION: Final = "Two people approve every post on the school's official accounts."
LONG_DESCRIPTION: Final = (
    "Propose a post where you already chat. Schoolgate looks for pupils' names, missing "
    "permissions and anything the school's policy forbids, and says which clause. A second "
    "approved moderator says yes with a button, and only then is it ready to post. The headteacher "
    "hears of what goes wrong. A concern about a child goes privately to the safeguarding lead."
)
COLOUR: Final = "#1f4e79"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``address`` is the server's public one (``https://…``); ``None`` is Socket Mode."""

    address: str | None = None
    commands: names.Commands = field(default_factory=names.Commands)
    direct_messages: bool = False


def scopes(wanted: Wanted) -> Mapping[str, str]:
    """The scopes to ask for, each with its reason."""
    return {**SCOPES, **DIRECT_MESSAGES} if wanted.direct_messages else SCOPES


def manifest(wanted: Wanted) -> dict[str, Json]:
    """The manifest as Slack reads it."""
    events = [
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_shared",
        "member_joined_channel",
        "tokens_revoked",
    ]
    if wanted.direct_messages:
        events.append("message.im")
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # Nobody should be writing to somebody who can't hear it.
                "messages_tab_read_only_enabled": not wanted.direct_messages,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": list(_shortcuts()),
            "slash_commands": list(_slash_commands(wanted)),
        },
        "oauth_config": {"scopes": {"bot": list(scopes(wanted))}},
        "settings": {
            "interactivity": {
                "is_enabled": True,
                **_at(wanted, "request_url", "message_menu_options_url"),
            },
            "event_subscriptions": {**_at(wanted, "request_url"), "bot_events": [*events]},
            "org_deploy_enabled": False,
            "socket_mode_enabled": wanted.address is None,
            "token_rotation_enabled": False,
        },
    }


def _at(wanted: Wanted, *keys: str) -> dict[str, Json]:
    """The address under each key; none in Socket Mode, where Slack is rung up instead."""
    if wanted.address is None:
        return {}
    return dict.fromkeys(keys, f"{wanted.address.rstrip('/')}{names.EVENTS_PATH}")


def _shortcuts() -> Iterator[Json]:
    for label, kind, callback, what in (
        ("Propose a post", "global", names.PROPOSE_POST, "Write a post for a second yes"),
        (
            "Report a concern",
            "global",
            names.REPORT_CONCERN,
            "To the safeguarding lead, privately",
        ),
        ("Propose as a post", "message", names.PROPOSE_MESSAGE, "Begin a post with this message"),
        ("Report a concern", "message", names.REPORT_MESSAGE, "About this message, privately"),
    ):
        yield {"name": label, "type": kind, "callback_id": callback, "description": what}


def _slash_commands(wanted: Wanted) -> Iterator[Json]:
    for command, what, usage in (
        (wanted.commands.propose, "Propose a post", "[the words of the post]"),
        (
            wanted.commands.channels,
            "Our official accounts",
            "[facebook, stale, uncovered …]",
        ),
        (wanted.commands.report, "Report a concern about a child, privately", "[what happened]"),
        (
            wanted.commands.schoolgate,
            "Help, my queue, pause all posts",
            "help, queue, pause, start, photos 4B …",
        ),
    ):
        yield {
            "command": command,
            **_at(wanted, "url"),
            "description": what,
            "usage_hint": usage,
            # Words arrive as they were typed: a link is no markup of Slack's.
            "should_escape": False,
        }


# -- Slack's limits -------------------------------------------------------------------------------

_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
RESERVED: Final = frozenset(
    [
        "/archive",
        "/away",
        "/call",
        "/collapse",
        "/dm",
        "/dnd",
        "/expand",
        "/feed",
        "/huddle",
        "/invite",
        "/join",
        "/kick",
        "/leave",
        "/me",
        "/msg",
        "/mute",
        "/open",
        "/pro",
        "/remind",
        "/remove",
        "/rename",
        "/search",
        "/shortcuts",
        "/shrug",
        "/star",
        "/status",
        "/topic",
        "/who",
    ]
)
"""Slack's own commands; a manifest that names one of them is turned down whole."""

_LONGEST: Final[Mapping[str, int]] = {
    "name": 35,
    "description": 140,
    "long_description": 4000,
}
_LONGEST_SHORTCUT: Final[Mapping[str, int]] = {"name": 24, "callback_id": 255, "description": 150}
_LONGEST_COMMAND: Final[Mapping[str, int]] = {"description": 2000, "usage_hint": 1000}
SHORTEST_LONG_DESCRIPTION: Final = 175
MOST_SHORTCUTS: Final = 10
MOST_COMMANDS: Final = 50
LONGEST_BOT_NAME: Final = 80
NEEDED: Final[Mapping[str, str]] = {
    "app_mention": "app_mentions:read",
    "channel_shared": "channels:read",
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
}
"""The scope without which Slack turns an event down."""


def problems(made: Mapping[str, Json]) -> tuple[str, ...]:
    """What Slack would turn down, one sentence each; none for a manifest that it takes."""
    return tuple(_problems(made))


def _problems(made: Mapping[str, Json]) -> Iterator[str]:
    about = _part(made, "display_information")
    yield from _too_long("display_information", about, _LONGEST)
    if len(str(about.get("long_description", ""))) < SHORTEST_LONG_DESCRIPTION:
        yield f"long_description is under {SHORTEST_LONG_DESCRIPTION} characters"
    features = _part(made, "features")
    if len(str(_part(features, "bot_user").get("display_name", ""))) > LONGEST_BOT_NAME:
        yield f"features.bot_user.display_name is over {LONGEST_BOT_NAME} characters"
    yield from _shortcut_problems(_items(features, "shortcuts"))
    yield from _command_problems(_items(features, "slash_commands"))
    settings = _part(made, "settings")
    asked = _part(_part(made, "oauth_config"), "scopes").get("bot", [])
    held = asked if isinstance(asked, list) else []
    subscribed = _part(settings, "event_subscriptions").get("bot_events", [])
    for event in subscribed if isinstance(subscribed, list) else []:
        scope = NEEDED.get(str(event), "")
        if scope and scope not in held:
            yield f"the event {event} needs the scope {scope}"
    if not settings.get("socket_mode_enabled"):
        where = str(_part(settings, "interactivity").get("request_url", ""))
        if not where.startswith("https://"):
            yield "settings.interactivity.request_url needs a public https:// address"


def _shortcut_problems(shortcuts: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    if not 1 <= len(shortcuts) <= MOST_SHORTCUTS:
        yield f"features.shortcuts holds 1 to {MOST_SHORTCUTS}"
    for shortcut in shortcuts:
        yield from _too_long("a shortcut", shortcut, _LONGEST_SHORTCUT)
    called = [str(shortcut.get("callback_id")) for shortcut in shortcuts]
    if len(set(called)) < len(called):
        yield "two shortcuts have one callback_id"


def _command_problems(commands: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    if not 1 <= len(commands) <= MOST_COMMANDS:
        yield f"features.slash_commands holds 1 to {MOST_COMMANDS}"
    called = [str(command.get("command")) for command in commands]
    for command, name in zip(commands, called, strict=True):
        yield from _too_long("a command", command, _LONGEST_COMMAND)
        if not _COMMAND.fullmatch(name):
            yield f"{name} can't be a command: a slash, then up to 31 small letters, digits, - or _"
        if name in RESERVED:
            yield f"{name} is Slack's own command"
    if len(set(called)) < len(called):
        yield "two commands have one name"


def _too_long(where: str, part: Mapping[str, Json], longest: Mapping[str, int]) -> Iterator[str]:
    for key, most in longest.items():
        if len(str(part.get(key, ""))) > most:
            yield f"{key} of {where} is over {most} characters"
        if not part.get(key):
            yield f"{key} of {where} is missing"


def _part(whole: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    found = whole.get(key)
    return found if isinstance(found, dict) else {}


def _items(whole: Mapping[str, Json], key: str) -> Sequence[Mapping[str, Json]]:
    found = whole.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
