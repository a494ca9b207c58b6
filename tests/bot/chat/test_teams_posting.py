"""What is ready to post is handed to its posters, in Teams too."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, titles
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice
    from tests.fakes.teams_connector import Posted


PATIENCE = 30
"""Seconds after which it counts as not redrawn."""


def handed(teams: TeamsOffice) -> Posted:
    """What Sam Reed was handed."""
    return [it for it in teams.private(REED) if "I've posted it" in titles(it.card)][-1]


async def test_whoever_takes_it_can_still_say_that_it_is_posted(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await teams.press(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    mine = handed(teams)
    await teams.press(REED, mine, "I'll post it")
    # One chat takes a few messages at once, by the machine's own clock: then comes its turn.
    async with asyncio.timeout(PATIENCE):
        while "I'll post it" in titles(mine.card):
            teams.house.clock.pass_by(timedelta(seconds=10))
            await teams.settle()
            await asyncio.sleep(0.05)
    assert "I've posted it" in titles(mine.card)
    await teams.press(REED, mine, "I've posted it")
    assert (await teams.post(post)).state is State.PUBLISHED
