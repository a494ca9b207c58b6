"""What Slack sends, as it sends it: payloads in its shapes, signed as it signs.

asked = Signed(press(button, user="U0OKAFOR", at=Place("C0OFFICE", "1.1")))
async with client.post(PATH, data=asked.body, headers=asked.headers(SECRET)) as answer: ...
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from tests.fakes.slack_workspace import APP, TEAM


Json = dict[str, Any]

PATH: Final = "/slack/events"
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes of one request."""

    body: bytes
    content_type: str = FORM
    more: Mapping[str, str] = field(default_factory=dict)

    def headers(self, secret: str, *, at: float | None = None) -> dict[str, str]:
        """Signed with ``secret``, at a time in seconds (now, if it isn't given)."""
        timestamp = str(int(time.time() if at is None else at))
        exact = b"v0:" + timestamp.encode() + b":" + self.body
        digest = hmac.new(secret.encode(), exact, hashlib.sha256).hexdigest()
        return {
            "Content-Type": self.content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
            **self.more,
        }


def interactive(payload: Json) -> Sent:
    """Buttons, dialogs, shortcuts and searches come as one field of a form."""
    return Sent(urlencode({"payload": json.dumps(payload)}).encode())


def typed(payload: Json) -> Sent:
    """A slash command: its fields are the form's."""
    return Sent(urlencode(payload).encode())


def happened(payload: Json, *, retry: int = 0) -> Sent:
    """An event; ``retry`` counts how often it was sent before."""
    more = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "timeout"} if retry else {}
    return Sent(json.dumps(payload).encode(), JSON, more)


# -- payloads -------------------------------------------------------------------------------------


def person(user: str, team: str = TEAM) -> Json:
    return {"id": user, "username": user.lower(), "name": user.lower(), "team_id": team}


def pressed(
    action: Json,
    *,
    user: str,
    channel: str,
    ts: str,
    trigger: str,
    response_url: str = "",
    ephemeral: bool = False,
    team: str = TEAM,
) -> Json:
    """``action`` as it stands in the message, or whatever somebody sends in its place."""
    return {
        "type": "block_actions",
        "user": person(user, team),
        "api_app_id": APP,
        "token": "old",
        "team": {"id": team, "domain": "oakfield"},
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": channel, "name": "office"},
        "message": {"type": "message", "ts": ts, "text": ""},
        "trigger_id": trigger,
        "response_url": response_url,
        "actions": [
            {"block_id": "b1", "type": "button", "action_ts": "1.2"}
            | {name: it for name, it in action.items() if name in CARRIED}
        ],
    }


CARRIED: Final = frozenset({"action_id", "block_id", "selected_option", "type", "value"})
"""What of an element comes back when it is pressed."""


def command(
    name: str,
    words: str = "",
    *,
    user: str,
    channel: str,
    trigger: str,
    response_url: str = "",
    team: str = TEAM,
) -> Json:
    return {
        "command": name,
        "text": words,
        "user_id": user,
        "user_name": user.lower(),
        "team_id": team,
        "team_domain": "oakfield",
        "channel_id": channel,
        "channel_name": "office",
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "trigger_id": trigger,
        "response_url": response_url,
        "token": "old",
    }


def submitted(view: Mapping[str, Any], values: Json, *, user: str, team: str = TEAM) -> Json:
    """``values`` are the state's: {block: {action: element}}."""
    return {
        "type": "view_submission",
        "team": {"id": team, "domain": "oakfield"},
        "user": person(user, team),
        "api_app_id": APP,
        "token": "old",
        "trigger_id": "1.2.spent",
        "view": {**view, "state": {"values": values}},
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def mentioned(words: str, *, user: str, channel: str, event: str = "Ev0MENTION") -> Json:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": event,
        "event_time": 1_790_000_000,
        "event": {
            "type": "app_mention",
            "user": user,
            "text": words,
            "ts": "1790000000.000001",
            "event_ts": "1790000000.000001",
            "channel": channel,
        },
        "authorizations": [{"team_id": TEAM, "user_id": "U0SCHOOLGATE", "is_bot": True}],
    }


def shortcut(callback: str, *, user: str, trigger: str, message: Json | None = None) -> Json:
    """A global shortcut, or one on ``message``."""
    common = {
        "team": {"id": TEAM, "domain": "oakfield"},
        "user": person(user),
        "token": "old",
        "action_ts": "1.2",
        "callback_id": callback,
        "trigger_id": trigger,
    }
    if message is None:
        return {"type": "shortcut", **common}
    channel = {"id": "C0FACEBOOK", "name": "facebook"}
    return {
        "type": "message_action",
        **common,
        "channel": channel,
        "message_ts": message["ts"],
        "message": message,
    }
