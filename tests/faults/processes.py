"""Processes that are forked from one that has everything imported, and ended by their own id."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.faults import worker


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    from tests.faults.worker import Plan


KILLED = -9
PATIENCE = 60.0
"""Seconds. A process needs less than one; whoever hangs that long fails the test."""

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(
    ["tests.faults.worker", "tests.faults.racer", "tests.faults.instance"]
)


@contextmanager
def running(
    plan: Plan, main: Callable[[Plan, Connection], None] = worker.main
) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """A process at work, and what it says. Whatever still runs at the end is killed, by its id."""
    ours, its = context.Pipe()
    process = context.Process(target=main, args=(plan, its), daemon=True)
    process.start()
    its.close()
    try:
        yield process, ours
    finally:
        if process.is_alive():
            process.kill()
        process.join(PATIENCE)
        ours.close()
        process.close()


def ended(plan: Plan) -> tuple[int, dict[str, int]]:
    """Run it to its end, whatever that is: its exit code, and how often each point was reached."""
    with running(plan) as (process, pipe):
        process.join(PATIENCE)
        assert process.exitcode is not None, "it hangs"
        counted: dict[str, int] = {}
        while pipe.poll():
            try:
                said = pipe.recv()
            except EOFError:
                break
            if isinstance(said, dict):
                counted = said
        return process.exitcode, counted
