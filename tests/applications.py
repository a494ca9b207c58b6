"""The whole application for tests, on an invented trust with two schools.

    applications    starts it as often as a test likes, on one database

A test that asks for it runs on SQLite, and marked ``postgres`` on PostgreSQL as well. At the size
``ci`` so does a quarter of the others, by lot, and at ``full`` each: what differs between the two
is the store, which has its own tests on both at every size.

What is in the database is written once and copied for each test. The clock stands still until a
test moves it, and nothing ticks by itself: a test lets the relay and the rounds run.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import shutil
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import logs
from bot.application import Application
from bot.settings import load
from bot.wiring import build
from moderation.policies.loader import shipped
from storage import schema
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.unit_of_work import Units
from tests.databases import BOTH, COMMANDS
from tests.fakes import trust
from tests.fakes.chat import FakeClock
from tests.lots import is_drawn


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.application import Connect
    from moderation.kernel import Platform
    from tests.databases import PostgresServer


KEYS = Keys.new()
ON_BOTH = {"quick": 0, "ci": 4, "full": 1}
"""One in how many tests runs on both databases though it isn't marked so; 0 for none."""
PATIENCE = 10.0
"""Seconds that an ending application gets; it needs none when nothing hangs."""


async def _fill(url: str) -> None:
    database = Database(url)
    await database.open()
    packs = dict.fromkeys((trust.OAK, trust.MILL, trust.TRUST), shipped("step"))
    units = Units(database, KEYS, packs=packs, commands=COMMANDS, now=lambda: trust.NOON)
    await schema.ready(database, KEYS, Stamp.DEMO)
    await units.store_packs()
    async with units.write() as unit:
        await trust.write(unit)
        await unit.commit()
    await database.close()


@pytest.fixture(scope="session")
def sqlite_trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "schoolgate.db"
    schema.upgrade(f"sqlite:///{path}", stamp=Stamp.DEMO, at=trust.NOON)
    asyncio.run(_fill(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_trust(postgresql_server: PostgresServer) -> str:
    name = postgresql_server.create()
    schema.upgrade(postgresql_server.url(name), stamp=Stamp.DEMO, at=trust.NOON)
    asyncio.run(_fill(postgresql_server.url(name)))
    return name


def copies(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The address of a database of this kind with the trust in it."""
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_trust")
        shutil.copy(template, folder / "schoolgate.db")
        return f"sqlite:///{folder / 'schoolgate.db'}"
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    made = server.create(request.getfixturevalue("postgresql_trust"))
    request.addfinalizer(lambda: server.drop(made))
    return server.url(made)


@dataclass
class Applications:
    """Starts applications on ``url``; whatever still runs is stopped when the test ends."""

    url: str
    folder: Path
    clock: FakeClock = field(default_factory=lambda: FakeClock(trust.NOON))
    settings: dict[str, str] = field(default_factory=dict)
    """What the operator set in the environment besides."""
    running: list[Application] = field(default_factory=list)
    log: io.StringIO = field(default_factory=io.StringIO)
    """Everything that was logged, by us and by libraries, at any level."""

    async def start(self, platforms: Mapping[Platform, Connect]) -> Application:
        """One more process. Its clock's ticks are ended at once: the test is the clock."""
        environ = {
            "SCHOOLGATE_PATHS__DATA": str(self.folder),
            "SCHOOLGATE_KEYS": KEYS.to_text(),
            "SCHOOLGATE_DATABASE__URL": self.url,
            "SCHOOLGATE_DATABASE__AUTO_UPGRADE": "false",
            **self.settings,
        }
        with as_file(files("bot.demo").joinpath("app.yaml")) as config:
            settings = load(config, environ)
        made = build(settings, stamp=Stamp.DEMO, platforms=platforms, clock=self.clock)
        self.running.append(made)
        await made.start()
        await made.pause(PATIENCE)
        return made

    async def stop(self, application: Application) -> None:
        self.running.remove(application)
        await application.stop(PATIENCE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "trust_database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("postgres") is not None
        one_in = ON_BOTH[os.environ.get("SIZE", "quick")]
        both = marked or (one_in > 0 and is_drawn(metafunc.definition.nodeid, one_in))
        metafunc.parametrize("trust_database", BOTH if both else BOTH[:1], indirect=True)


@pytest.fixture
def trust_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return copies(request, request.param, tmp_path)


@pytest.fixture
async def applications(trust_database: str, tmp_path: Path) -> AsyncIterator[Applications]:
    made = Applications(trust_database, tmp_path)
    logs.configure(made.log, json=True, level=logging.DEBUG)
    yield made
    for running in tuple(made.running):
        await made.stop(running)
