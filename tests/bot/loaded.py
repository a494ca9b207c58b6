"""A server that decides: ``python -m tests.bot.loaded APP_YAML``, for tests of its ending.

Its page proposes a post for the author that the register has, and answers once it is committed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aiohttp import web

from bot import lifecycle, logs
from bot.application import Application, Plugged
from bot.settings import load
from bot.wiring import build
from moderation.kernel import Accepted, Asked, Identity, Platform, PostId
from moderation.posts.commands import Propose
from moderation.posts.model import Content
from storage.database import Stamp
from tests.bot.test_wiring import populate
from tests.fakes.chat import FakeChat
from tests.fakes.samples import ANN, PAGE


async def connect(application: Application) -> Plugged:
    async with application.units.read() as unit:
        known = await unit.people.get(ANN)
    if known is None:
        await populate(application)

    async def propose(request: web.Request) -> web.Response:
        post = PostId(application.ids.new())
        number = (await request.read()).decode()
        outcome = await application.service.do(
            Propose(
                post=post, content=Content(text=f"Fair number {number} is open.", accounts=(PAGE,))
            ),
            Asked(
                by=Identity(Platform.SLACK, f"U-{ANN}"),
                key=f"propose:{post}",
                at=application.clock.now(),
            ),
        )
        application.wake()
        assert isinstance(outcome, Accepted), outcome
        return web.Response(text=post)

    pages = web.Application()
    pages.router.add_post("/propose", propose)
    return Plugged(chat=FakeChat(Platform.SLACK), pages=pages, prefix="/pages/")


def main() -> None:
    logs.configure(sys.stderr)
    settings = load(Path(sys.argv[1]), os.environ)
    application = build(settings, stamp=Stamp.REAL, platforms={Platform.SLACK: connect})
    lifecycle.run(application, settings.listen.host, settings.listen.port)


if __name__ == "__main__":
    main()
