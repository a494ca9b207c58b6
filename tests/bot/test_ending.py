"""SIGTERM while many are at work: not ready at once, an orderly end, and nothing lost.

A process of its own on each database; its clients go on until nobody answers them any more.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.application import Plugged
from bot.settings import load
from bot.system import SystemClock
from bot.wiring import build
from moderation.kernel import Platform, PostId, SubjectRef
from moderation.posts.events import Proposed
from moderation.posts.model import POST
from storage.database import Stamp
from tests.bot.installation import secrets, write_settings
from tests.fakes.chat import FakeChat


if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable

    from bot.application import Application

ROOT = Path(__file__).parents[2]
CLIENTS, ENOUGH = {"quick": (6, 30), "ci": (12, 100)}.get(
    os.environ.get("SIZE", "quick"), (20, 2000)
)
"""Clients at once, and the answers after which the signal comes."""
PATIENCE = 60
NOT_READY = 1.0
LONGEST = 15.0
"""Seconds after the signal."""


@dataclass
class Load:
    """What the clients were told, and when a probe was begun that was answered "ready"."""

    url: str
    told: list[PostId] = field(default_factory=list)
    asked: int = 0
    ready_at: list[float] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def client(self) -> None:
        """Propose again and again on one connection, until it is refused."""
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session:
                while True:
                    self.asked += 1
                    data = str(self.asked)
                    async with session.post(f"{self.url}pages/propose", data=data) as answer:
                        assert answer.status == 200
                        self.told.append(PostId(await answer.text()))
                    if len(self.told) >= ENOUGH:
                        self.enough.set()

    async def probe(self) -> None:
        """Ask whether it is ready, on a new connection each time, as a balancer does."""
        while True:
            began = time.monotonic()
            with suppress(aiohttp.ClientError):
                async with (
                    aiohttp.ClientSession() as session,
                    session.get(f"{self.url}readyz") as answer,
                ):
                    if answer.status == 200:
                        self.ready_at.append(began)
                        self.ready.set()
            await asyncio.sleep(0.02)


class Later:
    """Two minutes on: leases of the one that ended have run out."""

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(minutes=2)


@pytest.mark.ci
async def test_nothing_is_lost_when_it_is_told_to_end(
    tmp_path: Path,
    fresh_database: Callable[[], str],
    record_property: Callable[[str, object], None],
) -> None:
    environ = secrets() | {"SCHOOLGATE_DATABASE__URL": fresh_database()}
    config = write_settings(tmp_path)
    started, url = await begun(config, environ)
    load_on = Load(url)
    probing = asyncio.create_task(load_on.probe())
    clients = []
    try:
        async with asyncio.timeout(PATIENCE * 5):
            await load_on.ready.wait()
            clients += [asyncio.create_task(load_on.client()) for _ in range(CLIENTS)]
            await load_on.enough.wait()
        sent = time.monotonic()
        started.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            code = await started.wait()
        took = time.monotonic() - sent
        await asyncio.gather(*clients)
    finally:
        probing.cancel()
        if started.returncode is None:
            started.kill()
            await started.wait()
    ready_for = max(at - sent for at in load_on.ready_at)
    assert code == 0
    assert took <= LONGEST
    assert ready_for <= NOT_READY, "a probe that began later was told that it is ready"
    lost = await found_lost(config, environ, load_on.told)
    assert lost == []
    record_property("answered before and after the signal", len(load_on.told))
    record_property("lost", len(lost))
    record_property("seconds to exit 0", round(took, 2))
    record_property("last ready, seconds after the signal", round(max(0.0, ready_for), 3))


async def begun(config: Path, environ: dict[str, str]) -> tuple[Process, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.loaded",
        str(config),
        env=inherited | environ | {"SCHOOLGATE_LISTEN__PORT": "0", "PYTHONPATH": str(ROOT)},
        cwd=config.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert started.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = (await started.stdout.readline()).decode()
    found = re.fullmatch(r"Schoolgate is ready: (http://127\.0\.0\.1:\d+/)\n", line)
    assert found, line
    return started, found[1]


async def found_lost(config: Path, environ: dict[str, str], told: list[PostId]) -> list[str]:
    """What was promised and isn't there, or is there twice, after a start that does the rest."""
    chat = FakeChat(Platform.SLACK)

    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=chat)

    application = build(
        load(config, environ),
        stamp=Stamp.REAL,
        platforms={Platform.SLACK: connect},
        clock=Later(),
    )
    await application.start()
    await application.pause(PATIENCE)
    lost: list[str] = []
    try:
        # A round of the relay takes a bounded batch, and each post has a handful of effects.
        await application.relay.drain(rounds=100 + len(told))
        async with application.units.read() as unit:
            report = await unit.audit.verify()
            for post in told:
                lines = await unit.audit.history(SubjectRef(POST, post))
                proposed = sum(line.tag == Proposed.tag for line in lines)
                stored = await unit.posts.get(post) is not None
                if (stored, proposed) != (True, 1):
                    lost.append(f"{post}: stored {stored}, {proposed} times on record")
            backlogs = await unit.census.backlogs(application.clock.now())
        lost += [f"the record: {problem}" for problem in report.problems]
        lost += [f"{item.queue}: {item.waiting} waiting, {item.dead} dead" for item in backlogs]
    finally:
        await application.stop(PATIENCE)
    return lost
