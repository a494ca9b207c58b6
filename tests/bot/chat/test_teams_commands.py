"""What is typed to Schoolgate in Teams, and what somebody then hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bot.chat.teams_office import FACEBOOK_ROOM
from tests.fakes.trust import OKAFOR, REED
from tests.parity import shows


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice


@shows("help", on="teams")
async def test_help_lists_what_can_be_written(teams: TeamsOffice) -> None:
    heard = await teams.say(REED, "help")
    assert (heard.status, heard.body) == (200, {})
    assert "What you can write here" in teams.private(REED)[-1].text


@shows("channels", on="teams")
async def test_channels_lists_the_register(teams: TeamsOffice) -> None:
    await teams.say(REED, "channels")
    assert "Oakfield Primary" in str(teams.private(REED)[-1].card)


async def test_a_mention_in_a_channel_is_answered_privately(teams: TeamsOffice) -> None:
    await teams.say(OKAFOR, "channels facebook", FACEBOOK_ROOM)
    assert "Oakfield Primary" in str(teams.private(OKAFOR)[-1].card)
    assert teams.message(FACEBOOK_ROOM).text == "I've answered you in our private chat."
