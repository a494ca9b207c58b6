"""What clicks and the relay ask of SQLite, it finds without looking at every row there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.bot.relay.world import World, world as open_world


if TYPE_CHECKING:
    from tests.applications import Applications


FEW = re.compile(
    r"SCAN (roll|(\d+ )?CONSTANT ROWS?|\(subquery-\d+\)|anon_\d+|post_waiting USING COVERING .*)"
)
"""A row for each school, what the statement itself has, pictures that nobody has seen yet."""
ONE = "SCAN audit_event"
"""The head of the chain: backwards along its primary key, as far as the first row."""


class Statements:
    """Everything that is asked from now on, with the values with which it was asked first."""

    def __init__(self, *engines: sa.Engine) -> None:
        self.asked: dict[str, Any] = {}
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, *told: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's event
        text, values, many = told[2], told[3], told[5]
        if text.startswith(("SELECT", "UPDATE", "DELETE")):
            self.asked.setdefault(text, values[0] if many else values)


@pytest.fixture
async def world(applications: Applications) -> World:
    return await open_world(applications)


async def test_nothing_looks_at_every_row(world: World, trust_database: str) -> None:
    if not trust_database.startswith("sqlite"):
        return
    database = world.application.database
    async with database.writing() as one, database.reading() as other:
        statements = Statements(one.sync_engine, other.sync_engine)
    await world.handed_out()
    await world.relay().drain()
    asked = dict(statements.asked)
    plans: dict[str, list[str]] = {}
    async with database.reading() as connection:
        for text, values in asked.items():
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            plans[text] = [row.detail for row in rows]
    assert any(text.startswith("UPDATE post ") for text in plans)

    scans = {
        text: step
        for text, plan in plans.items()
        for step in plan
        if step.startswith("SCAN ") and FEW.fullmatch(step) is None
    }
    assert set(scans.values()) <= {ONE}, scans
    assert all("LIMIT" in text for text in scans)
    for what, index in (
        ("card.shown < card.wanted", "ix_card_behind"),
        ("open_notice.shown < open_notice.wanted", "ix_open_notice_behind"),
        ("effect.kind = 'later'", "ix_effect_command"),
        ("effect.kind != 'later'", "ix_effect_told"),
    ):
        claims = [plan[0] for text, plan in plans.items() if what in text and "LIMIT" in text]
        assert claims, what
        assert all(f" INDEX {index} " in step for step in claims), claims
