"""A Slack on this machine alone, with the demo's people in it, and Schoolgate beside it.

local-slack plays the Web API, slash commands, buttons, dialogs, events and Slack's page. What it
can't do is said in the tests that would need it.
"""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

import yaml
from slack_sdk import WebClient

from tests.e2e.office import ROOT, asked, free_port, names, wait_for


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM: Final = ROOT / ".venv/local-slack/node_modules/local-slack-linux-x64/bin/local-slack"

BOT_USER: Final = "U0SCHOOLGATE"
BOT_TOKEN, APP_TOKEN = "xoxb-e2e", "xapp-e2e"
SECRET: Final = "e2e-signing-secret"  # noqa: S105
CHANNEL, OTHER_CHANNEL = "C0OAKFIELD", "C0MILLBROOK"
NAMES: Final = {CHANNEL: "oakfield-posts", OTHER_CHANNEL: "millbrook-posts"}
OURS: Final = ("reed", "okafor", "lund", "ade", "bell")
DRAWN: Final = frozenset({"views.open", "views.update"})
STRANGER: Final = "U0STRANGER"


def slack_id(person: str) -> str:
    """The id of one of the demo's people there."""
    return f"U0{person.upper():0>7}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The pretended Slack. ``url`` ends without a slash."""

    url: str

    def tell(self, what: str, **body: object) -> dict[str, Any]:
        """Do as a person in Slack does: ``message``, ``command``, ``interact``, ``open-home``."""
        return asked(f"{self.url}/_control/{what}", body)

    def direct(self, person: str) -> str:
        """The conversation of one of the demo's people with Schoolgate; "" before there is one."""
        channels = asked(f"{self.url}/_control/state")["channels"]
        members = {slack_id(person), BOT_USER}
        found = (it["id"] for it in channels if it["is_im"] and set(it["members"]) == members)
        return next(found, "")

    def open_direct(self, person: str) -> None:
        """Let somebody's conversation with Schoolgate be there before a word stands in it.

        Slack's own page always shows it; this one shows it from the first message on, and whether
        there was one by now hangs on the hour: the morning's round writes some.
        """
        web = WebClient(BOT_TOKEN, base_url=f"{self.url}/api/")
        web.conversations_open(users=slack_id(person))

    def words(self, channel: str) -> str:
        """Everything that is to be read there."""
        return "\n".join(_words(self.messages(channel)))

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a conversation, oldest first."""
        found: list[dict[str, Any]] = asked(f"{self.url}/_control/messages/{channel}")["messages"]
        return found

    def view(self) -> dict[str, Any]:
        """The dialog that was opened or changed last, as Schoolgate drew it; ``{}`` before any."""
        views = [entry["detail"]["view"] for entry in self.log() if entry["summary"] in DRAWN]
        found: dict[str, Any] = views[-1] if views else {}
        return found

    def log(self) -> list[dict[str, Any]]:
        """Every request both ways."""
        found: list[dict[str, Any]] = asked(f"{self.url}/_control/log")["log"]
        return found


@contextmanager
def workspace(folder: Path, mode: str, bot_port: int) -> Iterator[Workspace]:
    """The pretended Slack, for a bot that listens on ``bot_port`` (http) or rings up (socket)."""
    port = free_port()
    config = folder / "local-slack.yaml"
    config.write_text(yaml.safe_dump(_config(mode, bot_port)), encoding="utf-8")
    command = [
        str(PROGRAM),
        "--config",
        str(config),
        "--port",
        str(port),
        "--base-host",
        "127.0.0.1",
    ]
    with (folder / "local-slack.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    slack = Workspace(f"http://127.0.0.1:{port}")
    try:
        wait_for(lambda: _answers(slack.url), "the pretended Slack did not start")
        yield slack
    finally:
        process.terminate()
        process.wait(10)


def _config(mode: str, bot_port: int) -> dict[str, object]:
    people = [_user(slack_id(person), name) for person, name in names().items() if person in OURS]
    people.append(_user(STRANGER, "Sacha Quist"))
    everybody = [person["id"] for person in people]
    return {
        "workspace": {"name": "Oakfield", "domain": "oakfield", "teamId": "T0OAKFIELD"},
        "app": {
            "appId": "A0SCHOOLGATE",
            "botUserId": BOT_USER,
            "botName": "schoolgate",
            "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN,
            "signingSecret": SECRET,
            "mode": {"http": "events", "socket": "socket"}[mode],
            "requestUrl": f"http://127.0.0.1:{bot_port}/slack/events",
        },
        "users": people,
        "channels": [
            {"id": channel, "name": name, "members": [*everybody, BOT_USER]}
            for channel, name in NAMES.items()
        ],
    }


def _user(id_: str, name: str) -> dict[str, str]:
    handle = name.rsplit(maxsplit=1)[-1].lower()
    return {"id": id_, "name": handle, "real_name": name, "email": f"{handle}@oakfield.example"}


# -- Schoolgate ----------------------------------------------------------------------------------


def connected(slack: Workspace, mode: str) -> dict[str, str]:
    """The environment in which Schoolgate works there."""
    return {
        "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
        "SCHOOLGATE_CHAT__SLACK__MODE": mode,
        "SCHOOLGATE_CHAT__SLACK__DIRECT_MESSAGES": "true",
        "SCHOOLGATE_CHAT__SLACK__API_URL": f"{slack.url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    }


def ids() -> dict[str, dict[str, str]]:
    """The column of the list of people that says who they are there."""
    return {"slack_user_id": {person: slack_id(person) for person in OURS}}


# -- leaves --------------------------------------------------------------------------------------


def _words(found: object) -> Iterator[str]:
    """The text of every block, however deep."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(found, list):
        for item in found:
            yield from _words(item)


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/", timeout=2):  # noqa: S310
            return True
    except OSError:
        return False
