"""A stage on which people play their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.stage import Stage


if TYPE_CHECKING:
    from tests.applications import Applications


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()
