"""The server begins, says where it is, and ends in order."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.faults import CannotListen
from bot.lifecycle import serve
from tests.bot.installation import secrets, write_settings


if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[2]
PATIENCE = 20


# -- a process of its own ------------------------------------------------------------------------


@asynccontextmanager
async def process(folder: Path) -> AsyncIterator[tuple[Process, str]]:
    """A server that is ready, and its address."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.serving",
        str(write_settings(folder)),
        env=inherited | secrets() | {"SCHOOLGATE_LISTEN__PORT": "0", "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            line = (await started.stdout.readline()).decode()
        found = re.fullmatch(r"Schoolgate is ready: (http://127\.0\.0\.1:\d+/)\n", line)
        assert found, line or (await rest(started))
        yield started, found[1]
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def rest(started: Process) -> str:
    assert started.stderr is not None
    return (await started.stderr.read()).decode()


async def heard(started: Process, event: str) -> None:
    """Wait until the log says so."""
    assert started.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while line := await started.stderr.readline():
            if json.loads(line)["event"] == event:
                return
    pytest.fail(f"{event} was never logged")


async def status(url: str, path: str) -> int:
    async with aiohttp.ClientSession() as client, client.get(url + path) as answer:
        return answer.status


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(tmp_path: Path, name: signal.Signals) -> None:
    async with process(tmp_path) as (started, url):
        assert await status(url, "healthz") == 200
        assert await status(url, "readyz") == 200
        started.send_signal(name)
        said = await rest(started)
        assert await started.wait() == 0
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert events[-2:] == ["server.stopping", "server.stopped"]
    assert "Traceback" not in said


def port_of(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])


async def half_a_request(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(url))
    writer.write(
        b"POST /pages/read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
        b"Expect: 100-continue\r\n\r\n"
    )
    # The handler is at work: it asks for the body.
    assert (await reader.readline()).startswith(b"HTTP/1.1 100")
    await reader.readline()
    writer.write(b"first")
    return reader, writer


@pytest.mark.ci
async def test_what_is_being_answered_comes_to_its_end(tmp_path: Path) -> None:
    async with process(tmp_path) as (started, url):
        idle, idle_writer = await asyncio.open_connection("127.0.0.1", port_of(url))
        reader, writer = await half_a_request(url)
        started.send_signal(signal.SIGTERM)
        await heard(started, "server.stopping")
        # Were it ending too early, it would close idle connections now, and read no more of ours.
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await idle.read()
        idle_writer.close()
        writer.write(b" last")
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"first last")
        assert await started.wait() == 0


@pytest.mark.ci
async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    async with process(tmp_path) as (started, url):
        _reader, writer = await half_a_request(url)
        started.send_signal(signal.SIGTERM)
        await heard(started, "server.stopping")
        started.send_signal(signal.SIGTERM)
        assert await started.wait() == -signal.SIGTERM
        writer.close()


# -- in this process -----------------------------------------------------------------------------


@dataclass
class Steps:
    """An application that notes what is asked of it, and whether it is still listened on."""

    steps: list[str] = field(default_factory=list)
    web: web.Application = field(default_factory=web.Application)
    fault: Exception | None = None
    url: str = ""

    async def start(self) -> None:
        self.steps.append("start")
        if self.fault is not None:
            raise self.fault

    def serving(self) -> None:
        self.steps.append("serving")

    def quiesce(self) -> None:
        self.steps.append("quiesce")

    async def pause(self, seconds: float) -> None:
        assert seconds == 10
        self.steps.append("pause")
        with pytest.raises(aiohttp.ClientConnectorError):
            await status(self.url, "")

    async def stop(self, seconds: float) -> None:
        assert 0 < seconds <= 15
        self.steps.append("stop")


async def test_the_order_of_the_ending() -> None:
    application, stop = Steps(), asyncio.Event()

    def ready(url: str) -> None:
        application.url = url
        application.steps.append("ready")
        stop.set()

    await serve(application, "127.0.0.1", 0, stop=stop, ready=ready)
    assert application.steps == ["start", "serving", "ready", "quiesce", "pause", "stop"]


async def test_a_start_that_fails_closes_what_was_opened() -> None:
    application = Steps(fault=RuntimeError())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(RuntimeError):
        await serve(application, "127.0.0.1", port, stop=asyncio.Event())
    assert application.steps == ["start", "stop"]
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_in_use_is_one_sentence_and_nothing_is_started() -> None:
    application = Steps()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            await serve(application, "127.0.0.1", port, stop=asyncio.Event())
    assert str(refused.value) == (
        f"Port {port} is in use by another program. Stop that one, or choose another port."
    )
    assert application.steps == []


async def test_an_address_of_another_machine_is_one_sentence() -> None:
    with pytest.raises(CannotListen, match=r"no address 192\.0\.2\.1 to listen on"):
        await serve(Steps(), "192.0.2.1", 0, stop=asyncio.Event())
