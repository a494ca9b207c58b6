"""What runs in a process that will be killed: people who ask, and the relay that delivers.

The process knows from a file what was answered; whatever has no answer is asked once more with the
same key, as a platform would. It first brings to its end what another left behind, then goes on.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from bot import logs
from bot.application import Application, Plugged
from bot.settings import load
from bot.wiring import build
from moderation.kernel import Asked, Platform, PostId, Refused
from moderation.posts import commands as ask
from moderation.posts.model import Content
from moderation.tallies.timing import room_for_all
from storage.database import Stamp
from storage.failpoints import Point
from tests.fakes.trust import BELL, FACEBOOK, NOON, OKAFOR, REED, X, identity
from tests.faults.outside import Lines, Outside


if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from moderation.kernel import PersonId
    from moderation.service import Command


ACCOUNTS = (FACEBOOK, X)
"""The first few of them, for each post."""
STEPS = ("proposed", "approved", "released", "posted", "told")
LAPSED = timedelta(seconds=120)
"""From one process's start to the next one's: the leases of the dead one are over by then."""


@dataclass(frozen=True)
class Arm:
    """Where to die: at the ``nth`` time that this point is reached by this kind of work."""

    point: Point
    kind: str
    nth: int


@dataclass(frozen=True)
class Plan:
    """``first`` is brought to its end unharmed up to there; what comes then may end in death.

    ``at`` is how far its clock is on, ``since`` when that was by the machine's steady clock (0: at
    its start). Unless it ``counts``, every post has its own card and messages, however many come.
    """

    url: str
    folder: str
    keys: str
    at: timedelta
    first: int
    last: int
    accounts: int = 1
    since: float = 0.0
    arm: Arm | None = None
    counts: bool = False


class Deadly:
    """Implements :class:`storage.failpoints.Failpoints`: the process ends at once, unasked."""

    def __init__(self) -> None:
        self.arm: Arm | None = None
        self.counted: Counter[tuple[Point, str]] = Counter()

    def begin(self, arm: Arm | None) -> None:
        self.arm = arm
        self.counted.clear()

    def reach(self, point: Point, kind: str) -> None:
        self.counted[point, kind] += 1
        if self.arm == Arm(point, kind, self.counted[point, kind]):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class LateClock:
    """The real time, moved to the trust's own day and as far on as the test wants."""

    start: datetime
    begun: float = 0.0

    def __post_init__(self) -> None:
        self.begun = self.begun or monotonic()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=monotonic() - self.begun)


def application(plan: Plan, deadly: Deadly) -> Application:
    """As ``schoolgate run`` composes it, with a chat and a publisher that outlive it."""
    environ = {
        "SCHOOLGATE_PATHS__DATA": plan.folder,
        "SCHOOLGATE_KEYS": plan.keys,
        "SCHOOLGATE_DATABASE__URL": plan.url,
        "SCHOOLGATE_DATABASE__AUTO_UPGRADE": "false",
    }
    with as_file(files("bot.demo").joinpath("app.yaml")) as config:
        settings = load(config, environ)
    outside = Outside(Path(plan.folder))

    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=outside.chat())

    made = build(
        settings,
        stamp=Stamp.DEMO,
        platforms={Platform.SANDBOX: connect},
        clock=LateClock(NOON + plan.at, plan.since),
        failpoints=deadly,
    )
    shop = made.relay.workshop
    counting = shop.counting if plan.counts else replace(shop.counting, has_room=room_for_all)
    made.relay.workshop = replace(shop, publisher=outside.publisher(), counting=counting)
    return made


class Work:
    """One post after the other, from its proposal until it is posted and everybody was told."""

    def __init__(self, made: Application, plan: Plan) -> None:
        self._made = made
        self._answers = Lines(Path(plan.folder) / "answers.jsonl")
        self._answered = {line["answer"] for line in self._answers.new()}
        self._accounts = ACCOUNTS[: plan.accounts]
        self._counts = plan.counts

    async def post(self, number: int) -> None:
        name = f"post-{number}"
        for step in STEPS:
            key = f"{name}:{step}"
            if key not in self._answered:
                await getattr(self, f"_{step}")(PostId(name))
                self._answers.append({"answer": key})
                self._answered.add(key)

    async def _proposed(self, post: PostId) -> None:
        content = Content(text=f"The fair is on Saturday: {post}.", accounts=self._accounts)
        await self._do(REED, ask.Propose(post=post, content=content))

    async def _approved(self, post: PostId) -> None:
        if self._counts:
            # A card counts what waits: nobody is told of what was decided before it was drawn.
            await self._made.relay.drain()
        await self._do(OKAFOR, ask.Approve(post=post, seen=1))

    async def _released(self, _post: PostId) -> None:
        await self._made.relay.drain()

    async def _posted(self, post: PostId) -> None:
        for account in self._accounts:
            url = f"https://{account}.example/{post}"
            command = ask.MarkPosted(post=post, seen=1, account=account, url=url)
            await self._do(BELL if account is FACEBOOK else REED, command)

    async def _told(self, _post: PostId) -> None:
        await self._made.relay.drain()

    async def _do(self, by: PersonId, command: Command) -> None:
        """Asked until it is answered; asked again, it has the same one effect."""
        account = getattr(command, "account", "")
        key = f"{by}:{type(command).__name__}:{getattr(command, 'post', '')}:{account}"
        asked = Asked(by=identity(by), key=key, at=self._made.clock.now())
        outcome = await self._made.service.do(command, asked)
        assert not isinstance(outcome, Refused), (key, sorted(outcome.codes))


async def _run(plan: Plan, pipe: Connection) -> None:
    deadly = Deadly()
    made = application(plan, deadly)
    await made.start()
    await made.pause(10)
    work = Work(made, plan)
    await made.relay.drain()
    for number in range(plan.first):
        await work.post(number)
    await made.relay.drain()
    deadly.begin(plan.arm)
    pipe.send("ready")
    for number in range(plan.first, plan.last):
        await work.post(number)
    pipe.send({f"{point}/{kind}": count for (point, kind), count in deadly.counted.items()})
    await made.stop(10)


def main(plan: Plan, pipe: Connection) -> None:
    """The process's own entry. Nothing else can arm a point."""
    with (Path(plan.folder) / "log.jsonl").open("a", encoding="utf-8") as log:
        sys.stderr = log
        logs.configure(log, json=True)
        asyncio.run(_run(plan, pipe))
