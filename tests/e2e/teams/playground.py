"""Microsoft's own client for agents, on this machine alone, with the demo's people in it.

The Agents Playground plays the Bot Connector, the chats of a team, and Teams' page. It has one
window, the one of ``reed``; what everybody else does arrives at us as Teams would send it, through
the Playground. Its page is as wide as a desk's and always light: how cards look on a phone and in
the dark is seen in Microsoft's own renderer (``test_teams_cards``). What it can't do (dialogs,
views of one's own, searches, slash commands) is tried with raw activities elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import threading
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import aiohttp
import yaml

from tests.e2e import office
from tests.e2e.office import ROOT, free_port, wait_for


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER: Final = ROOT / ".venv/agents-playground/node_modules/@microsoft/m365agentsplayground"
PROGRAM: Final = FOLDER / "cli.js"

TENANT: Final = "7e0a11ac-0000-4000-8000-00000000f1e1"
BOT: Final = "28:5c400190-a7e0-4000-8000-000000000b07"
BOT_NAME: Final = "Schoolgate"
TEAM: Final = "19:oakfield-team"
CHANNEL: Final = "19:oakfield-posts@thread.tacv2"
CHANNEL_NAME: Final = "Oakfield posts"
PERSONAL: Final = "a:personal-reed"
PERSONAL_NAME: Final = "Personal Chat"
GROUP: Final = "19:oakfield-group@thread.v2"
WINDOW: Final = "reed"
"""Whose window it is."""
OURS: Final = (WINDOW, "okafor", "lund", "ade", "bell")
STRANGER: Final = "quist"
STRANGERS_NAME: Final = "Sacha Quist"
REFUSED: Final = 400


def entra_id(person: str) -> str:
    """The Entra object id of one of the demo's people."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{person}.oakfield.example"))


def teams_id(person: str) -> str:
    """Their id in a chat. A real Teams has two and takes both; the Playground knows one."""
    return entra_id(person)


@dataclass(slots=True)
class Message:
    """One that the bot sent, as it stands now."""

    conversation: str
    id: str
    body: dict[str, Any]
    drawn: int = 1
    """How often: each update counts."""

    @property
    def thread(self) -> str:
        """The conversation that it is to whoever answers: in a channel its own."""
        own = self.conversation == CHANNEL
        return f"{self.conversation};messageid={self.id}" if own else self.conversation

    @property
    def card(self) -> dict[str, Any]:
        """Its card, or ``{}`` where it has none."""
        for attachment in self.body.get("attachments") or ():
            if attachment["contentType"] == "application/vnd.microsoft.card.adaptive":
                found: dict[str, Any] = attachment["content"]
                return found
        return {}

    @property
    def words(self) -> str:
        """Everything on it that is to be read."""
        return "\n".join([str(self.body.get("text") or ""), *words_of(self.card)])


@dataclass(slots=True)
class Playground:
    """``url`` ends without a slash. ``messages`` are the bot's, in the order of their arrival."""

    url: str
    messages: dict[str, Message] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=lambda: {WINDOW: PERSONAL})
    listened: bool = False
    """Whether the log is being taken down."""

    # -- what somebody does ----------------------------------------------------------------------

    def install(self, conversation: str) -> None:
        """Add the app to a conversation."""
        self._post(f"/_debug/conversation/{quote(conversation)}/installation", {})

    def place(self, person: str) -> str:
        """The conversation of one of them with the bot."""
        opened = [
            str(it["response"]["body"]["id"])
            for it in self.log
            if it.get("activityName") == "createConversation"
            and it["request"]["body"]["members"] == [{"id": teams_id(person)}]
        ]
        if opened:
            return opened[0]
        if person not in self.places:
            made = self._post(
                "/_connector/v3/conversations",
                {
                    "isGroup": False,
                    "bot": {"id": BOT, "name": BOT_NAME},
                    "members": [{"id": teams_id(person)}],
                    "tenantId": TENANT,
                    "channelData": {"tenant": {"id": TENANT}},
                },
            )
            self.places[person] = made["id"]
        return self.places[person]

    def say(self, person: str, words: str, conversation: str = "") -> None:
        """Write to the bot: privately, or in a conversation, where it is mentioned."""
        place = conversation or self.place(person)
        mention = f"<at>{BOT_NAME}</at>"
        said = {
            "type": "message",
            "textFormat": "plain",
            "text": f"{mention} {words}" if conversation else words,
            "entities": [
                {"type": "mention", "mentioned": {"id": BOT, "name": BOT_NAME}, "text": mention}
            ]
            if conversation
            else [],
        }
        self.send(person, said, place)

    def press(self, person: str, message: Message, title: str, **typed: str) -> dict[str, Any]:
        """Press a button of a card, with its fields filled in; what came back to them alone."""
        action = button(message.card, title)
        data = action.get("data") or {}
        value = {
            "action": {
                "type": "Action.Execute",
                "title": action["title"],
                "verb": action.get("verb", ""),
                "data": {**untouched(message.card), **data, **typed},
            },
            "trigger": "manual",
        }
        return self.invoke(person, "adaptiveCard/action", value, message)

    def invoke(
        self, person: str, name: str, value: Mapping[str, Any], message: Message
    ) -> dict[str, Any]:
        """As a client asks when something is pressed, and waits for what comes back."""
        return self._post(
            "/_conversation/v1/invoke",
            {
                "name": name,
                "value": value,
                "from": {"id": teams_id(person)},
                "conversation": {"id": message.thread},
                "replyToId": message.id,
            },
        )

    def send(self, person: str, activity: Mapping[str, Any], place: str) -> None:
        """Any activity, from anybody; what is answered to it stands in :attr:`log`."""
        kind = {CHANNEL: "channel", GROUP: "groupChat"}.get(place, "personal")
        channel = {"channel": {"id": place}, "team": {"id": TEAM}} if kind == "channel" else {}
        self._post(
            "/_internal/v1/customActivities",
            {
                "id": uuid.uuid4().hex,
                "channelId": "msteams",
                "serviceUrl": f"{self.url}/_connector",
                "from": {
                    "id": teams_id(person),
                    "name": names()[person],
                    "aadObjectId": entra_id(person),
                },
                "recipient": {"id": BOT, "name": BOT_NAME},
                "conversation": {
                    "id": place,
                    "conversationType": kind,
                    "tenantId": TENANT,
                    "isGroup": kind != "personal",
                },
                "channelData": {"tenant": {"id": TENANT}, **channel},
                **activity,
            },
        )

    # -- what is to be seen ----------------------------------------------------------------------

    def of(self, conversation: str) -> list[Message]:
        """The bot's messages there; in a channel also those below others."""
        return [
            it
            for it in list(self.messages.values())
            if it.conversation.partition(";")[0] == conversation
        ]

    def words(self, conversation: str) -> str:
        """Everything of the bot's that is to be read there."""
        return "\n".join(it.words for it in self.of(conversation))

    def heard_back(self) -> str:
        """What the last thing that was pressed was answered with."""
        invokes = [it for it in self.log if it.get("activityName") == "invoke"]
        return str(invokes[-1].get("response")) if invokes else ""

    def card(self, conversation: str, *holding: str) -> Message:
        """The newest card there that says all of it; waits for it."""

        def found() -> Message | None:
            cards = [it for it in self.of(conversation) if it.card]
            return next((it for it in cards[::-1] if all(w in it.words for w in holding)), None)

        wait_for(lambda: found() is not None, f"no card says {holding}: {self.words(conversation)}")
        card = found()
        assert card is not None
        return card

    # -- the wires -------------------------------------------------------------------------------

    def heard(self, item: Mapping[str, Any]) -> None:
        """One line of the Playground's log."""
        line = item.get("log") or {}
        self.log.append(line)
        body = (line.get("request") or {}).get("body") or {}
        status = (line.get("response") or {}).get("statusCode", 0)
        if line.get("from") != "User Application" or body.get("type") != "message":
            return
        id_ = str(line.get("messageId"))
        if status >= REFUSED:
            return
        if id_ in self.messages:
            message = self.messages[id_]
            message.body, message.drawn = body, message.drawn + 1
        else:
            place = str(line.get("conversationId"))
            self.messages[id_] = Message(conversation=place, id=id_, body=body)

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        request = Request(  # noqa: S310 -- loopback
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                said = answer.read()
        except HTTPError as wrong:
            raise AssertionError(f"{path}: {wrong.code} {wrong.read()[:500]!r}") from wrong
        found = json.loads(said) if said.strip() else {}
        return found if isinstance(found, dict) else {"value": found}


@contextmanager
def playground(folder: Path, bot_port: int) -> Iterator[Playground]:
    """The Playground, for a bot that listens on ``bot_port``."""
    port = free_port()
    config = folder / ".m365agentsplayground.yml"
    config.write_text(yaml.safe_dump(_config()), encoding="utf-8")
    bot = f"http://127.0.0.1:{bot_port}/api/messages"
    command = ["node", str(PROGRAM), "-e", bot, "-c", "msteams", "-p", str(port)]
    with (folder / "playground.out").open("wb") as out:
        process = subprocess.Popen(
            [*command, "--disable-telemetry"],
            cwd=folder,
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                # Else it opens a browser of its own.
                "TEAMSAPPTESTER_BROWSER": "none",
                "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    found = Playground(f"http://127.0.0.1:{port}")
    over = threading.Event()
    reader = threading.Thread(target=lambda: asyncio.run(_listen(found, over)), daemon=True)
    reader.start()
    try:
        wait_for(lambda: found.listened, "the Playground did not start")
        yield found
    finally:
        over.set()
        reader.join(10)
        process.terminate()
        process.wait(10)


async def _listen(found: Playground, over: threading.Event) -> None:
    """Take down the log for as long as it runs."""
    async with aiohttp.ClientSession() as session:
        while not over.is_set():
            with suppress(aiohttp.ClientError):
                async with session.ws_connect(f"{found.url}/_ws/log/stream") as stream:
                    found.listened = True
                    while not over.is_set():
                        with suppress(TimeoutError):
                            found.heard(await stream.receive_json(timeout=0.5))
                    return
            await asyncio.sleep(0.1)


def _config() -> dict[str, object]:
    """Exactly five people beside the one whose window it is: the Playground wants it so."""
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": BOT_NAME},
        "currentUser": _user(WINDOW),
        "users": [_user(it) for it in (*OURS[1:], STRANGER)],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP, "name": "Oakfield chat"},
        "team": {
            "id": TEAM,
            "name": "Oakfield",
            "aadGroupId": "7e0a11ac-0000-4000-8000-000000000031",
            "channels": [{"id": CHANNEL, "name": CHANNEL_NAME}],
        },
    }


def _user(person: str) -> dict[str, str]:
    name = names()[person]
    first, last = name.split()[0], name.split()[-1]
    email = f"{last.lower()}@oakfield.example"
    return {
        "id": teams_id(person),
        "name": name,
        "userPrincipleName": email,
        "aadObjectId": entra_id(person),
        "givenName": first,
        "surname": last,
        "email": email,
    }


@cache
def names() -> Mapping[str, str]:
    """The demo's people, and a stranger."""
    return {**office.names(), STRANGER: STRANGERS_NAME}


# -- Schoolgate -----------------------------------------------------------------------------------


def connected() -> dict[str, str]:
    """The environment in which Schoolgate works there."""
    return {
        "SCHOOLGATE_CHAT__TEAMS__ENABLED": "true",
        "SCHOOLGATE_CHAT__TEAMS__MODE": "playground",
    }


def ids() -> dict[str, dict[str, str]]:
    """The column of the list of people that says who they are there."""
    return {"teams_aad_object_id": {person: entra_id(person) for person in OURS}}


# -- what stands on a card ------------------------------------------------------------------------


def inside(found: object) -> Iterator[dict[str, Any]]:
    """Every element of a card, however deep; what stands in for an unknown one isn't."""
    if isinstance(found, dict):
        yield found
        for key, value in found.items():
            if key not in {"fallback", "data"}:
                yield from inside(value)
    elif isinstance(found, list):
        for item in found:
            yield from inside(item)


def words_of(card: Mapping[str, Any]) -> Iterator[str]:
    """What is to be read, element by element."""
    for element in inside(card):
        if element.get("type") == "RichTextBlock":
            yield "".join(str(it.get("text", "")) for it in element["inlines"])
        elif element.get("type") != "TextRun":
            for key in ("text", "title", "label", "altText"):
                if isinstance(element.get(key), str):
                    yield element[key]


def titles(card: Mapping[str, Any]) -> list[str]:
    """What can be pressed."""
    return [it["title"] for it in inside(card) if str(it.get("type")).startswith("Action.")]


def button(card: Mapping[str, Any], title: str) -> dict[str, Any]:
    """The button of that name that sends something; where there are several, the innermost."""
    found = [it for it in inside(card) if it.get("title") == title]
    sending = [it for it in found if it.get("type") in {"Action.Execute", "Action.Submit"}]
    assert sending, f"no button {title!r} among {titles(card)}"
    return sending[-1]


def untouched(card: Mapping[str, Any]) -> dict[str, str]:
    """The fields with what stands in them, as a client sends them."""
    return {
        it["id"]: str(it.get("value", ""))
        for it in inside(card)
        if str(it.get("type", "")).startswith("Input.")
    }


def fields(card: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The inputs of a kind, as ``Input.Toggle``."""
    return [it for it in inside(card) if it.get("type") == kind]
