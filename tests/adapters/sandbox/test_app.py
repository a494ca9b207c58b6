"""The page: who sees what, how it stays live, where it is mounted."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import structlog
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox import app
from tests.adapters.sandbox.page import Page, open_page


if TYPE_CHECKING:
    import pytest
    from aiohttp import ClientResponse


async def test_private_messages_are_those_of_the_seat_alone(page: Page) -> None:
    await page.propose()
    await page.press("lund", "post.approve")
    assert (await page.view("reed"))["lists"]["private"]
    assert not (await page.view("diaz"))["lists"]["private"]


async def test_each_seat_has_a_count_of_its_own_of_what_it_has_not_looked_at(page: Page) -> None:
    await page.propose()
    await page.press("lund", "post.approve")
    before = await page.view("reed")
    assert before["unread"] == len(before["lists"]["private"]) > 0
    assert (await page.post("/look", **{"as": "lund"}))["outcome"] == "done"
    assert (await page.view("reed"))["unread"] == before["unread"]
    await page.post("/look", **{"as": "reed"})
    assert (await page.view("reed"))["unread"] == 0
    assert (await page.post("/look", **{"as": "nobody"}))["outcome"] == "declined"


async def test_a_channel_that_a_seat_may_not_read_is_not_shown(page: Page) -> None:
    await page.propose()
    view = await page.view("price", "channel:oakfield-facebook")
    assert view["channel"] == "channel:millbrook-facebook"
    assert not view["lists"]["channel"]
    private = await page.view("diaz", "person:reed")
    assert private["channel"] != "person:reed"


async def test_a_fault_is_a_sentence_with_a_number_and_the_log_quotes_nothing(page: Page) -> None:
    page.door.broken = True
    with structlog.testing.capture_logs() as lines:
        response = await page.client.post(
            "/do",
            json={
                "as": "lund",
                "intent": {"v": 1, "verb": "post.approve", "id": "01NEW", "rev": 1},
            },
        )
    assert response.status == 500
    said = (await response.json())["sentences"][0]
    (line,) = lines
    assert line["request"] in said
    assert "Amelia" not in said
    assert "Traceback" not in await response.text()


async def _event(response: ClientResponse) -> dict[str, str]:
    async with asyncio.timeout(5):
        while True:
            line = (await response.content.readline()).decode()
            if line.startswith("data: "):
                found: dict[str, str] = json.loads(line.removeprefix("data: "))
                return found


async def test_a_change_reaches_the_page_at_once(page: Page) -> None:
    stream = await page.get("/stream")
    assert stream.content_type == "text/event-stream"
    assert await stream.content.readline() == b"retry: 1000\n"
    await page.propose()
    first = await _event(stream)
    while first["conversation"] != "channel:oakfield-facebook":
        first = await _event(stream)
    assert first["state"] == "Waiting for a second yes"
    stream.close()


async def test_a_silent_stream_shows_signs_of_life(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "HEARTBEAT", 0.01)
    stream = await page.get("/stream")
    async with asyncio.timeout(5):
        while not (await stream.content.readline()).startswith(b": still here"):
            pass
    stream.close()


async def test_stopping_does_not_wait_for_open_pages() -> None:
    page = await open_page()
    stream = await page.get("/stream")
    await stream.content.readline()
    async with asyncio.timeout(5):
        await page.client.server.close()
        while await stream.content.readline():
            pass
    await page.client.close()


async def test_the_page_works_below_a_prefix(page: Page) -> None:
    html = await (await page.get("/")).text()
    assert not re.findall(r'(?:src|href|action)="/', html)
    root = web.Application()
    root.add_subapp("/sandbox/", page.rebuild())
    client = TestClient(TestServer(root), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    response = await client.get("/sandbox/")
    assert "Content-Security-Policy" in response.headers
    assert (await client.get("/sandbox/static/page.css")).status == 200
    assert (await client.get("/sandbox/view?as=reed")).status == 200
    assert (await client.get("/sandbox/view?as=reed", headers={"Host": "evil"})).status == 403
    await client.close()


async def test_what_is_not_there_is_not_found(page: Page) -> None:
    for path in ("/nowhere", "/static/../app.py", "/static/%2e%2e/app.py", "/static/"):
        response = await page.get(path)
        assert response.status in {403, 404}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
