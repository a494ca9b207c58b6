"""``schoolgate demo`` as a newcomer starts it: a process, its page, its folder, and its end."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import stat
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.demo.command import KEY_FILE
from bot.demo.sandbox import TOLD
from storage import schema
from storage.database import Stamp
from tests.applications import KEYS
from tests.fakes.trust import NOON


if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator


ROOT = Path(__file__).parents[3]
PATIENCE = 120
"""Seconds: the first start tells a month, and the machine may be busy."""
CONFIGURATION = 78
FACEBOOK = "channel:oakfield-facebook"
PLACES = ("channel", "private")


@asynccontextmanager
async def started(data: Path, port: int = 0) -> AsyncIterator[Process]:
    """The demo on this folder, ended by SIGTERM where a test doesn't end it."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from bot.cli import main; sys.exit(main())",
        *("demo", "--port", str(port), "--no-browser", "--data", str(data)),
        env=inherited | {"PYTHONPATH": str(ROOT)},
        cwd=data.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def address(process: Process) -> str:
    """Where it says that it is, once it is ready."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(PATIENCE):
        while line := (await process.stdout.readline()).decode():
            said += line
            if found := re.fullmatch(r"Schoolgate is ready: (http://127\.0\.0\.1:\d+/)\n", line):
                return found[1]
    _, wrong = await process.communicate()
    pytest.fail(f"it never became ready:\n{said}{wrong.decode()}")


async def ended(process: Process, *how: signal.Signals) -> tuple[int, str, str]:
    """Exit code and what it said, once it has ended."""
    for name in how:
        process.send_signal(name)
    async with asyncio.timeout(PATIENCE):
        out, wrong = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), wrong.decode()


class Page:
    """The page, as a browser reads it."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client, self.url = client, url

    async def text(self) -> str:
        async with self.client.get(self.url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert answer.url.path == "/sandbox/"
            return await answer.text()

    async def view(self, person: str, channel: str = "") -> Any:  # noqa: ANN401 -- JSON
        params = {"as": person, "channel": channel}
        async with self.client.get(f"{self.url}sandbox/view", params=params) as answer:
            assert answer.status == 200
            return await answer.json()

    async def propose(self, person: str, account: str, text: str) -> Any:  # noqa: ANN401
        form = {
            "as": person,
            "post": (await self.view(person))["post"],
            "seen": 0,
            "accounts": [account],
            "text": text,
            "pictures": [],
            "goes_out": "",
        }
        said: Any = {"outcome": ""}
        async with asyncio.timeout(PATIENCE):
            # A busy machine says "not saved yet"; whoever asks again with the same form is told.
            while said["outcome"] not in {"done", "again"}:
                async with self.client.post(f"{self.url}sandbox/propose", json=form) as answer:
                    assert answer.status == 200
                    said = await answer.json()
                assert said["outcome"] in {"done", "again", "failed"}, said
        return said


@asynccontextmanager
async def opened(process: Process) -> AsyncIterator[Page]:
    url = await address(process)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as client:
        page = Page(client, url)
        await page.text()
        yield page


async def standing(page: Page) -> list[str]:
    """Which messages stand in a channel of each school, and with one person of each."""
    found: list[str] = []
    for person in ("okafor", "marsh"):
        lists = (await page.view(person, FACEBOOK))["lists"]
        found += [item["slot"] for item in (*lists["channel"], *lists["private"])]
    return found


@pytest.fixture
def data(sqlite_trust: Path, tmp_path: Path) -> Path:
    """A demo's folder with another story in it, which takes no time to tell."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(sqlite_trust, data / "schoolgate.db")
    (data / KEY_FILE).write_text(KEYS.to_text())
    (data / TOLD).touch()
    return data


async def test_a_newcomer_starts_it_twice(tmp_path: Path) -> None:
    """The story is told once, and what stands there stands there again."""
    data = tmp_path / "data"
    async with started(data) as process:
        async with opened(process) as page:
            assert "Fernhill Learning Trust" in await page.text()
            told = await standing(page)
        code, _, wrong = await ended(process, signal.SIGTERM)
    assert (code, "Traceback" in wrong) == (0, False), wrong
    assert len(told) > 6
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert modes[KEY_FILE] == modes["schoolgate.db"] == modes[TOLD] == 0o600

    async with started(data) as process, opened(process) as page:
        assert await standing(page) == told


@pytest.mark.ci
async def test_a_second_start_keeps_everything(data: Path) -> None:
    keys = (data / KEY_FILE).read_bytes()
    text = "The library opens at eight on Monday."
    async with started(data) as process:
        async with opened(process) as page:
            before = await standing(page)
            answer = await page.propose("reed", "oakfield-facebook", text)
            assert answer["outcome"] in {"done", "again"}
            await until_shown(page, text)
            changed = await standing(page)
        assert (await ended(process, signal.SIGTERM))[0] == 0
    assert changed != before

    async with started(data) as process:
        async with opened(process) as page:
            assert await standing(page) == changed
            await until_shown(page, text)
        assert (await ended(process, signal.SIGINT))[0] == 0
    assert (data / KEY_FILE).read_bytes() == keys


async def until_shown(page: Page, text: str) -> None:
    """Wait for card and message. The page's own stream says each time when to look again."""
    async with asyncio.timeout(PATIENCE), page.client.get(f"{page.url}sandbox/stream") as news:
        while True:
            lists = (await page.view("okafor", FACEBOOK))["lists"]
            shown = [any(text in item["html"] for item in lists[at]) for at in PLACES]
            if all(shown):
                return
            await news.content.readuntil(b"\n\n")


async def test_a_real_school_s_database_is_refused(tmp_path: Path) -> None:
    """Else invented people would act on true posts."""
    data = tmp_path / "data"
    data.mkdir()
    url = f"sqlite:///{data / 'schoolgate.db'}"
    schema.upgrade(url, stamp=Stamp.REAL, at=NOON)
    before = (data / "schoolgate.db").read_bytes()
    async with started(data) as process:
        code, out, wrong = await ended(process)
    assert code == CONFIGURATION
    assert "ready" not in out
    assert "This is a real database, and this start is for a demo one" in wrong
    assert "Traceback" not in wrong
    assert (data / "schoolgate.db").read_bytes() == before


@pytest.mark.ci
async def test_a_demo_that_was_stopped_half_made_is_not_served(data: Path) -> None:
    (data / TOLD).unlink()
    async with started(data) as process:
        code, out, wrong = await ended(process)
    assert code == CONFIGURATION
    assert "ready" not in out
    assert f"The demo in {data} was stopped half made. Remove it and try again." in wrong


@pytest.mark.ci
async def test_two_demos_on_one_folder_are_one_too_many(data: Path) -> None:
    async with started(data) as process:
        await address(process)
        async with started(data) as second:
            code, _, wrong = await ended(second)
        assert code == CONFIGURATION
        assert "Another schoolgate run is using" in wrong
        assert process.returncode is None


@pytest.mark.ci
async def test_a_busy_port_is_noticed_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started(tmp_path / "data", port) as process:
            code, _, wrong = await ended(process)
    assert code == 78
    assert f"Port {port} is in use" in wrong
    assert "PORT=8123 make demo" in wrong
    assert "--port 8123" in wrong
    assert not (tmp_path / "data").exists()
