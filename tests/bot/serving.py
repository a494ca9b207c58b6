"""A server for tests of its ending: ``python -m tests.bot.serving APP_YAML``.

Its one page reads what it gets. Keys come from the environment, as for ``schoolgate run``; its
chat is one in memory.
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
from moderation.kernel import Platform
from storage.database import Stamp
from tests.fakes.chat import FakeChat


async def read(request: web.Request) -> web.Response:
    return web.Response(text=(await request.read()).decode())


async def connect(_application: Application) -> Plugged:
    pages = web.Application()
    pages.router.add_post("/read", read)
    return Plugged(chat=FakeChat(Platform.SLACK), pages=pages, prefix="/pages/")


def main() -> None:
    logs.configure(sys.stderr)
    settings = load(Path(sys.argv[1]), os.environ)
    application = build(settings, stamp=Stamp.REAL, platforms={Platform.SLACK: connect})
    lifecycle.run(application, settings.listen.host, settings.listen.port)


if __name__ == "__main__":
    main()
