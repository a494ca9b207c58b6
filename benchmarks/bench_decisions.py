"""Decisions a second, against the least that a web handler with a database can do.

    python -m benchmarks.bench_decisions [--decisions 300] [--profile]

Both are served by one process on one database, to twenty clients at once from another process: a
yes to a post, with its rights, checks, audit and effects; and a bare handler that parses the same
JSON and inserts one row. What counts is their ratio; the machine's speed falls out of it.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import hashlib
import multiprocessing
import pstats
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from moderation.kernel import Accepted, Asked, PostId
from moderation.posts import commands as ask
from moderation.posts.model import Content
from storage import delivery_tables as t, schema
from storage.database import Stamp
from tests.applications import KEYS, _fill
from tests.databases import PostgresServer
from tests.fakes.trust import FACEBOOK, NOON, OKAFOR, REED, identity
from tests.faults.worker import Deadly, Plan, application


if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from bot.application import Application

CLIENTS = 20
ROUNDS = 3
TOP = 25
context = multiprocessing.get_context("forkserver")


@contextmanager
def databases() -> Iterator[dict[str, Plan]]:
    """A SQLite file and a PostgreSQL, each with an invented trust in it."""
    folder = Path(tempfile.mkdtemp(prefix="schoolgate-bench-"))
    server = PostgresServer()
    try:
        urls = {
            "SQLite": f"sqlite:///{folder / 'schoolgate.db'}",
            "PostgreSQL": server.url(server.create()),
        }
        plans = {}
        for name, url in urls.items():
            schema.upgrade(url, stamp=Stamp.DEMO, at=NOON)
            asyncio.run(_fill(url))
            plans[name] = Plan(
                url=url, folder=str(folder), keys=KEYS.to_text(), at=timedelta(), first=0, last=0
            )
        yield plans
    finally:
        server.stop()
        shutil.rmtree(folder)


async def propose(made: Application, numbers: range) -> None:
    """One post for each number, in front of those who may say yes."""
    for number in numbers:
        post = PostId(f"bench-{number}")
        content = Content(text=f"The fair is on Saturday: {number}.", accounts=(FACEBOOK,))
        asked = Asked(by=identity(REED), key=f"propose {post}", at=made.clock.now())
        await made.service.do(ask.Propose(post=post, content=content), asked)


async def decide(made: Application, post: str) -> bool:
    """A yes, all the way; whether it counted."""
    asked = Asked(by=identity(OKAFOR), key=f"yes {post}", at=made.clock.now())
    outcome = await made.service.do(ask.Approve(post=PostId(post), seen=1), asked)
    return isinstance(outcome, Accepted)


async def serve(plan: Plan, count: int, pipe: Connection) -> None:
    """Both handlers, until somebody says that it is enough."""
    made = application(plan, Deadly())
    await made.database.open()
    await made.units.store_packs()
    await propose(made, range(count))

    async def decided(request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response({"done": await decide(made, body["post"])})

    async def bare(request: web.Request) -> web.Response:
        body = await request.json()
        key = hashlib.sha256(f"{body['post']}{secrets.token_hex(8)}".encode()).hexdigest()
        async with made.database.writing() as connection:
            row = {"key_digest": key, "at": made.clock.now()}
            await connection.execute(t.inbox.insert(), row)
            await connection.commit()
        return web.json_response({"done": True})

    async def spent(_request: web.Request) -> web.Response:
        return web.json_response({"seconds": process_time()})

    app = web.Application()
    app.router.add_get("/spent", spent)
    app.router.add_post("/decide", decided)
    app.router.add_post("/bare", bare)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    pipe.send(runner.addresses[0][1])
    await asyncio.to_thread(pipe.recv)
    await runner.cleanup()
    await made.database.close()


def server(plan: Plan, count: int, pipe: Connection) -> None:
    """The serving process's own entry."""
    asyncio.run(serve(plan, count, pipe))


@dataclass(frozen=True, slots=True)
class Speed:
    """``spent`` is the serving process's own seconds of computing for one request."""

    per_second: float
    spent: float


async def speed(port: int, path: str, posts: list[str]) -> Speed:
    """Requests answered to twenty clients."""
    left = iter(posts)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

        async def computed() -> float:
            async with session.get("/spent") as answer:
                return float((await answer.json())["seconds"])

        async def client() -> None:
            for post in left:
                async with session.post(path, json={"post": post}) as answer:
                    if not (await answer.json())["done"]:
                        raise SystemExit(f"{path} did nothing for {post}")

        before, began = await computed(), perf_counter()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        took = perf_counter() - began
        return Speed(len(posts) / took, (await computed() - before) / len(posts))


def compared(plan: Plan, count: int) -> tuple[Speed, Speed]:
    """Decisions and bare inserts: the median round of each, taken in turns."""
    ours, its = context.Pipe()
    process = context.Process(target=server, args=(plan, count, its), daemon=True)
    process.start()
    port = ours.recv()
    share = count // ROUNDS
    decisions, inserts = [], []
    for number in range(ROUNDS):
        posts = [f"bench-{post}" for post in range(number * share, (number + 1) * share)]
        inserts.append(asyncio.run(speed(port, "/bare", posts)))
        decisions.append(asyncio.run(speed(port, "/decide", posts)))
    ours.send("enough")
    process.join(30)
    return _median(decisions), _median(inserts)


def _median(rounds: list[Speed]) -> Speed:
    return sorted(rounds, key=lambda one: one.per_second)[ROUNDS // 2]


def profile(plan: Plan, count: int) -> None:
    """Where a decision's time goes: the functions with the most time of their own."""

    async def run() -> None:
        made = application(plan, Deadly())
        await made.database.open()
        first = 100_000
        await propose(made, range(first, first + count))
        profiler = cProfile.Profile()
        profiler.enable()
        for number in range(first, first + count):
            await decide(made, f"bench-{number}")
        profiler.disable()
        await made.database.close()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(TOP)

    asyncio.run(run())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=300)
    parser.add_argument("--profile", action="store_true")
    asked, _ = parser.parse_known_args()
    with databases() as plans:
        for name, plan in plans.items():
            decisions, inserts = compared(plan, asked.decisions)
            print(f"{name}: {decisions.per_second:,.0f} decisions a second; ", end="")
            print(f"{inserts.per_second:,.0f} bare inserts a second; ", end="")
            print(f"{decisions.per_second / inserts.per_second:.2f} of bare")
            print(f"  computing for one: {decisions.spent * 1e3:.1f} ms; ", end="")
            print(f"bare: {inserts.spent * 1e3:.1f} ms; {inserts.spent / decisions.spent:.2f}")
            if asked.profile:
                profile(plan, asked.decisions // 3)


if __name__ == "__main__":
    main()
