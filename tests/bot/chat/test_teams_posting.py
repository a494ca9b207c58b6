"""What is ready to post is handed to its posters, in Teams too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, titles
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice
    from tests.fakes.teams_connector import Posted


def handed(teams: TeamsOffice) -> Posted:
    """What Sam Reed was handed."""
    return [it for it in teams.private(REED) if "I've posted it" in titles(it.card)][-1]


async def test_whoever_takes_it_can_still_say_that_it_is_posted(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await teams.press(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    mine = handed(teams)
    await teams.press(REED, mine, "I'll post it")
    assert "I've posted it" in titles(mine.card)
    assert "I'll post it" not in titles(mine.card)
    await teams.press(REED, mine, "I've posted it")
    assert (await teams.post(post)).state is State.PUBLISHED
