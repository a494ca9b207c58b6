"""The server's own part: health, limits, headers, and plain sentences where something fails."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.logs import configure
from bot.readiness import Readiness
from bot.web import IN_PARTS, LARGEST_REQUEST, AccessLog, build


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NAME = "Zephyrine Quill"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure(stream)
    return stream


async def broken(_request: web.Request) -> web.Response:
    raise RuntimeError(NAME)


async def cut_short(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"half")
    raise RuntimeError(NAME)


async def read(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def refuse(_request: web.Request) -> web.Response:
    raise web.HTTPForbidden(text="This page asked from elsewhere.")


async def styled(_request: web.Request) -> web.Response:
    return web.Response(headers={"Content-Security-Policy": "default-src 'self'"})


@asynccontextmanager
async def served(*missing: str) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def readiness() -> tuple[str, ...]:
        return missing

    app = build(readiness)
    below = web.Application()
    below.router.add_get("/broken", broken)
    below.router.add_get("/cut", cut_short)
    below.router.add_post("/read", read)
    below.router.add_get("/refuse", refuse)
    below.router.add_get("/styled/{token}", styled)
    app.add_subapp("/platform", below)
    server = TestServer(app)
    await server.start_server(access_log_class=AccessLog)
    async with TestClient(server) as client:
        yield client


async def test_alive_says_that_and_nothing_else() -> None:
    async with served("database") as client, client.get("/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"alive": True}


@pytest.mark.parametrize(("missing", "status"), [((), 200), (("clock", "schema"), 503)])
async def test_ready_names_what_is_missing(missing: tuple[str, ...], status: int) -> None:
    async with served(*missing) as client, client.get("/readyz") as answer:
        assert answer.status == status
        assert await answer.json() == {
            "ready": not missing,
            "missing": list(missing),
            "concerns": [],
        }


@pytest.mark.parametrize(
    "path", ["/healthz", "/none", "/platform/broken", "/platform/refuse", "/platform/styled/x"]
)
async def test_every_answer_has_the_headers_and_no_version(path: str) -> None:
    async with served() as client, client.get(path) as answer:
        assert answer.headers["Server"] == "Schoolgate"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src" in answer.headers["Content-Security-Policy"]


async def test_a_page_may_choose_its_own_policy() -> None:
    async with served() as client, client.get("/platform/styled/x") as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'self'"


async def test_a_failure_is_a_plain_sentence_with_the_id_that_the_log_has(log: io.StringIO) -> None:
    async with (
        served() as client,
        client.get("/platform/broken?q=1", headers={"Accept": "text/html"}) as answer,
    ):
        assert answer.status == 500
        assert answer.content_type == "text/plain"
        said = await answer.text()
    assert "Traceback" not in said
    assert NAME not in said
    failed, answered = (json.loads(line) for line in log.getvalue().splitlines())
    assert failed["event"] == "web.failed"
    assert failed["error"] == "RuntimeError"
    assert failed["request"] in said
    assert answered["request"] == failed["request"]
    assert NAME not in log.getvalue()


async def test_half_an_answer_is_cut_off(log: io.StringIO) -> None:
    async with served() as client:
        with pytest.raises(Exception, match="payload"):
            await (await client.get("/platform/cut")).read()
    assert "web.cut_short" in log.getvalue()
    assert NAME not in log.getvalue()


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/none", 404, "There is nothing at this address."),
        ("POST", "/healthz", 405, "This address can't be used in that way."),
        ("GET", "/platform/refuse", 403, "This page asked from elsewhere."),
    ],
)
async def test_a_refusal_is_a_plain_sentence(
    method: str, path: str, status: int, said: str
) -> None:
    async with served() as client, client.request(method, path) as answer:
        assert (answer.status, await answer.text()) == (status, said)


async def test_too_large_is_refused_before_it_is_read() -> None:
    async with served() as client:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        head = f"POST /platform/read HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_REQUEST + 1}"
        writer.write(f"{head}\r\n\r\n".encode())
        async with asyncio.timeout(5):
            assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()


async def test_a_route_that_reads_in_parts_reads_more() -> None:
    async def counted(request: web.Request) -> web.Response:
        read = 0
        async for chunk in request.content.iter_any():
            read += len(chunk)
        return web.Response(text=str(read))

    async def ready() -> tuple[str, ...]:
        return ()

    app = build(ready)
    app.router.add_post("/long", counted, name=IN_PARTS)
    app.router.add_post("/short", counted)
    content = bytes(LARGEST_REQUEST + 1)
    async with TestClient(TestServer(app)) as client:
        async with client.post("/long", data=io.BytesIO(content)) as answer:
            assert (answer.status, await answer.text()) == (200, str(len(content)))
        async with client.post("/short", data=io.BytesIO(content)) as answer:
            assert answer.status == 413


async def test_too_large_is_refused_when_nobody_said_how_long() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_REQUEST // 2**20 + 1):
            yield bytes(2**20)

    async with served() as client, client.post("/platform/read", data=endless()) as answer:
        assert answer.status == 413
        assert await answer.text() == "This is too large: 42 megabytes is the most."


async def test_the_access_log_has_the_route_and_never_the_address(log: io.StringIO) -> None:
    async with served() as client:
        for path in ("/platform/styled/SECRET?q=SECRET", "/SECRET", "/", "/healthz", "/readyz"):
            await (await client.get(path)).read()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["method"], line["route"], line["http_status"]) for line in lines] == [
        ("GET", "platform/styled/:token", 200),
        ("GET", "none", 404),
        ("GET", "none", 404),
    ]
    assert "SECRET" not in log.getvalue()


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nA b: c\r\n\r\n"]
)
async def test_what_is_no_http_is_refused_without_a_traceback(raw: bytes) -> None:
    async with served() as client:
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(raw + b"\r\n\r\n")
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
    assert b" 400 " in answer
    assert b"Traceback" not in answer


# -- readiness -----------------------------------------------------------------------------------


class Store:
    def __init__(self) -> None:
        self.found: tuple[str, ...] = ()
        self.looks = 0

    async def look(self) -> tuple[str, ...]:
        self.looks += 1
        return self.found


async def test_readiness_names_the_state_the_store_and_the_clock() -> None:
    store, age = Store(), 0.0
    ready = Readiness(store=store.look, tick_age=lambda: age, now=lambda: 0.0)
    assert await ready.missing() == ("starting",)
    ready.state = "serving"
    assert await ready.missing() == ()
    age = 60.0
    assert await ready.missing() == ("clock",)
    ready.state = "stopping"
    assert await ready.missing() == ("stopping",)


async def test_a_crowd_of_probes_looks_once_in_five_seconds() -> None:
    store, now = Store(), 100.0
    ready = Readiness(store=store.look, tick_age=lambda: 0, now=lambda: now, state="serving")
    store.found = ("guards",)
    assert set(await asyncio.gather(*(ready.missing() for _ in range(50)))) == {("guards",)}
    assert store.looks == 1
    store.found = ()
    now = 105.0
    assert await ready.missing() == ("guards",)
    now = 105.1
    assert await ready.missing() == ()
    assert store.looks == 2


async def test_a_store_that_does_not_answer_is_missing() -> None:
    async def stuck() -> tuple[str, ...]:
        await asyncio.Event().wait()
        return ()

    ready = Readiness(store=stuck, tick_age=lambda: 0, slowest=0.01, state="serving")
    assert await ready.missing() == ("database",)
