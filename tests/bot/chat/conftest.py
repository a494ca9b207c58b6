"""An office in Slack, and one in Teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.chat.office import opened
from tests.bot.chat.teams_office import opened as opened_in_teams


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.applications import Applications
    from tests.bot.chat.office import Office
    from tests.bot.chat.teams_office import TeamsOffice


@pytest.fixture
async def office(applications: Applications) -> AsyncIterator[Office]:
    async with opened(applications) as made:
        yield made


@pytest.fixture
async def teams(applications: Applications) -> AsyncIterator[TeamsOffice]:
    async with opened_in_teams(applications) as made:
        yield made
