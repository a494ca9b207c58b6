"""What a click in Slack costs, against the least that Bolt can do.

    python -m benchmarks.bench_slack [--clicks 200]

One process serves both, signed requests and all: our app, whose click is a yes to a post, and a
bare Bolt app whose listener acknowledges. Twenty clients press at once. What counts is how many
times as long an acknowledgement takes. The computing behind it is that of everything until all is
done, the invented Slack's own share included.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from storage import schema
from storage.database import Stamp
from tests.applications import Applications, _fill
from tests.bot.chat.office import SECRET, Office, opened
from tests.bot.chat.test_load import yes
from tests.fakes import slack_requests as ask
from tests.fakes.slack_api import BOT_TOKEN
from tests.fakes.trust import FACEBOOK, NOON, REED


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

CLIENTS = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds: the middle acknowledgement, and computing for one until all was done."""

    median: float
    spent: float


async def bare() -> web.Application:
    """Bolt with one listener, which does nothing."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=BOT_TOKEN)

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.action(re.compile(""))
    async def pressed(ack: AsyncAck) -> None:
        await ack()

    async def answer(request: web.Request) -> web.Response:
        told = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(told)

    served = web.Application()
    served.router.add_post(ask.PATH, answer)
    return served


async def speed(
    client: TestClient[web.Request, web.Application],
    presses: Sequence[ask.Sent],
    finish: Callable[[], Awaitable[None]] | None = None,
) -> Speed:
    """Twenty clients, until every press is acknowledged and what follows is done."""
    left, took = iter(presses), []
    before = process_time()

    async def somebody() -> None:
        for press in left:
            began = perf_counter()
            headers = press.headers(SECRET)
            async with client.post(ask.PATH, data=press.body, headers=headers) as answer:
                if answer.status != HTTPStatus.OK:
                    raise SystemExit(f"answered with {answer.status}")
            took.append(perf_counter() - began)

    await asyncio.gather(*(somebody() for _ in range(CLIENTS)))
    if finish is not None:
        await finish()
    spent = (process_time() - before) / len(presses)
    return Speed(sorted(took)[len(took) // 2] * 1e3, spent * 1e3)


async def clicks(office: Office, count: int) -> list[ask.Sent]:
    """A yes to each of so many posts."""
    posts = [
        await office.propose(REED, f"The fair has {number} stalls.", FACEBOOK)
        for number in range(count)
    ]
    return [yes(office, post) for post in posts]


async def measure(folder: Path, count: int) -> None:
    """Both, in one process on one SQLite file."""
    url = f"sqlite:///{folder / 'schoolgate.db'}"
    await asyncio.to_thread(schema.upgrade, url, stamp=Stamp.DEMO, at=NOON)
    await asyncio.to_thread(lambda: asyncio.run(_fill(url)))
    house = Applications(url, folder)
    async with opened(house) as office:
        presses = await clicks(office, count)
        client = TestClient(TestServer(await bare()))
        await client.start_server()
        least = await speed(client, presses)
        await client.close()
        ours = await speed(office.client, presses, office.quiet)
    print(f"acknowledged after {ours.median:.1f} ms, bare {least.median:.1f} ms; ", end="")
    print(f"{ours.median / least.median:.1f} times as long")
    print(
        f"  computing until the yes is stored and every card redrawn: {ours.spent:.1f} ms; ", end=""
    )
    print(f"bare: {least.spent:.1f} ms; {ours.spent / least.spent:.1f} times as much")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clicks", type=int, default=200)
    asked, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="schoolgate-bench-") as folder:
        asyncio.run(measure(Path(folder), asked.clicks))


if __name__ == "__main__":
    main()
