"""The desk of an operator, before the first file and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.kernel import (
    Accepted,
)
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from tests.databases import AnyUnits
from tests.moderation.imports.office import Office


@pytest.fixture
async def empty(units: AnyUnits) -> Office:
    """Nothing was ever imported."""
    return Office(units, t.service(units))


@pytest.fixture
async def office(empty: Office) -> Office:
    """The trust's people and accounts are there."""
    assert isinstance(await empty.take(t.people(*t.STAFF)), Accepted)
    entries = [
        t.entry(page, *(grant for grant in t.GRANTS if grant.account == page.id))
        for page in t.PAGES
    ]
    assert isinstance(await empty.take(t.accounts(*entries)), Accepted)
    return empty
