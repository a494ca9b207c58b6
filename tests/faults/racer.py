"""One of several processes in which people click at the same moment, round after round.

A round is one post on an account of its own. Mrs Okafor and Mr Lund say yes, each twice; Sam Reed,
who wrote it, tries it twice as well; somebody changes the words; Mrs Okafor's right is taken away;
and the clock of each process comes to release it. Then it is brought to its end by whoever still
may, and what the database holds is judged by a witness that knows nothing of the code.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bot import logs
from moderation.accounts.model import Account, MonthOrDay
from moderation.kernel import Accepted, AccountId, Asked, Conflict, PostId, Timer
from moderation.people.model import AccountRole, Grant
from moderation.posts import commands as ask
from moderation.posts.model import Content, State
from storage import delivery_tables as t, tables
from tests.fakes.trust import ADE, LUND, OAK, OKAFOR, REED, identity
from tests.faults.worker import Deadly, Plan, application


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Barrier

    from bot.application import Application
    from moderation.kernel import PersonId
    from moderation.service import Command, Outcome


Asks = ask.Propose | ask.Revise | ask.Approve
CHUNK: Final = 25
"""Rounds between two looks of the witness; each has its own account."""
AT_ONCE: Final = 2
"""Rounds that are under way at the same time: about twenty clicks."""
PATIENCE: Final = 300.0


@dataclass
class Tally:
    """What came of all rounds, in one process. Seconds are of whole decisions."""

    rounds: int = 0
    released: int = 0
    violations: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    lost_races: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    revoked: dict[int, float] = field(default_factory=dict)
    """When the right was gone for good, by the machine's one steady clock."""
    releasing: dict[int, float] = field(default_factory=dict)
    """When the release that succeeded was begun."""
    hers_alone: set[int] = field(default_factory=set)
    """Rounds that went out on no other yes than hers whose right was taken."""
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.rounds += other.rounds
        self.released += other.released
        self.violations += other.violations
        self.doubled += other.doubled
        self.stuck += other.stuck
        self.lost_races += other.lost_races
        self.revoked |= other.revoked
        self.releasing |= other.releasing
        self.hers_alone |= other.hers_alone
        self.outcomes += other.outcomes
        self.seconds += other.seconds

    def without_a_right(self) -> list[int]:
        """Rounds that were released on a right which had gone before that was begun."""
        return [
            number
            for number in sorted(self.hers_alone)
            if self.releasing[number] > self.revoked[number]
        ]

    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99) - 1]


@dataclass(frozen=True)
class Job:
    """``mine`` of ``of`` processes; each plays its share of every round."""

    plan: Plan
    rounds: int
    mine: int
    of: int
    seed: int


class Racer:
    """This process's share."""

    def __init__(self, made: Application, job: Job) -> None:
        self.made = made
        self.job = job
        self.tally = Tally()

    async def run(self, barrier: Barrier) -> None:
        if not self.job.mine:
            await self._open_accounts()
        for first in range(0, self.job.rounds, CHUNK):
            rounds = range(first, min(first + CHUNK, self.job.rounds))
            if not self.job.mine:
                await self._prepare(rounds)
            await asyncio.to_thread(barrier.wait, PATIENCE)
            await _some_at_once(self._round(number) for number in rounds)
            await asyncio.to_thread(barrier.wait, PATIENCE)
            mine = [number for number in rounds if number % self.job.of == self.job.mine]
            await _some_at_once(self._bring_to_its_end(number) for number in mine)
            await asyncio.to_thread(barrier.wait, PATIENCE)
            if not self.job.mine:
                await self._witness(rounds)

    # -- one round -----------------------------------------------------------------------------

    async def _round(self, number: int) -> None:
        """What this process has to do with it, in an order of its own."""
        post = post_of(number)
        everybody = random.Random(f"{self.job.seed} {number}")  # noqa: S311 -- the same for all
        editor = everybody.choice((REED, LUND))
        text = f"The fair is on Sunday: {post}."
        edit = ask.Revise(post=post, seen=1, content=_content(number, text))
        yes = ask.Approve(post=post, seen=1)
        asked: list[Callable[[], Awaitable[None]]] = [
            *[partial(self._do, OKAFOR, yes, "yes")] * 2,
            *[partial(self._do, LUND, yes, "yes")] * 2,
            *(partial(self._do, REED, yes, f"yes {attempt}") for attempt in range(2)),
            partial(self._do, editor, edit, "edit"),
            partial(self._revoke, number),
        ]
        everybody.shuffle(asked)
        mine = asked[self.job.mine :: self.job.of]
        await asyncio.gather(*(one() for one in mine), self._release(number))

    async def _revoke(self, number: int) -> None:
        async with self.made.units.write() as unit:
            await unit.people.save_grants(frozenset({account_of(number)}), _grants(number, (LUND,)))
            await unit.commit()
        self.tally.revoked[number] = monotonic()

    async def _release(self, number: int) -> None:
        """The clock of this process: whatever it finds, it may try."""
        before = monotonic()
        post = post_of(number)
        key = f"release {post} {self.job.mine} {before}"
        asked = Asked(by=Timer(), key=key, at=self.made.clock.now())
        outcome = await self._asked(asked, ask.Release(post=post))
        if isinstance(outcome, Accepted) and "post:released" in {
            event.tag for event in outcome.events
        }:
            self.tally.releasing[number] = before

    async def _do(self, by: PersonId, command: Asks, key: str) -> None:
        name = f"{by} {key} {command.post}"
        await self._asked(Asked(by=identity(by), key=name, at=self.made.clock.now()), command)

    async def _asked(self, asked: Asked, command: Command) -> Outcome | None:
        began = monotonic()
        try:
            outcome = await self.made.service.do(command, asked)
        except Conflict:
            # Three lost races in a row: the person is told, and nothing has changed.
            self.tally.lost_races += 1
            return None
        self.tally.seconds.append(monotonic() - began)
        self.tally.outcomes[f"{type(command).__name__} {type(outcome).__name__}"] += 1
        return outcome

    async def _bring_to_its_end(self, number: int) -> None:
        """The head may still say yes; nobody needs anything else."""
        post = post_of(number)
        for _ in range(3):
            async with self.made.units.read() as unit:
                stored = await unit.posts.get(post)
            assert stored is not None
            seen = stored[0].revision.number
            match stored[0].state:
                case State.IN_REVIEW:
                    await self._do(ADE, ask.Approve(post=post, seen=seen), f"end {seen}")
                case State.APPROVED:
                    await self._release(number)
                case _:
                    break

    # -- before and after ----------------------------------------------------------------------

    async def _open_accounts(self) -> None:
        async with self.made.units.write() as unit:
            await unit.accounts.save(
                tuple(
                    Account(
                        id=account_of(number),
                        school=OAK,
                        platform="facebook",
                        name=f"Race {number}",
                        opened_on=MonthOrDay(2020, 9, 1),
                    )
                    for number in range(CHUNK)
                )
            )
            await unit.commit()

    async def _prepare(self, rounds: range) -> None:
        async with self.made.units.write() as unit:
            for number in rounds:
                await unit.people.save_grants(
                    frozenset({account_of(number)}), _grants(number, (OKAFOR, LUND))
                )
            await unit.commit()
        for number in rounds:
            content = _content(number, f"The fair is on Saturday: {post_of(number)}.")
            await self._do(REED, ask.Propose(post=post_of(number), content=content), "propose")

    async def _witness(self, rounds: range) -> None:
        """Rows alone. Who wrote, who said yes to exactly these bytes, and what was given out."""
        posts = [post_of(number) for number in rounds]
        async with self.made.database.reading() as connection:

            async def rows(select: sa.Select[Any]) -> list[sa.Row[Any]]:
                return list(await connection.execute(select))

            revision, publication = tables.revision, tables.publication
            published = await rows(
                sa.select(
                    revision.c.post_id,
                    publication.c.revision_id,
                    publication.c.account_id,
                    publication.c.digest,
                )
                .join(revision, revision.c.id == publication.c.revision_id)
                .where(revision.c.post_id.in_(posts))
            )
            ids = [row.revision_id for row in published]
            hands = await rows(sa.select(tables.hand).where(tables.hand.c.revision_id.in_(ids)))
            approvals = await rows(
                sa.select(tables.approval).where(tables.approval.c.revision_id.in_(ids))
            )
            handed = await rows(
                sa.select(t.effect.c.subject_id, sa.func.count().label("often"))
                .where(t.effect.c.kind == "hand_out", t.effect.c.subject_id.in_(posts))
                .group_by(t.effect.c.subject_id)
            )
            standing = sa.select(tables.post.c.id, tables.post.c.state)
            now = await rows(standing.where(tables.post.c.id.in_(posts)))
        states = {row.id: row.state for row in now}
        self._count(posts, states, published, handed)
        for row in published:
            self._judge(row, hands, approvals)

    def _count(
        self,
        posts: list[PostId],
        states: dict[str, str],
        published: list[sa.Row[Any]],
        handed: list[sa.Row[Any]],
    ) -> None:
        """How often each was published and handed out, and which came to no end."""
        tally = self.tally
        tally.rounds += len(posts)
        count = Counter(row.post_id for row in published)
        tally.doubled += [
            f"{post}: {often} publications" for post, often in count.items() if often > 1
        ]
        tally.doubled += [
            f"{row.subject_id}: handed out {row.often} times" for row in handed if row.often > 1
        ]
        tally.stuck += [f"{post}: {states.get(post)}" for post in posts if count[post] != 1]
        tally.released += sum(states.get(post) == State.RELEASED for post in posts)

    def _judge(
        self, row: sa.Row[Any], hands: list[sa.Row[Any]], approvals: list[sa.Row[Any]]
    ) -> None:
        """Whether one publication has an author, and the yes of somebody else to its bytes."""
        authors = {
            hand.person_id
            for hand in hands
            if hand.revision_id == row.revision_id and hand.capacity == "author"
        }
        yes = {
            approval.person_id
            for approval in approvals
            if approval.revision_id == row.revision_id and approval.digest == row.digest
        }
        if not authors or not yes - authors:
            self.tally.violations.append(f"{row.post_id}: {sorted(authors)} {sorted(yes)}")
        if yes - authors == {OKAFOR}:
            self.tally.hers_alone.add(number_of(row.post_id))


async def _some_at_once(work: Iterable[Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Awaitable[None]) -> None:
        async with gate:
            await item

    await asyncio.gather(*map(one, work))


def post_of(number: int) -> PostId:
    return PostId(f"race-{number:05d}")


def number_of(post: str) -> int:
    return int(post.removeprefix("race-"))


def account_of(number: int) -> AccountId:
    return AccountId(f"race-{number % CHUNK:02d}")


def _content(number: int, text: str) -> Content:
    return Content(text=text, accounts=(account_of(number),))


def _grants(number: int, moderators: tuple[PersonId, ...]) -> tuple[Grant, ...]:
    account = account_of(number)
    return (
        Grant(account=account, person=REED, role=AccountRole.POSTER),
        *(Grant(account=account, person=one, role=AccountRole.MODERATOR) for one in moderators),
    )


def main(job: Job, barrier: Barrier, pipe: Connection) -> None:
    """The process's own entry."""

    async def run() -> Tally:
        made = application(replace(job.plan, at=timedelta()), Deadly())
        await made.database.open()
        try:
            await made.units.store_packs()
            racer = Racer(made, job)
            await racer.run(barrier)
            return racer.tally
        finally:
            await made.database.close()

    with (Path(job.plan.folder) / f"race-{job.mine}.jsonl").open("a", encoding="utf-8") as log:
        sys.stderr = log
        logs.configure(log, json=True)
        try:
            pipe.send(asyncio.run(run()))
        except BaseException as error:
            barrier.abort()
            pipe.send(repr(error))
            raise
