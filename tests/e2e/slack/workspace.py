"""A Slack on this machine alone, with the demo's people in it, and Schoolgate beside it.

local-slack plays the Web API, slash commands, buttons, dialogs, events and Slack's page. What it
can't do is said in the tests that would need it.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

import yaml

from storage.crypto import Keys


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[3]
PROGRAM: Final = ROOT / ".venv/local-slack/node_modules/local-slack-linux-x64/bin/local-slack"
DEMO: Final = ROOT / "bot" / "demo"
PATIENCE: Final = 60.0
READY: Final = re.compile(r"Schoolgate is ready: ")

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
        return _json(f"{self.url}/_control/{what}", body)

    def direct(self, person: str) -> str:
        """The conversation of one of the demo's people with Schoolgate; "" before there is one."""
        channels = _json(f"{self.url}/_control/state")["channels"]
        members = {slack_id(person), BOT_USER}
        found = (it["id"] for it in channels if it["is_im"] and set(it["members"]) == members)
        return next(found, "")

    def words(self, channel: str) -> str:
        """Everything that is to be read there."""
        return "\n".join(_words(self.messages(channel)))

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a conversation, oldest first."""
        found: list[dict[str, Any]] = _json(f"{self.url}/_control/messages/{channel}")["messages"]
        return found

    def view(self) -> dict[str, Any]:
        """The dialog that was opened or changed last, as Schoolgate drew it; ``{}`` before any."""
        views = [entry["detail"]["view"] for entry in self.log() if entry["summary"] in DRAWN]
        found: dict[str, Any] = views[-1] if views else {}
        return found

    def log(self) -> list[dict[str, Any]]:
        """Every request both ways."""
        found: list[dict[str, Any]] = _json(f"{self.url}/_control/log")["log"]
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
    people = [_user(slack_id(person), name) for person, name in _people().items() if person in OURS]
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


def _people() -> dict[str, str]:
    return {row["person_id"]: row["name"] for row in _rows("people")}


# -- Schoolgate ----------------------------------------------------------------------------------


@contextmanager
def schoolgate(folder: Path, slack: Workspace, mode: str, port: int) -> Iterator[None]:
    """``schoolgate run``, with the demo's school imported as an office would."""
    environ = _environ(slack, mode, port)
    config = folder / "app.yaml"
    config.write_text(_settings(folder), encoding="utf-8")
    _said(environ, folder, "db", "upgrade")
    for kind in ("people", "accounts", "pupils", "consents"):
        _said(environ, folder, "import", kind, str(_list(kind, folder)))
    log = folder / "schoolgate.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_ours(), "run", "--config", str(config)],
            cwd=folder,
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(
            lambda: bool(READY.search(log.read_text())) or process.poll() is not None,
            "Schoolgate did not start",
        )
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()


def _settings(folder: Path) -> str:
    settings = yaml.safe_load((DEMO / "app.yaml").read_text(encoding="utf-8"))
    settings["paths"] = {"data": str(folder / "data")}
    return yaml.safe_dump(settings)


def _environ(slack: Workspace, mode: str, port: int) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "SCHOOLGATE_KEYS": Keys.new().to_text(),
        "SCHOOLGATE_SIGNING_KEY": Keys.new().to_text(),
        "SCHOOLGATE_LISTEN__PORT": str(port),
        "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
        "SCHOOLGATE_CHAT__SLACK__MODE": mode,
        "SCHOOLGATE_CHAT__SLACK__DIRECT_MESSAGES": "true",
        "SCHOOLGATE_CHAT__SLACK__API_URL": f"{slack.url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    }


def _list(kind: str, folder: Path) -> Path:
    """The demo's file; of people, with their ids in Slack."""
    rows = _rows(kind)
    if kind == "people":
        rows = [
            row | {"slack_user_id": slack_id(row["person_id"]) if row["person_id"] in OURS else ""}
            for row in rows
        ]
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def _rows(kind: str) -> list[dict[str, str]]:
    with (DEMO / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ours() -> list[str]:
    return [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


def _said(environ: Mapping[str, str], folder: Path, *arguments: str) -> None:
    command = [*_ours(), *arguments, "--config", str(folder / "app.yaml")]
    done = subprocess.run(
        command, cwd=folder, env=dict(environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


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


# -- leaves --------------------------------------------------------------------------------------


def free_port() -> int:
    """A port below those that systems give to connections: nobody takes it before we do."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


def wait_for(what: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)


def _json(url: str, body: object = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 -- loopback
    with urlopen(request, timeout=15) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/", timeout=2):  # noqa: S310
            return True
    except OSError:
        return False
