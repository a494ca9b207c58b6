"""kill -9 between any two steps: nothing is lost, nothing goes out twice, no card is there twice.

Quick: each named point once, on one of the databases, and a few kills at random. Full: each point
twenty times, and two hundred kills at random, on each database. At the named points each post has
its own cards and messages, however many come, so that every post reaches every point; at random
they are counted as on a busy morning.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from storage.failpoints import Point
from tests.applications import KEYS
from tests.fakes.trust import NOON
from tests.faults.outside import Outside
from tests.faults.processes import KILLED, ended, running
from tests.faults.verdict import Verdict, judge
from tests.faults.worker import LAPSED, Arm, Deadly, Plan, application


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = os.environ.get("SIZE", "quick")
TIMES = {"quick": 1, "ci": 1, "full": 20}[SIZE]
RANDOM_KILLS = {"quick": 1, "ci": 2, "full": 200}[SIZE]
AT_ONCE = 2
"""Posts that a process gets before it is killed at random."""
SEED = 20261121

SENT = ("card", "notice", "redraw", "release")
POINTS = (
    (Point.BEFORE_COMMIT, "unit"),
    (Point.AFTER_COMMIT, "unit"),
    *((Point.AFTER_CLAIM, kind) for kind in ("effect", *SENT)),
    *((Point.BEFORE_SEND, kind) for kind in SENT),
    *((Point.AFTER_SEND, kind) for kind in SENT),
    *((Point.BEFORE_MARK, kind) for kind in ("effect", *SENT)),
    *((Point.AFTER_MARK, kind) for kind in ("effect", *SENT)),
)


def plans(url: str, folder: Path, accounts: int, *, counts: bool = False) -> Callable[..., Plan]:
    """Plans on one database. Each process starts after the leases of the one before."""
    count = iter(range(10_000))

    def plan(first: int, last: int, arm: Arm | None = None) -> Plan:
        return Plan(
            url=url,
            folder=str(folder),
            keys=KEYS.to_text(),
            at=next(count) * LAPSED,
            first=first,
            last=last,
            accounts=accounts,
            arm=arm,
            counts=counts,
        )

    return plan


def verdict(plan: Plan, folder: Path, posts: int) -> Verdict:
    async def look() -> Verdict:
        made = application(plan, Deadly())
        await made.database.open()
        try:
            # What falls due while the last run is at work, or while we look, is nobody's fault.
            return await judge(
                made, Outside(folder), range(posts), plan.accounts, until=NOON + plan.at
            )
        finally:
            await made.database.close()

    return asyncio.run(look())


@pytest.mark.ci
def test_a_kill_at_every_named_point(
    trust_database: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    plan = plans(trust_database, tmp_path, 1)
    points = POINTS * TIMES
    if SIZE != "full":
        points = points[::2]
    chance = random.Random(SEED)  # noqa: S311 -- which of several moments
    code, counted = ended(plan(0, 1))
    assert code == 0, (tmp_path / "log.jsonl").read_text()
    assert set(counted) == {f"{point}/{kind}" for point, kind in POINTS}
    posts = 1
    for point, kind in points:
        nth = chance.randint(1, counted[f"{point}/{kind}"])
        code, _ = ended(plan(posts, posts + 1, Arm(point, kind, nth)))
        assert code == KILLED, (point, kind, nth, (tmp_path / "log.jsonl").read_text()[-2000:])
        posts += 1
    last = plan(posts, posts)
    assert ended(last)[0] == 0
    found = verdict(last, tmp_path, posts)
    record_property("kills at named points", len(points))
    record_property("releases that people were asked about", found.unclear)
    assert not found, found


@pytest.mark.ci
def test_kills_at_random(
    trust_database: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    plan = plans(trust_database, tmp_path, 2, counts=True)
    chance = random.Random(SEED)  # noqa: S311 -- when to kill
    started = time.perf_counter()
    assert ended(plan(0, AT_ONCE))[0] == 0
    whole = (time.perf_counter() - started) * 0.7
    posts, kills = AT_ONCE, 0
    while kills < RANDOM_KILLS:
        with running(plan(posts, posts + AT_ONCE)) as (process, pipe):
            assert pipe.poll(60), "it never began"
            pipe.recv()
            process.join(chance.uniform(0, whole))
            if process.exitcode is None:
                process.kill()
                process.join(60)
            kills += process.exitcode == KILLED
            assert process.exitcode in {0, KILLED}, (tmp_path / "log.jsonl").read_text()[-2000:]
        posts += AT_ONCE
    last = plan(posts, posts)
    assert ended(last)[0] == 0
    found = verdict(last, tmp_path, posts)
    record_property("kills at random", kills)
    record_property("posts that were counted on one card", found.counted)
    record_property("releases that people were asked about", found.unclear)
    assert not found, found


def test_the_verdict_sees_what_is_lost_and_what_is_doubled(
    trust_database: str, tmp_path: Path
) -> None:
    """The same run, with what stands outside altered by hand."""
    plan = plans(trust_database, tmp_path, 1)
    assert ended(plan(0, 1))[0] == 0
    assert not verdict(plan(1, 1), tmp_path, 1)
    assert verdict(plan(1, 1), tmp_path, 2).lost
    released, chat = tmp_path / "released.jsonl", tmp_path / "chat.jsonl"
    [line] = released.read_text().splitlines(keepends=True)
    released.write_text(line * 2)
    assert verdict(plan(1, 1), tmp_path, 1).doubled
    released.write_text("")
    assert verdict(plan(1, 1), tmp_path, 1).lost
    released.write_text(line)
    said = chat.read_text().splitlines(keepends=True)
    chat.write_text("".join([*said, next(one for one in said if '"post"' in one)]))
    assert verdict(plan(1, 1), tmp_path, 1).doubled
