"""The whole application as it is put together: opened, served, and refused where it must be."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import stat
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.application import Application, Connect, Plugged
from bot.imports.folder import FOLDER
from bot.lifecycle import serve
from bot.wiring import build
from moderation.accounts.model import Account
from moderation.kernel import Accepted, Asked, Identity, Platform, PostId
from moderation.people.model import AccountRole, Grant
from moderation.ports import Conversation, Delivery
from moderation.posts.commands import Propose
from moderation.posts.model import Content
from storage.database import Stamp
from storage.faults import NotReady
from tests.adapters.images.pictures import encoded, photo
from tests.bot.installation import ready_settings
from tests.fakes.chat import FakeChat, FakeClock
from tests.fakes.samples import ANN, BOB, CY, OAK, PAGE, STAFF
from tests.storage.newer import tamper


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.settings import Settings
    from moderation.views import Card

CHANNEL = Conversation(Platform.SLACK, "C-oak")


@dataclass
class HeardChat(FakeChat):
    """Lets a test wait until something is said."""

    platform: Platform = Platform.SLACK
    said: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        answer = await super().post(to, card, key)
        if to == CHANNEL:
            self.said.set()
        return answer


@asynccontextmanager
async def running(
    settings: Settings, *, stamp: Stamp = Stamp.REAL, **platforms: Connect
) -> AsyncIterator[tuple[Application, str]]:
    """The application while it is served, and its address."""
    application = build(
        settings,
        stamp=stamp,
        platforms={Platform(name): connect for name, connect in platforms.items()},
        clock=FakeClock(),
    )
    stop, url = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(application, "127.0.0.1", 0, stop=stop, ready=url.set_result)
    )
    await asyncio.wait({serving, url}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    try:
        yield application, await url
    finally:
        stop.set()
        await serving


async def ready(url: str) -> tuple[int, list[str]]:
    async with aiohttp.ClientSession() as client, client.get(f"{url}readyz") as answer:
        return answer.status, json.loads(await answer.text())["missing"]


def file_of(settings: Settings) -> Path:
    return settings.paths.data / "schoolgate.db"


# -- opening -------------------------------------------------------------------------------------


async def test_the_first_start_makes_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings) as (_, url):
        assert await ready(url) == (200, [])
    assert stat.S_IMODE(settings.paths.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_of(settings).stat().st_mode) == 0o600


async def test_it_starts_again_on_what_it_made(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    for _ in range(2):
        async with running(settings) as (_, url):
            assert (await ready(url))[0] == 200


async def test_what_a_schools_system_left_is_read_by_the_clock(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    left = settings.paths.data / FOLDER / "oak" / "pupils.csv"
    async with running(settings) as (application, _):
        left.parent.mkdir(parents=True)
        left.write_bytes(b"<CTfile/>")
        os.utime(left, (0, 0))
        application.ticker.wake("read_imports")
        async with asyncio.timeout(60):
            while left.exists():  # noqa: ASYNC110 -- the folder tells nobody
                await asyncio.sleep(0.01)
    report = left.parent / "refused" / "pupils.csv.report.txt"
    assert "Common Transfer File" in report.read_text("utf-8")


async def test_two_on_one_file_are_refused(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings):
        with pytest.raises(NotReady, match="another schoolgate run"):
            async with running(settings):
                pass


async def test_other_keys_are_refused(tmp_path: Path) -> None:
    async with running(ready_settings(tmp_path)):
        pass
    with pytest.raises(NotReady, match="the keys don't fit this database"):
        async with running(ready_settings(tmp_path)):
            pass


@pytest.mark.parametrize(("made", "wanted"), [("demo", "real"), ("real", "demo")])
async def test_a_demo_database_and_a_real_one_are_never_mistaken(
    tmp_path: Path, made: str, wanted: str
) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings, stamp=Stamp(made)):
        pass
    with pytest.raises(NotReady, match=f"a {made} database, and this start is for a {wanted} one"):
        async with running(settings, stamp=Stamp(wanted)):
            pass


async def test_without_auto_upgrade_it_is_not_made(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path, SCHOOLGATE_DATABASE__AUTO_UPGRADE="false")
    with pytest.raises(NotReady, match="run schoolgate db upgrade"):
        async with running(settings):
            pass
    assert not file_of(settings).exists()


async def test_a_guard_removed_by_hand_stops_the_start(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings):
        pass
    with closing(sqlite3.connect(file_of(settings))) as by_hand:
        by_hand.execute("DROP TRIGGER publication_by_two")
    with pytest.raises(NotReady, match="the guard publication_by_two is missing"):
        async with running(settings):
            pass


async def test_a_data_folder_that_is_no_folder_is_a_sentence(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    settings.paths.data.write_text("a file")
    with pytest.raises(NotReady, match="can't be used"):
        async with running(settings):
            pass


async def test_it_runs_on_every_database(tmp_path: Path, fresh_database: Callable[[], str]) -> None:
    settings = ready_settings(tmp_path, SCHOOLGATE_DATABASE__URL=fresh_database())
    async with running(settings) as (_, url):
        assert await ready(url) == (200, [])


# -- readiness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_hand", "missing"),
    [
        ("DROP TRIGGER hand_is_kept", "guards"),
        ("UPDATE alembic_version SET version_num = '0000'", "schema"),
        ("DROP TABLE inbox", "database"),
    ],
)
async def test_readiness_sees_what_happens_to_the_database(
    tmp_path: Path, by_hand: str, missing: str
) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings) as (_, url):
        # Beside it: who holds the event loop up waits for ever for its transaction to end.
        await asyncio.to_thread(tamper, f"sqlite:///{file_of(settings)}", by_hand)
        assert await ready(url) == (503, [missing])


# -- platforms -----------------------------------------------------------------------------------


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def test_a_platforms_pages_are_served_and_its_connections_ended(tmp_path: Path) -> None:
    ended: list[str] = []

    async def unplug() -> None:
        ended.append("slack")

    async def connect(_application: Application) -> Plugged:
        pages = web.Application()
        pages.router.add_get("/", hello)
        return Plugged(chat=HeardChat(), pages=pages, prefix="/slack/", front=True, unplug=unplug)

    async with running(ready_settings(tmp_path), slack=connect) as (_, url):
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            assert (str(answer.url), await answer.text()) == (f"{url}slack/", "hello")
        assert not ended
    assert ended == ["slack"]


async def test_a_platform_that_cannot_be_connected_stops_the_start(tmp_path: Path) -> None:
    async def connect(_application: Application) -> Plugged:
        raise NotReady("Slack doesn't know this token")

    settings = ready_settings(tmp_path)
    with pytest.raises(NotReady, match="token"):
        async with running(settings, slack=connect):
            pass
    # Everything was closed: the next start isn't refused.
    async with running(settings):
        pass


async def populate(application: Application) -> None:
    roles = {ANN: AccountRole.POSTER, BOB: AccountRole.MODERATOR, CY: AccountRole.MODERATOR}
    async with application.units.write() as unit:
        await unit.people.save(STAFF)
        await unit.accounts.save((Account(id=PAGE, school=OAK, platform="facebook", name="Oak"),))
        await unit.people.save_grants(
            frozenset({PAGE}),
            tuple(Grant(account=PAGE, person=who, role=role) for who, role in roles.items()),
        )
        await unit.homes.use(PAGE, CHANNEL)
        await unit.commit()


async def test_what_is_proposed_is_shown_at_once(tmp_path: Path) -> None:
    chat = HeardChat()

    async def connect(application: Application) -> Plugged:
        await populate(application)
        return Plugged(chat=chat)

    async with running(ready_settings(tmp_path), slack=connect) as (application, _):
        outcome = await application.service.do(
            Propose(
                post=PostId(application.ids.new()),
                content=Content(text="The summer fair begins at two o'clock.", accounts=(PAGE,)),
            ),
            Asked(
                by=Identity(Platform.SLACK, f"U-{ANN}"),
                key=application.ids.new(),
                at=application.clock.now(),
            ),
        )
        assert isinstance(outcome, Accepted)
        application.wake()
        async with asyncio.timeout(10):
            await chat.said.wait()
        (card,) = chat.cards(CHANNEL.id)
        assert "summer fair" in card.fallback


async def test_a_picture_is_looked_at_and_resumed_at_the_next_start(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path)
    async with running(settings) as (application, _):
        blob, looking = await application.pictures.arrive(encoded(photo(), "PNG"))
        looking.cancel()
    async with running(settings) as (application, _):
        await asyncio.gather(*application.pictures.looking.values())
        async with application.units.read() as unit:
            assert blob in await unit.inspections.get(frozenset({blob}))
