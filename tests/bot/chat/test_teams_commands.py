"""What is typed to Schoolgate in Teams, and what somebody then hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


@shows("help", on="teams")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("paus", "Did you mean pause? Type help for what I do know."),
        ("/quene", "Did you mean queue? Type help for what I do know."),
        ("schoolgate xyzzy", "I don't know xyzzy. Type help for what I do know."),
    ],
)
async def test_what_nobody_understands_is_answered_kindly(
    teams: TeamsOffice, typed: str, said: str
) -> None:
    """With the nearest that is known, to where it was asked: behind our name all are commands."""
    await teams.say(REED, typed, FACEBOOK_ROOM)
    assert teams.message(FACEBOOK_ROOM).text.endswith(said)


@shows("help", on="teams")
async def test_our_name_alone_is_answered_with_what_can_be_written(teams: TeamsOffice) -> None:
    await teams.say(REED, "", FACEBOOK_ROOM)
    assert "What you can write here" in teams.message(FACEBOOK_ROOM).text


@shows("channels", on="teams")
async def test_channels_lists_the_register(teams: TeamsOffice) -> None:
    await teams.say(REED, "channels")
    assert "Oakfield Primary" in str(teams.private(REED)[-1].card)


async def test_a_mention_in_a_channel_is_answered_privately(teams: TeamsOffice) -> None:
    await teams.say(OKAFOR, "channels facebook", FACEBOOK_ROOM)
    assert "Oakfield Primary" in str(teams.private(OKAFOR)[-1].card)
    assert teams.message(FACEBOOK_ROOM).text == "I've answered you in our private chat."
