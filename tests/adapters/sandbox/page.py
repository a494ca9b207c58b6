"""The sandbox's page as a browser has it, over a door with a small school behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox.app import build
from adapters.sandbox.chat import SandboxChat
from tests.fakes.chat import FakeClock, FakeIds, FakeJournal
from tests.fakes.door import FakeDoor
from tests.fakes.painting import painting


if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientResponse


NO_CHANGE: Mapping[str, object] = {}
PICTURE = painting(8, 6)


@dataclass
class Page:
    """The page as a browser has it after opening it once."""

    client: TestClient[web.Request, web.Application]
    door: FakeDoor
    chat: SandboxChat

    @property
    def origin(self) -> str:
        return str(self.client.make_url("/")).rstrip("/")

    def rebuild(self) -> web.Application:
        """The same page once more, to be mounted elsewhere."""
        return site(self.door, self.chat)

    async def get(self, path: str, **query: str) -> ClientResponse:
        return await self.client.get(path, params=query)

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        response = await self.client.post(path, json=body, headers={"Origin": self.origin})
        assert response.content_type == "application/json"
        said: dict[str, Any] = await response.json()
        return said

    async def view(self, who: str = "reed", channel: str = "") -> dict[str, Any]:
        response = await self.get("/view", **{"as": who, "channel": channel})
        said: dict[str, Any] = await response.json()
        return said

    async def propose(self, seat: str = "reed", **changes: object) -> dict[str, Any]:
        form = {
            "as": seat,
            "post": "01NEW",
            "seen": 0,
            "accounts": ["oakfield-facebook"],
            "text": "Our choir sings on Friday.",
            "pictures": [],
            "who": "not_said",
            "pupils": [],
            "goes_out": "",
        }
        return await self.post("/propose", **(form | changes))

    async def press(
        self, who: str, verb: str, *, intent: Mapping[str, object] = NO_CHANGE, **more: object
    ) -> dict[str, Any]:
        carried = {"v": 1, "verb": verb, "id": "01NEW", "rev": 1, **intent}
        return await self.post("/do", **{"as": who, "intent": carried, **more})

    async def upload(self) -> dict[str, Any]:
        response = await self.client.post(
            "/upload", params={"as": "reed", "name": "field.png"}, data=PICTURE
        )
        said: dict[str, Any] = await response.json()
        return said


def site(door: FakeDoor, chat: SandboxChat) -> web.Application:
    return build(
        door,
        chat,
        clock=FakeClock(),
        ids=FakeIds(500),
        zone=ZoneInfo("Europe/London"),
        title="Fernhill Learning Trust",
    )


async def open_page(*, opened: bool = True) -> Page:
    chat = await SandboxChat.open(FakeJournal(), FakeClock(), FakeIds())
    door = FakeDoor(chat)
    client = TestClient(TestServer(site(door, chat)), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    if opened:
        assert (await client.get("/")).status == 200
    return Page(client, door, chat)
