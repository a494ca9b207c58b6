"""People in Slack, with the whole application behind it and an invented workspace before it.

    card = await office.card(FACEBOOK_PLACE)
    await office.press(OKAFOR, card, "Approve")
    assert office.heard(OKAFOR) == "…"

What is pressed is a button of a message that stands there, and what is sent is what Slack
would send, signed, over HTTP.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.slack.limits import problems
from bot.application import Application
from bot.chat import slack
from bot.chat.doors import door_of
from bot.chat.slack import Workspace
from moderation.kernel import Identity, PersonId, Platform, PostId
from moderation.ports import Conversation
from moderation.posts.commands import Propose
from moderation.posts.model import Content
from tests.applications import Applications
from tests.fakes import slack_requests as ask
from tests.fakes.images import FakeImageInspector
from tests.fakes.slack_api import BOT_TOKEN, FakeSlack
from tests.fakes.trust import FACEBOOK, NAMES, X, know


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from adapters.door import Answer
    from bot.application import Plugged
    from moderation.kernel import AccountId
    from moderation.posts.model import Post
    from tests.fakes.slack_socket import SocketMode
    from tests.fakes.slack_workspace import Message, View

Json = dict[str, Any]

SECRET: Final = "signing-secret-of-the-office"  # noqa: S105 -- it opens nothing
FACEBOOK_PLACE, X_PLACE = "C0FACEBOOK", "C0SPORT"
PLACES: Final = {FACEBOOK: FACEBOOK_PLACE, X: X_PLACE}
OF_A_REPORT: Final = (
    "A concern about a child",
    "About your report",
    "What was reported",
    "Your report:",
)
"""How the cards of a report begin, of which none is shown for a moment only."""


def user_of(person: PersonId) -> str:
    """Somebody's user id in the workspace."""
    return f"U0{person.upper()}"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request was answered with, and after how many seconds."""

    status: int
    text: str
    seconds: float
    json: Any = None


@dataclass
class Office:
    house: Applications
    slack: FakeSlack
    application: Application
    client: TestClient[web.Request, web.Application]
    workspace: Workspace

    # -- what is to be seen ----------------------------------------------------------------------

    async def settle(self) -> None:
        await self.application.relay.drain()

    def message(self, place: str) -> Message:
        """The newest message that stands there."""
        return self.slack.workspace.messages[place][-1]

    def heard(self) -> str:
        """What somebody was last told privately."""
        return "\n".join(
            message.text for message in (*self.slack.responses, *self.slack.workspace.ephemeral)
        )

    def dialog(self) -> View:
        """The newest dialog that is open."""
        return list(self.slack.workspace.views.values())[-1]

    async def post(self, post: PostId) -> Post:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post)
        assert stored is not None
        return stored[0]

    # -- what people do --------------------------------------------------------------------------

    async def propose(self, person: PersonId, text: str, *accounts: AccountId) -> PostId:
        """A post as it is stored by the door; the dialog is tried elsewhere."""
        post = PostId(self.application.ids.new())
        command = Propose(post=post, content=Content(text=text, accounts=accounts))
        by = Identity(Platform.SLACK, user_of(person))
        answer: Answer = await door_of(self.application).do(command, by=by, key=f"seed:{post}")
        assert answer.card is not None, answer
        await self.settle()
        return post

    async def press(
        self, person: PersonId, message: Message, label: str, *, ephemeral: bool = False
    ) -> Heard:
        """Press a button of a message by its label."""
        payload = self.pressing(person, message, label, ephemeral=ephemeral)
        return await self.send(ask.interactive(payload))

    def pressing(
        self, person: PersonId, message: Message, label: str, *, ephemeral: bool = False
    ) -> Json:
        user = user_of(person)
        return ask.pressed(
            button(message, label),
            user=user,
            channel=message.channel,
            ts=message.ts,
            trigger=self.slack.trigger(user),
            response_url=self.slack.response_url(message.channel, user),
            ephemeral=ephemeral,
        )

    async def type(self, person: PersonId, name: str, words: str = "") -> Heard:
        return await self.send(ask.typed(self.typing(person, name, words)))

    async def type_over(
        self, socket: SocketMode, person: PersonId, name: str, words: str = ""
    ) -> None:
        await socket.send("slash_commands", self.typing(person, name, words))
        await self.quiet()

    def typing(self, person: PersonId, name: str, words: str) -> Json:
        user = user_of(person)
        return ask.command(
            name,
            words,
            user=user,
            channel=FACEBOOK_PLACE,
            trigger=self.slack.trigger(user),
            response_url=self.slack.response_url(FACEBOOK_PLACE, user),
        )

    async def submit(self, person: PersonId, view: View, **values: str) -> Heard:
        """Send a dialog with its boxes filled in, by the names of their fields."""
        return await self.send(ask.interactive(self.sending(person, view, **values)))

    def sending(self, person: PersonId, view: View, **values: str) -> Json:
        state = {
            block["block_id"]: {
                block["element"]["action_id"]: {
                    "type": block["element"]["type"],
                    **_said(block["element"], values.get(block["block_id"])),
                }
            }
            for block in view.body["blocks"]
            if block["type"] == "input"
            and block["element"]["type"] in {"plain_text_input", "radio_buttons"}
        }
        shown = {**view.body, "id": view.id, "hash": view.hash}
        return ask.submitted(shown, state, user=user_of(person))

    async def send(self, sent: ask.Sent, headers: dict[str, str] | None = None) -> Heard:
        """Whatever comes to the address, and then what follows from it."""
        heard = await self.answer(sent, headers)
        await self.quiet()
        return heard

    async def answer(self, sent: ask.Sent, headers: dict[str, str] | None = None) -> Heard:
        """The same, without waiting for what follows."""
        began = perf_counter()
        exact = sent.headers(SECRET) if headers is None else headers
        async with self.client.post(ask.PATH, data=sent.body, headers=exact) as answer:
            told = await answer.json() if answer.content_type == "application/json" else None
            return Heard(answer.status, await answer.text(), perf_counter() - began, told)

    async def quiet(self) -> None:
        """Everything that was begun is done, and delivered."""
        await self.workspace.patience.finish(10)
        await self.settle()


def _said(element: Json, value: str | None) -> Json:
    """As Slack sends what was typed, or the one that was chosen of those that are offered."""
    if element["type"] == "plain_text_input":
        return {"value": value}
    [*chosen] = (it for it in element["options"] if it["value"] == value)
    return {"selected_option": chosen[0] if chosen else None}


def button(message: Message, label: str) -> Json:
    """A button or a line of a menu, as it comes back when it is pressed."""
    for block in message.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["type"] == "button" and element["text"]["text"] == label:
                return dict(element)
            for option in element.get("options", ()):
                if option["text"]["text"] == label:
                    return {**element, "selected_option": option}
    raise AssertionError(f"no button {label!r} there")


def labels(message: Message) -> tuple[str, ...]:
    """Every button that a message has."""
    return tuple(
        found["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        for found in (element.get("options") or (element,))
    )


@asynccontextmanager
async def opened(house: Applications, **settings: str) -> AsyncIterator[Office]:
    """The office, with everybody of the trust in the workspace and two channels."""
    async with FakeSlack(limits=problems) as fake:
        house.settings |= {
            "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
            "SCHOOLGATE_CHAT__SLACK__API_URL": fake.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            **settings,
        }
        held: list[Workspace] = []

        async def connect(application: Application) -> Plugged:
            held.append(await slack.opened(application))
            return held[0].plugged()

        for person in NAMES:
            fake.workspace.add_user(user_of(person), name=person.capitalize())
        everybody = [user_of(person) for person in NAMES]
        for place in PLACES.values():
            fake.workspace.add_channel(place, everybody)
        application = await house.start({Platform.SLACK: connect})
        application.pictures.inspector = FakeImageInspector()
        await _move_in(application)
        client = TestClient(TestServer(application.web))
        await client.start_server()
        office = Office(house, fake, application, client, held[0])
        try:
            yield office
            assert fake.complaints == []
            whispered = [*fake.workspace.ephemeral, *fake.responses]
            assert not [it for it in whispered if it.text.startswith(OF_A_REPORT)]
        finally:
            await client.close()
            # Before the workspace goes: what is still to be said is said to it.
            if application in house.running:
                await house.stop(application)


async def _move_in(application: Application) -> None:
    """Everybody is known by their user in Slack, and cards go to its channels."""
    async with application.units.write() as unit:
        await know(unit, {who: (Identity(Platform.SLACK, user_of(who)),) for who in NAMES})
        for account, place in PLACES.items():
            there = Conversation(Platform.SLACK, place)
            await unit.homes.use(account, there)
        await unit.commit()
