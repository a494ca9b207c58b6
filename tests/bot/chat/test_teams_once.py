"""Whatever Teams repeats, delays, forges or has lost: exactly one effect of each click and card."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.teams import replies
from adapters.teams.envelope import CONTENT_TYPE
from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, titles
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import Drops, Says
from tests.fakes.trust import FACEBOOK, LUND, NAMES, OKAFOR, REED
from tests.parity import shows


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.bot.chat.teams_office import Json, TeamsOffice
    from tests.fakes.teams_connector import Posted, Someone

WORDS = "The fair is on Saturday."
LATER = "The fair is on Sunday."
UNKNOWN = "d0000000-0000-4000-8000-00000000000{}"
NOT_OURS: tuple[dict[str, str], ...] = (
    {},
    {"role": "guest"},
    {"role": "anonymous"},
    {"tenant": "another"},
)


@pytest.fixture(autouse=True)
def one_clock(teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat's turn comes by the same clock as everything else, so nobody waits for it."""
    lanes = teams.connected.chat._lanes  # noqa: SLF001 -- it goes by the machine's own clock
    monkeypatch.setattr(lanes, "_now", lambda: teams.house.clock.now().timestamp())


@pytest.fixture
async def post(teams: TeamsOffice) -> PostId:
    return await teams.propose(REED, WORDS, FACEBOOK)


def cards(teams: TeamsOffice, words: str = "") -> list[Posted]:
    """The cards that stand in the channel and say so."""
    return [it for it in teams.teams.messages[FACEBOOK_ROOM] if words in str(it.card) and it.card]


async def later(teams: TeamsOffice) -> None:
    """Some minutes, in which the relay tries again what it couldn't do."""
    for _ in range(4):
        teams.house.clock.pass_by(timedelta(minutes=1))
        await teams.settle()


# -- a view of one's own ---------------------------------------------------------------------------


def refreshed(teams: TeamsOffice, who: Someone, trigger: str) -> Json:
    """What a client asks by itself for whoever looks at the card."""
    card = teams.message(FACEBOOK_ROOM)
    again = card.card["refresh"]["action"]
    return ask.pressed(who, teams.teams.service_url, again, FACEBOOK_ROOM, card.id, trigger=trigger)


@pytest.mark.usefixtures("post")
async def test_a_view_of_ones_own_is_nothing_to_whoever_is_not_ours(teams: TeamsOffice) -> None:
    """A colleague on no list, a guest, somebody of another school: no words, and no fault."""
    for number, told in enumerate(NOT_OURS):
        who = teams.teams.add_person(UNKNOWN.format(number), **told)
        teams.teams.rooms[FACEBOOK_ROOM].members.add(who.user)
        for trigger in ("automatic", "manual"):
            await _sees_nothing(teams, who, trigger)


async def _sees_nothing(teams: TeamsOffice, who: Someone, trigger: str) -> None:
    before = {room: len(said) for room, said in teams.teams.messages.items()}
    heard = await teams.send(refreshed(teams, who, trigger))
    assert heard.status == 200
    assert heard.body["type"] != CONTENT_TYPE
    assert not heard.card or heard.card.keys() == {"code", "message"}
    assert WORDS not in str(heard.body)
    after = {room: len(said) for room, said in teams.teams.messages.items() if said}
    if trigger == "automatic":
        # Nobody spoke, so nobody is spoken to.
        assert heard.body == dict(replies.nothing().body)
        assert after == {room: count for room, count in before.items() if count}


async def test_views_of_ones_own_are_asked_for_by_at_most_sixty(teams: TeamsOffice) -> None:
    """Teams asks for no more; where there are, everybody sees the same card."""
    await teams.propose(REED, WORDS, FACEBOOK)
    viewers = teams.message(FACEBOOK_ROOM).card["refresh"]["userIds"]
    assert set(viewers) == {teams.someone(person).account for person in NAMES}
    many = [f"e0000000-0000-4000-8000-{number:012}" for number in range(61)]
    for user in many:
        teams.teams.add_person(user)
    teams.teams.rooms[FACEBOOK_ROOM].members.update(many)
    url = teams.teams.service_url
    await teams.send(ask.came(teams.someone(OKAFOR), url, FACEBOOK_ROOM, f"29:{many[0]}"))
    await teams.propose(REED, LATER, FACEBOOK)
    assert "refresh" not in teams.message(FACEBOOK_ROOM).card


# -- cards -----------------------------------------------------------------------------------------


async def test_a_card_that_somebody_deleted_comes_back_once(
    teams: TeamsOffice, post: PostId
) -> None:
    teams.teams.messages[FACEBOOK_ROOM].remove(teams.message(FACEBOOK_ROOM))
    await teams.revise(REED, post, LATER)
    await later(teams)
    (card,) = cards(teams)
    assert LATER in str(card.card)
    await teams.press(OKAFOR, card, "Approve")
    assert (await teams.post(post)).state is State.RELEASED
    # From then on that one is redrawn where it stands.
    assert cards(teams) == [card]
    assert "Approve" not in titles(card.card)


async def test_a_throttled_card_comes_once_when_teams_says(teams: TeamsOffice) -> None:
    teams.teams.fail("send", Says(429, retry="2"))
    await teams.propose(REED, WORDS, FACEBOOK)
    assert cards(teams) == []
    await later(teams)
    assert len(cards(teams, WORDS)) == 1


async def test_a_throttled_edit_is_made_once_with_the_newest_words(
    teams: TeamsOffice, post: PostId
) -> None:
    card = teams.message(FACEBOOK_ROOM)
    before = card.drawings
    teams.teams.fail("update", Says(429, retry="2"))
    await teams.revise(REED, post, "The fair is on Friday.")
    await teams.revise(REED, post, LATER)
    assert WORDS in str(card.card)
    await later(teams)
    assert LATER in str(card.card)
    assert card.drawings == before + 1
    assert cards(teams) == [card]


@pytest.mark.parametrize(
    "fault",
    [Says(404, "ConversationNotFound"), Says(403, "BotNotInConversationRoster")],
    ids=lambda it: it.code,
)
async def test_where_the_conversation_is_gone_people_are_asked_privately_and_once(
    teams: TeamsOffice, fault: Says
) -> None:
    teams.teams.fail("send", fault)
    post = await teams.propose(REED, WORDS, FACEBOOK)
    await teams.settle()
    assert cards(teams) == []
    shown = {
        person: [it for it in teams.private(person) if WORDS in str(it.card)]
        for person in (OKAFOR, LUND)
    }
    assert [len(it) for it in shown.values()] == [1, 1]
    await teams.press(LUND, shown[LUND][0], "Approve")
    assert (await teams.post(post)).state is State.RELEASED
    assert len((await teams.post(post)).approvals) == 1


async def test_a_card_that_stands_twice_is_decided_once(teams: TeamsOffice) -> None:
    """The answer to the first was lost, so nobody could tell whether it stands there."""
    teams.teams.fail("send", Drops(done=True))
    post = await teams.propose(REED, WORDS, FACEBOOK)
    await later(teams)
    first, second = cards(teams, WORDS)
    # Teams can't be asked what stands there. Both say the same, and one yes is one yes.
    sent = [teams.pressing(OKAFOR, it, "Approve") for it in (first, second)]
    for it in sent:
        assert (await teams.send(it)).status == 200
    assert len((await teams.post(post)).approvals) == 1
    assert "Approve" not in titles(second.card)


# -- clicks ----------------------------------------------------------------------------------------


@shows("once", on="teams")
async def test_a_click_that_is_delivered_twice_counts_once(
    teams: TeamsOffice, post: PostId
) -> None:
    """The same activity, as Teams sends it again when an answer was slow."""
    sent = teams.pressing(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    first, second = await teams.send(sent), await teams.send(sent)
    assert "approved" in first.said
    assert "You have done this already. Nothing changed." in second.said
    assert len((await teams.post(post)).approvals) == 1
    assert len(cards(teams)) == 1


@shows("once", on="teams")
async def test_a_click_that_comes_under_a_new_id_counts_once(
    teams: TeamsOffice, post: PostId
) -> None:
    """From another of their machines, or by a client that numbers each try."""
    card = teams.message(FACEBOOK_ROOM)
    sent = teams.pressing(OKAFOR, card, "Approve")
    for number in range(3):
        assert (await teams.send({**sent, "id": f"f:new-{number}"})).status == 200
    as_old = ask.submitted(
        teams.someone(OKAFOR),
        teams.teams.service_url,
        {"fallback": {"data": sent["value"]["action"]["data"]}},
        FACEBOOK_ROOM,
        card.id,
    )
    await teams.send(as_old)
    assert len((await teams.post(post)).approvals) == 1
    assert cards(teams) == [card]


FORGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("no payload", {"sg": None}),
    ("an unknown verb", {"sg": '{"v":1,"verb":"post.destroy","id":"x","rev":1}'}),
    ("a newer payload", {"sg": '{"v":99,"verb":"post.approve","id":"x","rev":1}'}),
    ("no payload of ours", {"sg": "<script>"}),
    ("another way of pressing", {"verb": "open"}),
    ("an endless payload", {"sg": "x" * 100_000}),
    ("a request that is none", {"request": "'; DROP TABLE post; --"}),
)


@shows("once", on="teams")
async def test_a_forged_button_changes_nothing_and_is_answered(
    teams: TeamsOffice, post: PostId
) -> None:
    for what, changed in FORGED:
        sent = teams.pressing(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
        sent["value"]["action"]["data"] |= changed
        heard = await teams.send(sent)
        assert heard.status == 200, what
        assert heard.said, what
        assert (await teams.post(post)).state is State.IN_REVIEW, what
        assert (await teams.post(post)).approvals == (), what


@shows("once", on="teams")
async def test_a_button_of_a_post_that_is_not_there_changes_nothing(
    teams: TeamsOffice, post: PostId
) -> None:
    sent = teams.pressing(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    data = sent["value"]["action"]["data"]
    data["sg"] = data["sg"].replace(post, "01NOTHERE")
    heard = await teams.send(sent)
    assert (heard.status, bool(heard.said)) == (200, True)
    assert (await teams.post(post)).state is State.IN_REVIEW
    assert action(teams.message(FACEBOOK_ROOM).card, "Approve")
