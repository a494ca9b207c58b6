"""Serve the page with the fake door: ``python -m tests.fakes.sandbox_page --port 8123``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.sandbox.app import build
from adapters.sandbox.chat import SandboxChat
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, Identity, Platform, PostId
from moderation.posts import commands as ask
from moderation.posts.model import Attachment, Content
from tests.fakes.chat import FakeIds, FakeJournal
from tests.fakes.door import FakeDoor
from tests.fakes.painting import painting


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- this is the clock


async def example() -> tuple[FakeDoor, SandboxChat]:
    """A morning's posts in several states."""
    chat = await SandboxChat.open(FakeJournal(), WallClock(), FakeIds())
    door = FakeDoor(chat)
    reed, lund, okafor = (Identity(Platform.SANDBOX, who) for who in ("reed", "lund", "okafor"))
    facebook = (AccountId("oakfield-facebook"),)

    async def propose(post: str, text: str, by: Identity, **more: object) -> None:
        content = Content(text=text, accounts=facebook, **more)  # type: ignore[arg-type]
        await door.do(ask.Propose(post=PostId(post), content=content), by=by, key=post)

    await propose("01A", "Our book fair opens on Thursday at 15:30. Everybody is welcome!", reed)
    await door.do(ask.Approve(post=PostId("01A"), seen=1), by=lund, key="a")
    await door.do(ask.MarkPosted(post=PostId("01A"), seen=1, account=facebook[0]), by=reed, key="p")
    picture = await door.upload(painting(), file_name="field.png", by=okafor)
    assert not hasattr(picture, "sentences")
    await propose(
        "01B",
        "Sports day is on. Bring water and a hat.\nTimes: https://oakfield.example/sports",
        okafor,
        attachments=(Attachment(blob=picture.blob, alt="Our field under a clear sky"),),
        pictured=Pictured(Who.NOBODY),
    )
    return door, chat


async def serve(port: int) -> None:
    door, chat = await example()
    page = build(
        door,
        chat,
        clock=WallClock(),
        ids=FakeIds(1000),
        zone=ZoneInfo("Europe/London"),
        title="Fernhill Learning Trust",
    )
    runner = web.AppRunner(page)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    bound = runner.addresses[0][1]
    print(f"Schoolgate is ready: http://127.0.0.1:{bound}/", flush=True)  # noqa: T201
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8123)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().port))
