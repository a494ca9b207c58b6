"""The relay's world, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.relay import world as of


if TYPE_CHECKING:
    from tests.applications import Applications


@pytest.fixture
async def world(applications: Applications) -> of.World:
    return await of.world(applications)
