"""Stores for tests: in memory, a fresh SQLite file, a fresh PostgreSQL database.

A test file's folder makes them its own with ``from tests.databases import *`` in a conftest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from tests.fakes.samples import NOON
from tests.fakes.units import FakeUnits


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import PupilName
    from moderation.checks.names.roster import Roster


AnyUnits = FakeUnits


def plain_roster(names: Iterable[PupilName]) -> Roster:
    """The names themselves: what a store hands on is what its tests look at."""
    return cast("Roster", tuple(names))


@pytest.fixture(params=["memory"])
async def units() -> AnyUnits:
    """An empty store of every kind."""
    return FakeUnits(roster=plain_roster, now=lambda: NOON)
