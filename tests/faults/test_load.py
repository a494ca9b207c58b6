"""Many at once: everybody waits a little, nobody is refused for it, and nothing is half done.

Full: ten thousand transactions, a thousand cancellations, and twenty people who go on clicking.
"""

from __future__ import annotations

import asyncio
import os
import random
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import (
    Accepted,
    Asked,
    Conflict,
    Platform,
    PostId,
    Refused,
    Repeated,
    SubjectRef,
)
from moderation.ports import Conversation
from moderation.posts import commands as ask
from moderation.posts.model import POST, Content
from storage import delivery_tables as t, tables
from tests.bot.relay.world import World, world as open_world
from tests.fakes.trust import FACEBOOK, LUND, NOON, OKAFOR, REED, identity
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from moderation.kernel import PersonId
    from moderation.service import Command
    from tests.applications import Applications

    Figures = Callable[[str, object], None]

pytestmark = pytest.mark.postgres

SIZE = os.environ.get("SIZE", "quick")
TRANSACTIONS = {"quick": 100, "ci": 400, "full": 10_000}[SIZE]
CANCELLATIONS = {"quick": 20, "ci": 40, "full": 1_000}[SIZE]
CLICKS = {"quick": 40, "ci": 60, "full": 1_000}[SIZE]
INBOUND = {"quick": 6, "ci": 12, "full": 100}[SIZE]
AT_ONCE = 20
SLOWEST = {"sqlite": 0.5, "postgresql": 0.25}
"""Seconds for 99 of 100 decisions; asked for at full size alone."""
SEED = 20261121


@pytest.fixture
async def world(applications: Applications) -> World:
    return await open_world(applications)


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[max(0, int(len(seconds) * 0.99) - 1)]


async def by_twenty(work: list[Callable[[], Awaitable[None]]]) -> None:
    """As many people, each doing one thing after the other."""
    left = iter(work)

    async def person() -> None:
        for one in left:
            await one()

    await asyncio.gather(*(person() for _ in range(AT_ONCE)))


def proposal(number: int, by: PersonId = REED) -> tuple[Command, Asked]:
    post = PostId(f"post-{number}")
    content = Content(text=f"The fair is on Saturday: {number}.", accounts=(FACEBOOK,))
    return ask.Propose(post=post, content=content), click(by, f"propose {post}")


def click(by: PersonId, key: str) -> Asked:
    return Asked(by=identity(by), key=f"{by} {key}", at=NOON)


async def test_twenty_people_click_at_once(
    world: World, trust_database: str, record_property: Figures
) -> None:
    service = world.application.service
    for number in range(CLICKS):
        await service.do(*proposal(number))
    seconds: list[float] = []

    def approves(number: int) -> Callable[[], Awaitable[None]]:
        async def approve() -> None:
            began = perf_counter()
            command = ask.Approve(post=PostId(f"post-{number}"), seen=1)
            outcome = await service.do(command, click(OKAFOR, f"yes {number}"))
            seconds.append(perf_counter() - began)
            assert isinstance(outcome, Accepted)

        return approve

    await by_twenty([approves(number) for number in range(CLICKS)])
    record_property("decisions by twenty at once", len(seconds))
    record_property("p99 decision, milliseconds", round(p99(seconds) * 1000))
    assert len(seconds) == CLICKS
    if SIZE == "full":
        assert p99(seconds) <= SLOWEST[trust_database.partition(":")[0]]


async def test_no_writer_is_told_that_the_database_is_locked(
    world: World, record_property: Figures
) -> None:
    units = world.application.units
    seconds: list[float] = []
    locked = 0

    def writes(number: int) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            nonlocal locked
            began = perf_counter()
            try:
                async with units.write() as unit:
                    place = Conversation(Platform.SANDBOX, f"load-{number}")
                    await unit.cards.want(SubjectRef(POST, f"load-{number}"), place, 1, NOON)
                    await unit.commit()
            except Conflict:
                locked += 1
            seconds.append(perf_counter() - began)

        return write

    await by_twenty([writes(number) for number in range(TRANSACTIONS)])
    async with world.application.database.reading() as connection:
        select = sa.select(sa.func.count()).where(t.card.c.conversation.startswith("load-"))
        kept = (await connection.execute(select)).scalar_one()
    record_property("write transactions, twenty at once", kept)
    record_property("told that the database is locked", locked)
    record_property("p99 transaction, milliseconds", round(p99(seconds) * 1000))
    assert (kept, locked) == (TRANSACTIONS, 0)


async def test_whoever_is_cut_off_leaves_all_or_nothing(
    world: World, record_property: Figures
) -> None:
    """Cancelled at any moment: a post has its audit and its effects, or it isn't there at all."""
    service, chance = world.application.service, random.Random(SEED)  # noqa: S311 -- when
    await service.do(*proposal(0))  # the first one loads what the checks need
    began = perf_counter()
    await service.do(*proposal(1))
    usual = perf_counter() - began
    cut, asked = 0, 2
    while cut < CANCELLATIONS:
        tasks = []
        for number in range(asked, asked + AT_ONCE):
            task = asyncio.create_task(service.do(*proposal(number)))
            moment = chance.uniform(0, usual * AT_ONCE / 2)
            asyncio.get_running_loop().call_later(moment, task.cancel)
            tasks.append(task)
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        cut += sum(isinstance(one, asyncio.CancelledError) for one in ended)
        assert all(isinstance(one, Accepted | asyncio.CancelledError) for one in ended), ended
        asked += AT_ONCE
        assert asked < CANCELLATIONS * AT_ONCE, "hardly anybody is cut off"
    record_property("cancelled", cut)

    posts, audited, caused, hands = await _what_is_there(world)
    record_property("half commits", len(posts ^ audited) + len(posts ^ caused) + len(posts ^ hands))
    assert posts == audited == caused == hands
    async with world.application.units.read() as unit:
        assert (await unit.audit.verify()).problems == ()
    leaked = world.application.database.in_use()
    record_property("leaked connections", leaked)
    assert leaked == 0
    # The same requests once more: each has its effect, or had it.
    for number in range(asked):
        assert isinstance(await service.do(*proposal(number)), Accepted | Repeated)
    assert len((await _what_is_there(world))[0]) == asked


async def _what_is_there(world: World) -> tuple[set[str], set[str], set[str], set[str]]:
    selects = (
        sa.select(tables.post.c.id),
        sa.select(t.audit_event.c.subject_id).where(t.audit_event.c.subject_kind == POST),
        sa.select(t.effect.c.subject_id).where(t.effect.c.subject_kind == POST),
        sa.select(tables.revision.c.post_id),
    )
    async with world.application.database.reading() as connection:
        found = [set((await connection.execute(select)).scalars()) for select in selects]
    return found[0], found[1], found[2], found[3]


@proves("STEP-MOD-1")
async def test_what_comes_four_times_in_any_order_has_one_effect(
    world: World, record_property: Figures
) -> None:
    """A platform delivers again, later, and in another order; a refused try swallows nothing."""
    service, chance = world.application.service, random.Random(SEED)  # noqa: S311 -- the order
    asked: list[tuple[Command, Asked]] = []
    for number in range(INBOUND):
        post = PostId(f"post-{number}")
        asked += [
            proposal(number),
            (ask.Approve(post=post, seen=1), click(OKAFOR, f"yes {number}")),
            (ask.RequestChanges(post=post, seen=1, reason="A comma."), click(LUND, f"no {number}")),
        ]
    asked *= 4
    chance.shuffle(asked)
    had = dict.fromkeys((one.key for _, one in asked), 0)

    def sends(command: Command, one: Asked) -> Callable[[], Awaitable[None]]:
        async def send() -> None:
            outcome = await service.do(command, one)
            had[one.key] += isinstance(outcome, Accepted)
            assert isinstance(outcome, Accepted | Repeated | Refused)

        return send

    await by_twenty([sends(command, one) for command, one in asked])
    record_property("inbound, each four times", len(had))
    record_property("with more than one effect", sum(count > 1 for count in had.values()))
    assert all(count <= 1 for count in had.values())
    assert all(had[click(REED, f"propose post-{number}").key] == 1 for number in range(INBOUND))
    async with world.application.database.reading() as connection:
        event = t.audit_event
        tags = ("post:proposed", "post:approved_by", "post:changes_requested")
        rows = await connection.execute(
            sa.select(event.c.subject_id, event.c.tag, sa.func.count())
            .where(event.c.tag.in_(tags))
            .group_by(event.c.subject_id, event.c.tag)
        )
        assert {row[2] for row in rows} == {1}
