"""People in Teams, with the whole application behind it and an invented tenant before it.

    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    heard = await office.press(OKAFOR, office.message(FACEBOOK_ROOM), "Approve")
    assert heard.said == "…"

What is pressed is an action of a card that stands there, and what is sent is what Teams would
send, signed, over HTTP.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_DNS, uuid5

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams import payload
from bot.application import Application
from bot.chat import teams
from bot.chat.doors import door_of
from bot.chat.teams import Office as Connected
from moderation.kernel import Identity, PersonId, Platform, PostId
from moderation.ports import Conversation
from moderation.posts.commands import Propose, Revise
from moderation.posts.model import Content
from tests.applications import Applications
from tests.fakes import teams_requests as ask
from tests.fakes.images import FakeImageInspector
from tests.fakes.teams_connector import APP, PASSWORD, TENANT, FakeTeams, Posted, Someone
from tests.fakes.trust import FACEBOOK, NAMES, X, know


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from adapters.door import Answer
    from bot.application import Plugged
    from moderation.kernel import AccountId
    from moderation.posts.model import Post

Json = dict[str, Any]

GOOD: Final = "one that Microsoft signed"
FACEBOOK_ROOM, X_ROOM = "19:facebook@thread.tacv2", "19:sport@thread.tacv2"
ROOMS: Final = {FACEBOOK: FACEBOOK_ROOM, X: X_ROOM}


def user_of(person: PersonId) -> str:
    """Somebody's object id in the tenant."""
    return str(uuid5(NAMESPACE_DNS, person))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request was answered with."""

    status: int
    body: Json

    @property
    def said(self) -> str:
        value = self.body.get("value")
        return value if isinstance(value, str) else ""

    @property
    def card(self) -> Json:
        value = self.body.get("value")
        return value if isinstance(value, dict) else {}


@dataclass
class TeamsOffice:
    house: Applications
    teams: FakeTeams
    application: Application
    client: TestClient[web.Request, web.Application]
    connected: Connected

    # -- what is to be seen ----------------------------------------------------------------------

    def someone(self, person: PersonId) -> Someone:
        return self.teams.people[user_of(person)]

    def message(self, place: str) -> Posted:
        """The newest message that stands there."""
        return self.teams.messages[place][-1]

    def private(self, person: PersonId) -> list[Posted]:
        """Their private chat."""
        return self.teams.messages[self.someone(person).chat]

    async def post(self, post: PostId) -> Post:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post)
        assert stored is not None
        return stored[0]

    # -- what people do --------------------------------------------------------------------------

    async def propose(self, person: PersonId, text: str, *accounts: AccountId) -> PostId:
        """A post as it is stored by the door; the form is tried elsewhere."""
        post = PostId(self.application.ids.new())
        command = Propose(post=post, content=Content(text=text, accounts=accounts))
        await self._do(person, command, f"seed:{post}")
        return post

    async def revise(self, person: PersonId, post: PostId, text: str) -> None:
        """Other words by the door, over the newest version."""
        found = (await self.post(post)).revision
        content = replace(found.content, text=text)
        command = Revise(post=post, seen=found.number, content=content)
        await self._do(person, command, f"seed:{post}:{found.number}")

    async def _do(self, person: PersonId, command: Propose | Revise, key: str) -> None:
        by = Identity(Platform.TEAMS, user_of(person))
        answer: Answer = await door_of(self.application).do(command, by=by, key=key)
        assert answer.card is not None, answer
        await self.settle()

    async def say(self, person: PersonId, text: str, room: str = "", **more: Any) -> Heard:  # noqa: ANN401
        url = self.teams.service_url
        return await self.send(ask.message(self.someone(person), url, text, room, **more))

    async def press(self, person: PersonId, message: Posted, label: str, **inputs: str) -> Heard:
        return await self.send(self.pressing(person, message, label, **inputs))

    def pressing(self, person: PersonId, message: Posted, label: str, **inputs: str) -> Json:
        found = action(message.card, label)
        room = message.conversation if message.conversation.startswith("19:") else ""
        url = self.teams.service_url
        return ask.pressed(
            self.someone(person), url, found, room, message.id, **filled(found, **inputs)
        )

    async def install(self, person: PersonId, room: str = "") -> Heard:
        return await self.send(ask.installed(self.someone(person), self.teams.service_url, room))

    async def send(self, body: Json, token: str | None = GOOD) -> Heard:
        """Whatever comes to the address, and then what follows from it."""
        heard = await self.answer(body, token)
        await self.quiet()
        return heard

    async def answer(self, body: Json, token: str | None = GOOD) -> Heard:
        """The same, without waiting for what follows."""
        exact = self.teams.signed() if token == GOOD else token
        headers = {} if exact is None else {"Authorization": f"Bearer {exact}"}
        async with self.client.post(ask.PATH, json=body, headers=headers) as answer:
            told = await answer.json() if answer.content_type == "application/json" else {}
            self.teams.heard_back(told, await answer.read())
            return Heard(answer.status, told)

    async def quiet(self) -> None:
        """Everything that was begun is done, and delivered."""
        await self.connected.patience.finish(10)
        await self.settle()
        await self.connected.patience.finish(10)

    async def settle(self) -> None:
        await self.application.relay.drain()


def filled(pressed: Json, **words: str) -> dict[str, str]:
    """Fields by their names, under the ids that the form of this action has."""
    scope = pressed["data"].get("scope", "")
    return {payload.words_id(name, scope): value for name, value in words.items()}


def actions(card: object) -> Iterator[Json]:
    """Every action of a card that the bot hears, those within others too."""
    match card:
        case dict():
            if card.get("type") == "Action.Execute":
                yield card
            for name, inside in card.items():
                if name not in {"data", "fallback", "refresh"}:
                    yield from actions(inside)
        case list():
            for inside in card:
                yield from actions(inside)


def action(card: Json, label: str) -> Json:
    """The action with this title, or the one within what opens by it."""
    for found in actions(card):
        if found["title"] == label:
            return found
    for opened in _opening(card):
        if opened["title"] == label:
            return next(actions(opened))
    raise AssertionError(f"no action {label!r} among {[it['title'] for it in actions(card)]}")


def _opening(card: object) -> Iterator[Json]:
    match card:
        case dict():
            if card.get("type") == "Action.ShowCard":
                yield card
            for inside in card.values():
                yield from _opening(inside)
        case list():
            for inside in card:
                yield from _opening(inside)


def titles(card: Json) -> list[str]:
    """What can be pressed on a card."""
    return [it["title"] for it in (*actions(card), *_opening(card))]


@asynccontextmanager
async def opened(house: Applications, **settings: str) -> AsyncIterator[TeamsOffice]:
    """The office, with everybody of the trust in the tenant and two channels."""
    async with FakeTeams() as fake:
        teams_settings = {
            "ENABLED": "true",
            "APP_ID": APP,
            "TENANT_ID": TENANT,
            "APP_PASSWORD": PASSWORD,
            "CONNECTOR_URL": fake.connector_url,
            "IDENTITY_URL": fake.identity_url,
        }
        named = {f"SCHOOLGATE_CHAT__TEAMS__{name}": it for name, it in teams_settings.items()}
        house.settings |= {**named, **settings}
        held: list[Connected] = []

        async def connect(application: Application) -> Plugged:
            held.append(await teams.opened(application))
            return held[0].plugged()

        for person, (name, *_) in NAMES.items():
            fake.add_person(user_of(person), name=name, email=f"{person}@oakfield.example")
        everybody = [user_of(person) for person in NAMES]
        for room in ROOMS.values():
            fake.add_channel(room, everybody)
        application = await house.start({Platform.TEAMS: connect})
        application.pictures.inspector = FakeImageInspector()
        await _move_in(application)
        client = TestClient(TestServer(application.web))
        await client.start_server()
        office = TeamsOffice(house, fake, application, client, held[0])
        for room in ROOMS.values():
            await office.install(next(iter(NAMES)), room)
        await held[0].homes.look()
        try:
            yield office
            assert fake.complaints == []
        finally:
            await client.close()
            # Before the tenant goes: what is still to be said is said to it.
            if application in house.running:
                await house.stop(application)


async def _move_in(application: Application) -> None:
    """Everybody is known by their object id, and cards go to the channels."""
    async with application.units.write() as unit:
        await know(unit, {who: (Identity(Platform.TEAMS, user_of(who)),) for who in NAMES})
        for account, room in ROOMS.items():
            await unit.homes.use(account, Conversation(Platform.TEAMS, room))
        await unit.commit()
