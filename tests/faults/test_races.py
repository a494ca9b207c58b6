"""Everybody clicks at once: no rule is broken, nothing goes out twice, and no post is stuck.

Six clicks by three people, two of them doubled and one person writing to himself; an edit; a right
that is taken away; and the clock of every process. On PostgreSQL three processes, on SQLite the one
that may have the file. Full: ten thousand rounds on each.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.applications import KEYS
from tests.faults import racer
from tests.faults.processes import context
from tests.faults.racer import Job, Tally
from tests.faults.worker import Plan


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.postgres

SIZE = os.environ.get("SIZE", "quick")
ROUNDS = {"quick": 10, "ci": 25, "full": 10_000}[SIZE]
PROCESSES = {"sqlite": 1, "postgresql": 3}
HOURS = 3 * 3600


def test_whoever_clicks_when_the_rules_hold(
    trust_database: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kind = trust_database.partition(":")[0]
    plan = Plan(
        url=trust_database,
        folder=str(tmp_path),
        keys=KEYS.to_text(),
        at=timedelta(),
        first=0,
        last=0,
    )
    count = PROCESSES[kind]
    barrier = context.Barrier(count)
    began = time.perf_counter()
    started = []
    whole = Tally()
    try:
        for mine in range(count):
            ours, its = context.Pipe()
            job = Job(plan=plan, rounds=ROUNDS, mine=mine, of=count, seed=20261121)
            process = context.Process(target=racer.main, args=(job, barrier, its), daemon=True)
            process.start()
            its.close()
            started.append((process, ours))
        for process, ours in started:
            assert ours.poll(HOURS), "it hangs"
            said = ours.recv()
            assert isinstance(said, Tally), said
            whole.add(said)
            process.join(60)
            assert process.exitcode == 0
    finally:
        for process, ours in started:
            if process.is_alive():
                process.kill()
            process.join(60)
            ours.close()
    record_property("rounds", whole.rounds)
    record_property("seconds", round(time.perf_counter() - began))
    without_a_right = whole.without_a_right()
    record_property("rule violations", len(whole.violations) + len(without_a_right))
    record_property("double releases", len(whole.doubled))
    record_property("stuck", len(whole.stuck))
    record_property("released on a yes that was taken away later", len(whole.hers_alone))
    record_property("clicks that lost three races in a row", whole.lost_races)
    # Told, not asked: every round races for the same post. How soon twenty people are answered is
    # asked in test_load.
    record_property("p99 decision, milliseconds", round(whole.p99() * 1000))
    assert whole.rounds == whole.released == ROUNDS, (whole.stuck[:5], whole.outcomes)
    assert (whole.violations, without_a_right, whole.doubled, whole.stuck) == ([], [], [], [])
    # It was a race: yeses came first, and edits came first.
    assert whole.outcomes["Revise Accepted"]
    assert whole.outcomes["Revise Refused"] or whole.outcomes["Approve Refused"]
    assert whole.outcomes["Approve Repeated"]
