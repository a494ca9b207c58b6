"""One of several instances that serve one database, with its clock ticking as in service."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from moderation.kernel import Accepted, Asked, PostId
from moderation.posts import commands as ask
from moderation.posts.model import Content
from tests.fakes.trust import FACEBOOK, OKAFOR, REED, identity
from tests.faults.worker import Deadly, application


if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.connection import Connection

    from bot.application import Application
    from tests.faults.worker import Plan


async def prepare(made: Application, due: list[datetime]) -> None:
    """One approved post for each moment; the clock is to release it then.

    Everybody knows of them already: what is measured is what falls due, not a morning's cards.
    """
    for number, moment in enumerate(due):
        post = PostId(f"due-{number}")
        text = f"The fair is on Saturday: {number}."
        content = Content(text=text, accounts=(FACEBOOK,), not_before=moment)
        for by, command in (
            (REED, ask.Propose(post=post, content=content)),
            (OKAFOR, ask.Approve(post=post, seen=1)),
        ):
            asked = Asked(by=identity(by), key=f"{by} {post}", at=made.clock.now())
            outcome = await made.service.do(command, asked)
            assert isinstance(outcome, Accepted), outcome
    await made.relay.drain(rounds=100 + len(due))


def main(plan: Plan, pipe: Connection) -> None:
    """Serve until it is killed."""

    async def run() -> None:
        made = application(plan, Deadly())
        await made.start()
        pipe.send("serving")
        await asyncio.Event().wait()

    with (Path(plan.folder) / "instances.jsonl").open("a", encoding="utf-8") as log:
        sys.stderr = log
        logs.configure(log, json=True)
        asyncio.run(run())
