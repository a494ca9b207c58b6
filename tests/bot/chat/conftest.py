"""An office in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.chat.office import opened


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.applications import Applications
    from tests.bot.chat.office import Office


@pytest.fixture
async def office(applications: Applications) -> AsyncIterator[Office]:
    async with opened(applications) as made:
        yield made
