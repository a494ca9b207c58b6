"""``schoolgate health``: what a container asks every half minute."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.cli import execute
from bot.web import build
from tests.bot.installation import write_settings


if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[int]:
    """The port that it is served on."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def schoolgate(*missing: str, concerns: tuple[str, ...] = ()) -> web.Application:
    async def readiness() -> tuple[str, ...]:
        return missing

    return build(readiness, lambda: concerns)


def another_program(text: str) -> web.Application:
    async def anything(_request: web.Request) -> web.Response:
        return web.Response(text=text)

    app = web.Application()
    app.router.add_get("/{path:.*}", anything)
    return app


async def asked(folder: Path, port: int, said: Said, host: str = "127.0.0.1") -> tuple[int, str]:
    config = write_settings(folder)
    config.write_text(f"{config.read_text()}listen: {{ host: '{host}', port: {port} }}\n")
    code = await asyncio.to_thread(execute, ["health", "--config", str(config)])
    out, err = said.readouterr()
    return code, out + err


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 -- a setting
async def test_a_server_that_is_ready(tmp_path: Path, capsys: Said, host: str) -> None:
    async with served(schoolgate()) as port:
        assert await asked(tmp_path, port, capsys, host) == (0, "Schoolgate is ready.\n")


async def test_what_should_be_looked_at_is_said_of_a_server_that_is_ready(
    tmp_path: Path, capsys: Said
) -> None:
    async with served(schoolgate(concerns=("record", "checkpoints"))) as port:
        code, said = await asked(tmp_path, port, capsys)
    assert code == 0
    assert said.splitlines() == [
        "Schoolgate is ready.",
        "The record doesn't check. See: schoolgate audit verify",
        "A place can't be given its checkpoints. See: schoolgate doctor",
    ]


async def test_a_server_that_is_not(tmp_path: Path, capsys: Said) -> None:
    said = (
        "Schoolgate is not ready: its database doesn't take a write; "
        "its clock has not ticked for a minute.\n"
    )
    async with served(schoolgate("database", "clock")) as port:
        assert await asked(tmp_path, port, capsys) == (1, said)


@pytest.mark.parametrize("text", ["hello", "[]", "{}", '{"missing": 3}', "null"])
async def test_another_program(tmp_path: Path, capsys: Said, text: str) -> None:
    async with served(another_program(text)) as port:
        assert await asked(tmp_path, port, capsys) == (
            1,
            f"What answers on port {port} isn't Schoolgate.\n",
        )


async def test_nothing_there(tmp_path: Path, capsys: Said) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert await asked(tmp_path, port, capsys) == (
        1,
        f"Nothing answers on port {port}. Start it with: schoolgate run\n",
    )


async def test_any_free_port_cannot_be_asked(tmp_path: Path, capsys: Said) -> None:
    code, said = await asked(tmp_path, 0, capsys)
    assert code == 78
    assert said.startswith("Any free port is set")
