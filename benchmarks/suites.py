"""The suites that a version is held to at full size, and what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """``alone``: its figures are times, so nothing may run beside it. Else it takes every core."""

    title: str
    path: str
    alone: bool = False


SUITES = (
    Suite(
        title="Bounded model: every state that four people and their clicks can reach",
        path="tests/model",
    ),
    Suite(
        title="State machine: the real service on memory, SQLite and PostgreSQL",
        path="tests/scenarios/test_posts_machine.py",
    ),
    Suite(title="Attacks on the tables by raw SQL", path="tests/storage/test_two_people.py"),
    Suite(
        title="The watch over a month of mornings",
        path="tests/moderation/oversight/test_watch.py",
    ),
    Suite(title="Backup under load, restore, verify", path="tests/storage/backups", alone=True),
    Suite(title="Restores killed at any moment", path="tests/bot/test_backup.py"),
    Suite(title="Keys changed while others write", path="tests/storage/test_rotation.py"),
    Suite(
        title="The record tampered with: each attack against an earlier checkpoint",
        path="tests/bot/audit/test_tampering.py",
    ),
    Suite(
        title="A long record checked with Python alone",
        path="tests/bot/audit/test_many_lines.py",
        alone=True,
    ),
    Suite(
        title="Canary: one name and one sentence down every path",
        path="tests/scenarios/test_canary.py",
    ),
    Suite(title="Canary: the store by itself", path="tests/storage/test_canary.py"),
    Suite(
        title="kill -9 at every named point and at random",
        path="tests/faults/test_kills.py",
    ),
    Suite(
        title="Races: clicks, an edit, a revocation and the clock at once",
        path="tests/faults/test_races.py",
    ),
    Suite(
        title="Three instances, killed while posts fall due",
        path="tests/faults/test_instances.py",
        alone=True,
    ),
    Suite(
        title="Twenty at once, cut off anywhere, delivered four times",
        path="tests/faults/test_load.py",
        alone=True,
    ),
    Suite(
        title="A database that stands still or is gone",
        path="tests/faults/test_slow_store.py",
        alone=True,
    ),
    Suite(title="Hostile pictures", path="tests/adapters/images"),
    Suite(
        title="Names that must be found and must be left alone",
        path="tests/moderation/checks",
    ),
    Suite(title="Wrong configurations refused", path="tests/bot/test_refusals.py"),
    Suite(
        title="SIGTERM under load: not ready, exit 0, nothing lost",
        path="tests/bot/test_ending.py",
        alone=True,
    ),
    Suite(
        title="The next version's schema: nothing taken away, this version serves on it",
        path="tests/storage/test_reach.py",
    ),
    Suite(title="Whole scenarios", path="tests/scenarios/test_walk.py"),
    Suite(
        title="School walls: every query, command and message",
        path="tests/scenarios/test_every_wall.py",
    ),
    Suite(
        title="Slack: requests signed, forged, broken and repeated",
        path="tests/bot/chat/test_edge.py",
    ),
    Suite(
        title="Slack: twenty clicks at once, acknowledged",
        path="tests/bot/chat/test_load.py",
        alone=True,
    ),
    Suite(
        title="Slack: the database stands still",
        path="tests/bot/chat/test_slow_store.py",
        alone=True,
    ),
    Suite(title="Every module can be the first, and is quiet", path="tests/architecture"),
    Suite(title="Slack: every card and dialog within its limits", path="tests/adapters/slack"),
)
"""In the order of the page."""
