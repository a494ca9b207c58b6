"""What else is written to Schoolgate in Teams: pausing, being away, the policy, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, actions, opened, titles
from tests.fakes.trust import ADE, FACEBOOK, LUND, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.test_policy import ACCEPT, asks_for


if TYPE_CHECKING:
    from tests.applications import Applications
    from tests.bot.chat.teams_office import TeamsOffice


@shows("pause", on="teams")
async def test_all_posts_are_paused_and_started(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, "The fair is on Saturday.", FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    await teams.say(ADE, "schoolgate pause A flood at the school.")
    assert "are paused" in teams.private(ADE)[-1].text
    await teams.press(OKAFOR, card, "Approve")
    assert (await teams.post(post)).state is State.APPROVED
    await teams.say(ADE, "schoolgate start")
    assert any("go out again" in it.text for it in teams.private(ADE))
    await teams.say(REED, "schoolgate pause For fun.")
    assert "You can't pause all posts yourself." in teams.private(REED)[-1].text


@shows("away", on="teams")
async def test_somebody_says_in_teams_that_they_are_away_and_back(teams: TeamsOffice) -> None:
    await teams.say(OKAFOR, "schoolgate away until Friday")
    assert "You are away from today until Friday" in teams.private(OKAFOR)[-1].text
    await teams.say(OKAFOR, "schoolgate back")
    assert "here again" in teams.private(OKAFOR)[-1].text
    await teams.say(OKAFOR, "schoolgate away", FACEBOOK_ROOM)
    assert "Until when?" in teams.private(OKAFOR)[-1].text


@shows("policy", on="teams")
async def test_the_policy_is_read_and_accepted(applications: Applications) -> None:
    asks_for(applications, "2026-09")
    async with opened(applications) as teams:
        await teams.say(REED, "policy")
        card = teams.private(REED)[-1]
        assert "Please read and accept it" in str(card.card)
        await teams.press(REED, card, ACCEPT)
        await teams.say(REED, "policy")
        assert ACCEPT not in titles(teams.private(REED)[-1].card)


@shows("names", on="teams")
@proves("STEP-NAME-1", platform="teams")
async def test_a_name_is_kept_by_two_people(teams: TeamsOffice) -> None:
    await teams.say(LUND, "names")
    listed = teams.private(LUND)[-1]
    refused = await teams.press(LUND, listed, "Keep a name", name="Amelia Khan", kind="visitor")
    assert "has this name" in str(refused.body)
    await teams.press(LUND, listed, "Keep a name", name="Amelia Thistlewick", kind="visitor")
    await teams.settle()
    card = teams.private(OKAFOR)[-1]
    assert "Amelia Thistlewick" in str(card.card)
    assert not any("Thistlewick" in str(it["data"]) for it in actions(card.card))
    assert not any(
        "Thistlewick" in str(it.card) for it in teams.teams.messages.get(FACEBOOK_ROOM, ())
    )
    await teams.press(OKAFOR, card, "Agree")
    await teams.settle()
    assert "Kept until" in str(teams.private(OKAFOR)[-1].card)
    assert any("agreed" in str(it.card) for it in teams.private(LUND))

    await teams.say(OKAFOR, "schoolgate names remove Amelia Thistlewick")
    assert any("asked about" in it.text for it in teams.private(OKAFOR))
    await teams.say(REED, "names")
    assert "Only those who may say yes" in teams.private(REED)[-1].text
