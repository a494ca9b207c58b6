"""The database stands still, or is gone: nobody is told that something is saved before it is.

Whoever presses hears within three seconds that it isn't saved yet, may press as often as they
like, and finds it done once when the database is back.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import asynccontextmanager, closing
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from adapters import payloads
from adapters.sandbox.app import build
from adapters.sentences import NOT_YET
from moderation.kernel import PostId
from moderation.posts.model import State
from storage import delivery_tables as t
from tests.fakes.trust import FACEBOOK, FACEBOOK_CHANNEL, OKAFOR, REED
from tests.scenarios.stage import Stage, button


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.applications import Applications

pytestmark = pytest.mark.postgres

STALL = {"quick": 1.0, "ci": 1.0, "full": 5.0}[os.environ.get("SIZE", "quick")]
HEARD = 3.0
"""Seconds."""

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Client]:
    """The sandbox's page on the whole application."""
    site = build(
        stage.door,
        stage.chat,
        clock=stage.house.clock,
        ids=stage.ids,
        zone=ZoneInfo("Europe/London"),
        title="Fernhill",
    )
    client = TestClient(TestServer(site), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    assert (await client.get("/")).status == 200
    yield client
    await client.close()


@asynccontextmanager
async def stalled(url: str) -> AsyncIterator[None]:
    """Somebody else holds what every decision needs."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            yield
            raw.execute("ROLLBACK")
        return
    async with await psycopg.AsyncConnection.connect(url) as raw_connection:
        await raw_connection.execute("LOCK TABLE post IN ACCESS EXCLUSIVE MODE")
        yield
        await raw_connection.rollback()


async def post_json(page: Client, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], float]:
    began = perf_counter()
    headers = {"Origin": str(page.make_url("/")).rstrip("/")}
    async with page.post(path, json=body, headers=headers) as answer:
        return await answer.json(), perf_counter() - began


async def yeses(stage: Stage, post: PostId) -> int:
    async with stage.application.database.reading() as connection:
        select = sa.select(sa.func.count()).where(
            t.audit_event.c.tag == "post:approved_by", t.audit_event.c.subject_id == post
        )
        return int((await connection.execute(select)).scalar_one())


@pytest.mark.ci("postgresql")
async def test_nothing_is_called_saved_before_it_is(
    stage: Stage,
    page: Client,
    trust_database: str,
    record_property: Callable[[str, object], None],
) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    intent = payloads.encode(button(shared, "Approve").intent)
    press = {"as": OKAFOR, "intent": intent, "values": {}}
    heard: list[float] = []
    async with stalled(trust_database):
        began = perf_counter()
        while perf_counter() - began < STALL:
            said, seconds = await post_json(page, "/do", press)
            heard.append(seconds)
            assert said == {"sentences": [NOT_YET], "outcome": "failed"}
    record_property("heard within, seconds", round(max(heard), 2))
    assert max(heard) < HEARD

    # Back again: it counts once, whether the first press went on or the last one did it.
    async with asyncio.timeout(20):
        while (said := (await post_json(page, "/do", press))[0])["outcome"] == "failed":
            heard.append(0)
    assert said["outcome"] in {"done", "again"}, said
    assert (await post_json(page, "/do", press))[0]["outcome"] == "again"
    assert await yeses(stage, draft.post) == 1
    record_property("pressed", len(heard) + 2)
    await stage.settle()
    assert (await stage.post(draft.post)).state is State.RELEASED


@pytest.mark.parametrize("presses", [1, 2], ids=["afterwards", "at once"])
@pytest.mark.ci("postgresql")
async def test_words_that_were_changed_meanwhile_are_the_ones_that_are_saved(
    stage: Stage, page: Client, trust_database: str, presses: int
) -> None:
    form: dict[str, Any] = {
        "as": REED,
        "post": stage.ids.new(),
        "seen": 0,
        "accounts": [FACEBOOK],
        "text": "The fair is on Saturday.",
        "who": "not_said",
    }
    corrected = {**form, "text": "The fair is on Sunday."}
    async with stalled(trust_database):
        said, _ = await post_json(page, "/propose", form)
        assert said == {"sentences": [NOT_YET], "outcome": "failed"}
        if presses > 1:
            assert (await post_json(page, "/propose", corrected))[0]["outcome"] == "failed"
    async with asyncio.timeout(20):
        while True:
            said, _ = await post_json(page, "/propose", corrected)
            if said["outcome"] != "failed":
                break
    assert said["outcome"] in {"done", "again"}, said
    await stage.settle()
    post = await stage.post(PostId(form["post"]))
    assert post.content.text == "The fair is on Sunday."
    assert len(stage.cards(FACEBOOK_CHANNEL)) == 1
    # What was sent first comes too late to take their place.
    await post_json(page, "/propose", form)
    await post_json(page, "/propose", corrected)
    assert (await stage.post(post.id)).content.text == "The fair is on Sunday."


async def test_a_database_that_is_gone_is_said_so_and_nothing_is_lost(
    stage: Stage, page: Client
) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    intent = payloads.encode(button(shared, "Approve").intent)
    press = {"as": OKAFOR, "intent": intent, "values": {}}
    await stage.application.database.close()
    said, seconds = await post_json(page, "/do", press)
    assert said["outcome"] == "failed"
    assert "press again" in said["sentences"][0]
    assert seconds < HEARD
    await stage.application.database.open()
    assert (await post_json(page, "/do", press))[0]["outcome"] == "done"
    assert await yeses(stage, draft.post) == 1
