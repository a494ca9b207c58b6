"""People in an invented Slack workspace, with the whole application behind it.

    reed = stage.as_(REED)
    dialog = await reed.types("/propose", "The fair is on Saturday.")
    assert await reed.sends(dialog) == CLOSED

Everything goes the way that it goes in Slack: signed requests to ``/slack/events``, and Slack's Web
API on loopback, which refuses whatever Slack would refuse.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import psycopg
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters import payloads
from adapters.patience import Patience
from adapters.slack.limits import problems
from adapters.slack.names import EVENTS_PATH
from adapters.slack.transport import signature_of
from bot.application import Application
from bot.chat import slack as slack_chat
from bot.chat.picture_rounds import PictureRounds
from moderation.kernel import Identity, PersonId, Platform, PostId
from moderation.ports import Conversation
from tests.applications import Applications
from tests.fakes.images import FakeImageInspector
from tests.fakes.slack_api import BOT_TOKEN, FakeSlack
from tests.fakes.slack_dialog import Dialog
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import FACEBOOK, NAMES, X, know


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.application import Plugged
    from moderation.posts.model import Post
    from tests.fakes.slack_workspace import File, Message

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 -- it opens nothing
FACEBOOK_ROOM, X_ROOM = "C0FACEBOOK", "C0XROOM"
CLOSED = {"response_action": "clear"}
PATIENCE = 20.0
Json = dict[str, Any]


def slack_id(person: PersonId) -> str:
    return f"U0{person.upper()}"


@dataclass
class SlackStage:
    """One process, and the workspace that it serves."""

    house: Applications
    slack: FakeSlack = field(default_factory=lambda: FakeSlack(limits=problems))
    application: Application = field(init=False)
    patience: Patience = field(init=False)
    rounds: PictureRounds = field(init=False)
    http: TestClient[web.Request, web.Application] = field(init=False)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SlackStage]:
        """Start it; at the end nothing may have been sent that Slack would refuse."""
        async with self.slack:
            self._people()
            self.house.settings |= {
                "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
                "SCHOOLGATE_CHAT__SLACK__API_URL": self.slack.api_url,
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
            }
            self.application = await self.house.start({Platform.SLACK: self._connect})
            self.application.pictures.inspector = FakeImageInspector()
            await self._homes()
            self.http = TestClient(TestServer(self.application.web))
            await self.http.start_server()
            yield self
            await self.settle()
            await self.http.close()
            await self.house.stop(self.application)
            assert self.slack.complaints == []

    async def _connect(self, application: Application) -> Plugged:
        plugged = await slack_chat.connect(application)
        # The same patience that ends with the connection: waiting for it is waiting for everything.
        connected = getattr(plugged.unplug, "__self__")  # noqa: B009 -- a bound method's owner
        self.patience = connected.patience
        self.rounds = connected.rounds
        return plugged

    def _people(self) -> None:
        everybody = [slack_id(person) for person in NAMES]
        for person in NAMES:
            self.slack.workspace.add_user(slack_id(person), name=NAMES[person][0])
        for room in (FACEBOOK_ROOM, X_ROOM):
            self.slack.workspace.add_channel(room, everybody)

    async def _homes(self) -> None:
        async with self.application.units.write() as unit:
            await know(unit, {who: (Identity(Platform.SLACK, slack_id(who)),) for who in NAMES})
            for account, room in ((FACEBOOK, FACEBOOK_ROOM), (X, X_ROOM)):
                await unit.homes.use(account, Conversation(Platform.SLACK, room))
            await unit.commit()

    async def knows(self, person: PersonId, *, known: bool = True) -> None:
        """Whether somebody's account in Slack is known to be theirs, from now on."""
        await self.settle()
        mine = (Identity(Platform.SLACK, slack_id(person)),) if known else ()
        async with self.application.units.write() as unit:
            await know(unit, {person: mine})
            await unit.commit()

    def as_(self, person: PersonId) -> Hand:
        return Hand(self, person)

    async def settle(self) -> None:
        """Let everything that was begun, and everything that is due, come to its end."""
        await self.patience.finish(PATIENCE)
        await self.application.relay.drain()

    async def send(self, body: Json | None = None, **form: str) -> tuple[int, Any]:
        """One signed request: a command's ``form``, or an interaction's ``body``."""
        raw = urlencode(form if body is None else {"payload": json.dumps(body)}).encode()
        stamp = str(int(time.time()))
        answer = await self.http.post(
            EVENTS_PATH,
            data=raw,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature_of(SECRET, stamp, raw),
            },
        )
        text = await answer.text()
        return answer.status, json.loads(text) if text else None

    @asynccontextmanager
    async def stalled(self) -> AsyncIterator[None]:
        """Somebody else holds what every decision needs."""
        url = self.house.url
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, isolation_level=None)) as raw:
                raw.execute("BEGIN IMMEDIATE")
                yield
                raw.execute("ROLLBACK")
            return
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute("LOCK TABLE post, jotting IN EXCLUSIVE MODE")
            yield

    async def post(self, post: PostId) -> Post | None:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post)
        return stored[0] if stored is not None else None

    def room(self, channel: str) -> str:
        """Everything that stands in a channel."""
        return "\n".join(_words(it) for it in self.slack.workspace.messages[channel])


@dataclass(frozen=True)
class Hand:
    """Somebody in Slack."""

    stage: SlackStage
    person: PersonId

    @property
    def id(self) -> str:
        return slack_id(self.person)

    @property
    def _who(self) -> Json:
        return {
            "user": {"id": self.id, "team_id": TEAM, "username": self.person},
            "team": {"id": TEAM, "domain": "oakfield"},
            "api_app_id": "A0SCHOOL01",
            "token": "old",
        }

    # -- what opens a dialog -------------------------------------------------------------------

    async def types(self, command: str, words: str = "", *, where: str = X_ROOM) -> Dialog:
        await self.stage.send(
            command=command,
            text=words,
            user_id=self.id,
            team_id=TEAM,
            channel_id=where,
            trigger_id=self.stage.slack.trigger(self.id),
            response_url=self.stage.slack.response_url(where, self.id),
        )
        return await self.dialog()

    async def shortcut(self, callback: str) -> Dialog:
        await self.stage.send(
            {
                "type": "shortcut",
                "callback_id": callback,
                "trigger_id": self.stage.slack.trigger(self.id),
                **self._who,
            }
        )
        return await self.dialog()

    async def on_message(self, callback: str, message: Json, *, where: str = X_ROOM) -> Dialog:
        await self.stage.send(
            {
                "type": "message_action",
                "callback_id": callback,
                "trigger_id": self.stage.slack.trigger(self.id),
                "response_url": self.stage.slack.response_url(where, self.id),
                "channel": {"id": where, "name": "room"},
                "message_ts": "1790000000.000100",
                "message": {"type": "message", "ts": "1790000000.000100", **message},
                **self._who,
            }
        )
        return await self.dialog()

    async def presses(self, label: str, message: Message, *, wait: bool = True) -> None:
        """Press a button of a message by its label; ``wait`` for what follows from it elsewhere."""
        [button] = [it for it in _buttons(message) if it["text"]["text"] == label]
        await self.stage.send(
            {
                "type": "block_actions",
                "trigger_id": self.stage.slack.trigger(self.id),
                "response_url": self.stage.slack.response_url(message.channel or X_ROOM, self.id),
                "container": {
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": message.channel,
                    "is_ephemeral": bool(message.user),
                },
                "channel": {"id": message.channel, "name": "room"},
                "message": {"ts": message.ts, **message.body},
                "actions": [{**button, "block_id": "b", "action_ts": "1790000001.000000"}],
                **self._who,
            }
        )
        await self.stage.patience.finish(PATIENCE)
        if wait:
            await self.stage.settle()

    # -- inside it -----------------------------------------------------------------------------

    async def dialog(self) -> Dialog:
        """The one that is open for them, as it stands once everything has come."""
        await self.stage.settle()
        mine = [view for view in self.stage.slack.workspace.views.values() if view.user == self.id]
        return Dialog({**mine[-1].body, "id": mine[-1].id})

    async def redrawn(self, dialog: Dialog) -> None:
        """See what has become of it meanwhile; what was typed stays."""
        await self.stage.settle()
        view = self.stage.slack.workspace.views[dialog.view["id"]]
        dialog.draw({**view.body, "id": view.id})

    async def chooses(self, dialog: Dialog, field: str, *labels: str) -> None:
        """Choose in a field on which others depend."""
        dialog.choose(field, *labels)
        block = dialog.block(field)
        action = {
            "type": block["element"]["type"],
            "block_id": block["block_id"],
            "action_id": block["element"]["action_id"],
        }
        await self.stage.send(
            {
                "type": "block_actions",
                "trigger_id": self.stage.slack.trigger(self.id),
                "container": {"type": "view", "view_id": dialog.view["id"]},
                "view": self._view(dialog),
                "actions": [action],
                **self._who,
            }
        )
        await self.redrawn(dialog)

    async def searches(self, dialog: Dialog, field: str, words: str) -> list[Json]:
        """What the search of a field is answered with. Slack says nothing of the other fields."""
        block = dialog.block(field)
        _, answer = await self.stage.send(
            {
                "type": "block_suggestion",
                "action_id": block["element"]["action_id"],
                "block_id": block["block_id"],
                "value": words,
                "container": {"type": "view", "view_id": dialog.view["id"]},
                "view": self._view(dialog) | {"state": {"values": {}}},
                **self._who,
            }
        )
        options: list[Json] = answer["options"]
        return options

    async def sends(self, dialog: Dialog) -> Json:
        """Press the button of the dialog. What comes back is drawn as Slack draws it."""
        body = {
            "type": "view_submission",
            "trigger_id": self.stage.slack.trigger(self.id),
            "view": self._view(dialog),
            "response_urls": [],
            **self._who,
        }
        status, answer = await self.stage.send(body)
        assert status == 200
        reply: Json = answer or {}
        views = self.stage.slack.workspace.views
        if reply.get("response_action") == "update":
            assert problems(reply["view"]) == ()
            views[dialog.view["id"]].body = reply["view"]
        elif reply.get("response_action") == "clear":
            views.pop(dialog.view["id"], None)
        elif reply.get("response_action") == "errors":
            assert set(reply["errors"]) <= set(dialog.fields)
        return reply

    async def closes(self, dialog: Dialog, *, told: bool = False) -> None:
        """Close it. Slack tells us of it where the dialog asked for that, with or without words."""
        view = self._view(dialog) | ({} if told else {"state": {"values": []}})
        self.stage.slack.workspace.views.pop(dialog.view["id"], None)
        if dialog.view.get("notify_on_close"):
            await self.stage.send(
                {"type": "view_closed", "view": view, "is_cleared": False, **self._who}
            )
            await self.stage.settle()

    def _view(self, dialog: Dialog) -> Json:
        return {
            "team_id": TEAM,
            "type": "modal",
            "hash": "h",
            "root_view_id": dialog.view["id"],
            "app_id": "A0SCHOOL01",
            **dialog.sent(),
        }

    # -- what they see -------------------------------------------------------------------------

    @property
    def told(self) -> list[Message]:
        """What they were answered, alone, oldest first."""
        slack = self.stage.slack
        return [it for it in (*slack.workspace.ephemeral, *slack.responses) if it.user == self.id]

    @property
    def direct(self) -> list[Message]:
        """What the bot wrote to them."""
        space = self.stage.slack.workspace
        rooms = [it.id for it in space.channels.values() if it.user == self.id]
        return [message for room in rooms for message in space.messages[room]]

    def image(self, content: bytes, name: str = "banner.png") -> File:
        """A picture that they have handed to Slack."""
        return self.stage.slack.workspace.add_file(
            content, name=name, mimetype="image/png", by=self.id
        )

    def video(self, content: bytes, name: str = "beans.mp4", mimetype: str = "video/mp4") -> File:
        """A video that they have handed to Slack."""
        return self.stage.slack.workspace.add_file(
            content, name=name, mimetype=mimetype, by=self.id
        )


def words(message: Message) -> str:
    """Everything that can be read in a message."""
    return _words(message)


def post_of(dialog: Dialog) -> PostId:
    return PostId(json.loads(dialog.view["private_metadata"])["p"])


def verbs(message: Message) -> set[str]:
    """What its buttons mean."""
    read = (payloads.loads(it.get("value", "")) for it in _buttons(message))
    return {it.verb for it in read if not isinstance(it, payloads.BadPayload)}


def _buttons(message: Message) -> list[Json]:
    return [
        item
        for block in message.blocks
        if block["type"] == "actions"
        for item in block["elements"]
        if item["type"] == "button"
    ]


def _words(message: Message) -> str:
    shown = Dialog({"blocks": message.blocks})
    return f"{message.text}\n{shown.words()}"
