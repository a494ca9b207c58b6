"""Deciding in Teams, with the real service: what happens, and what nobody can make happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, titles
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import Says
from tests.fakes.trust import ADE, FACEBOOK, LUND, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.bot.chat.teams_office import TeamsOffice

WORDS = "The fair is on Saturday."


@pytest.fixture
async def post(teams: TeamsOffice) -> PostId:
    return await teams.propose(REED, WORDS, FACEBOOK)


@shows("approve", on="teams")
async def test_a_second_person_approves_with_a_button(teams: TeamsOffice, post: PostId) -> None:
    card = teams.message(FACEBOOK_ROOM)
    assert WORDS in str(card.card)
    heard = await teams.press(OKAFOR, card, "Approve")
    assert heard.status == 200
    assert heard.body["type"] == "application/vnd.microsoft.activity.message"
    assert heard.said
    assert (await teams.post(post)).state is State.RELEASED
    # The card of everybody is redrawn where it stands, to its final state.
    assert teams.message(FACEBOOK_ROOM) is card
    assert "Approve" not in titles(card.card)


@shows("own-yes", on="teams")
@proves("STEP-MOD-1", "MET-MOD-1", platform="teams")
async def test_an_author_is_refused_to_themselves_alone(teams: TeamsOffice, post: PostId) -> None:
    before = len(teams.teams.messages[FACEBOOK_ROOM])
    heard = await teams.press(REED, teams.message(FACEBOOK_ROOM), "Approve")
    assert "You wrote this, so somebody else needs to say yes." in heard.said
    assert (await teams.post(post)).state is State.IN_REVIEW
    assert len(teams.teams.messages[FACEBOOK_ROOM]) == before


@shows("reason", on="teams")
async def test_a_reason_is_asked_for_within_the_card(teams: TeamsOffice, post: PostId) -> None:
    card = teams.message(FACEBOOK_ROOM)
    empty = await teams.press(LUND, card, "Reject", reason=" ")
    assert "say why" in empty.said
    assert (await teams.post(post)).state is State.IN_REVIEW
    sent = teams.pressing(LUND, card, "Reject", reason="The date is wrong.")
    for _ in range(2):
        # Sent once more, it counts once, and is told as if it were the first time.
        assert (await teams.send(sent)).status == 200
    assert (await teams.post(post)).state is State.REJECTED
    assert len((await teams.post(post)).vetoes) == 1


@shows("once", on="teams")
async def test_a_double_click_counts_once(teams: TeamsOffice, post: PostId) -> None:
    sent = teams.pressing(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    for number in range(3):
        # Also with a new id, as when Teams delivers it once more.
        assert (await teams.send({**sent, "id": f"f:again-{number}"})).status == 200
    assert len((await teams.post(post)).approvals) == 1


@shows("once", on="teams")
async def test_a_late_click_changes_nothing_and_says_so(teams: TeamsOffice, post: PostId) -> None:
    card = teams.message(FACEBOOK_ROOM)
    late = teams.pressing(LUND, card, "Approve")
    await teams.press(OKAFOR, card, "Approve")
    heard = await teams.send(late)
    assert "Nothing changed" in heard.said
    assert len((await teams.post(post)).approvals) == 1


async def test_an_old_client_that_knows_submit_alone_is_answered_by_a_message(
    teams: TeamsOffice, post: PostId
) -> None:
    card = teams.message(FACEBOOK_ROOM)
    body = ask.submitted(
        teams.someone(OKAFOR),
        teams.teams.service_url,
        action(card.card, "Approve"),
        FACEBOOK_ROOM,
        card.id,
    )
    for _ in range(2):
        await teams.send(body)
    assert (await teams.post(post)).state is State.RELEASED
    assert len(teams.private(OKAFOR)) >= 1


@shows("queue", on="teams")
async def test_the_queue_goes_on_by_itself(teams: TeamsOffice, post: PostId) -> None:
    other = await teams.propose(REED, "The choir sings on Monday.", FACEBOOK)
    await teams.say(OKAFOR, "queue")
    card = teams.private(OKAFOR)[-1]
    await teams.press(OKAFOR, card, "Approve and next")
    states = {(await teams.post(it)).state for it in (post, other)}
    assert states == {State.RELEASED, State.IN_REVIEW}
    assert teams.private(OKAFOR)[-1] is card
    await teams.press(OKAFOR, card, "Approve")
    assert (await teams.post(other)).state is State.RELEASED


@pytest.mark.usefixtures("post")
async def test_somebody_may_see_the_card_as_it_is_for_them(teams: TeamsOffice) -> None:
    card = teams.message(FACEBOOK_ROOM)
    refresh = card.card.get("refresh")
    assert refresh is not None
    sent = ask.pressed(
        teams.someone(ADE),
        teams.teams.service_url,
        refresh["action"],
        FACEBOOK_ROOM,
        card.id,
        trigger="automatic",
    )
    heard = await teams.send(sent)
    assert heard.body["type"] == "application/vnd.microsoft.card.adaptive"
    assert WORDS in str(heard.card)


async def test_throttled_cards_come_when_teams_says(teams: TeamsOffice) -> None:
    teams.teams.fail("send", Says(429, retry="2"))
    post = await teams.propose(REED, WORDS, FACEBOOK)
    before = [it for it in teams.teams.messages[FACEBOOK_ROOM] if it.card]
    assert before == []
    assert (await teams.post(post)).state is State.IN_REVIEW
