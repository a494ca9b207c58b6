"""People in Teams: who is listened to, who can be reached, and where cards may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from adapters.teams.speaker import SENTENCES, Why
from moderation.kernel import Platform
from moderation.ports import Conversation
from moderation.posts.model import State
from storage.delivery_tables import notice
from tests.bot.chat.teams_office import FACEBOOK_ROOM, user_of
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import TENANT, Says
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    INSTAGRAM,
    LUND,
    NAMES,
    OKAFOR,
    QUINN,
    REED,
    SHAH,
)
from tests.parity import shows


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.bot.chat.teams_office import TeamsOffice

WORDS = "The fair is on Saturday."


def take_away(teams: TeamsOffice, *people: PersonId) -> None:
    """They have no chat with the bot any more."""
    for person in people:
        someone = teams.someone(person)
        someone.installed = teams.teams.rooms[someone.chat].here = False


# -- who is listened to ----------------------------------------------------------------------------


@shows("stranger", on="teams")
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"role": "guest"}, Why.GUEST),
        ({"role": "anonymous"}, Why.GUEST),
        ({"role": "something new"}, Why.GUEST),
        ({"email": "okafor_elsewhere.example#EXT#@oakfield.example"}, Why.GUEST),
        ({"tenant": "33333333-3333-4333-8333-333333333333"}, Why.ELSEWHERE),
        ({"tenant": ""}, Why.ELSEWHERE),
    ],
    ids=str,
)
async def test_a_stranger_reads_nothing_and_decides_nothing(
    teams: TeamsOffice, told: dict[str, str], why: Why
) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    for name, value in told.items():
        setattr(teams.someone(OKAFOR), name, value)
    heard = await teams.press(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    assert heard.said == SENTENCES[why]
    assert (await teams.post(post)).state is State.IN_REVIEW
    before = len(teams.private(OKAFOR))
    await teams.say(OKAFOR, "queue")
    assert [it.text for it in teams.private(OKAFOR)[before:]] == [SENTENCES[why]]


async def test_nobody_is_believed_to_be_who_the_message_says(teams: TeamsOffice) -> None:
    """The object id in an activity has to be the one that the connector knows."""
    await teams.propose(REED, WORDS, FACEBOOK)
    sent = teams.pressing(REED, teams.message(FACEBOOK_ROOM), "Approve")
    sent["from"]["aadObjectId"] = user_of(OKAFOR)
    assert (await teams.send(sent)).said == SENTENCES[Why.UNKNOWN]
    for broken in (None, "", "x", user_of(OKAFOR) + "0", 7):
        sent["from"]["aadObjectId"] = broken
        assert (await teams.send(sent)).said == SENTENCES[Why.NOBODY]


async def test_where_teams_cannot_be_asked_nothing_is_done_and_it_is_said(
    teams: TeamsOffice,
) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    teams.teams.fail("member", Says(502))
    card = teams.message(FACEBOOK_ROOM)
    heard = await teams.press(OKAFOR, card, "Approve")
    assert heard.said == SENTENCES[Why.CANNOT_ASK]
    assert (await teams.post(post)).state is State.IN_REVIEW
    await teams.press(OKAFOR, card, "Approve")
    assert (await teams.post(post)).state is State.RELEASED


async def test_somebody_is_asked_about_once_for_a_while(teams: TeamsOffice) -> None:
    for _ in range(3):
        await teams.say(LUND, "help")
    assert len(teams.teams.called("member")) <= 1


async def test_a_colleague_whom_the_list_does_not_hold_hears_how_to_get_on_it(
    teams: TeamsOffice,
) -> None:
    new = teams.teams.add_person("b0000000-0000-4000-8000-000000000001", email="new@x.example")
    await teams.send(ask.message(new, teams.teams.service_url, "whoami"))
    (said,) = teams.teams.texts(new.chat)
    assert "school office" in said


# -- who can be reached ----------------------------------------------------------------------------


async def test_a_post_without_a_channel_goes_to_everybody_who_can_be_reached(
    teams: TeamsOffice,
) -> None:
    take_away(teams, OKAFOR)
    await teams.propose(REED, WORDS, INSTAGRAM)
    assert [bool(teams.private(person)) for person in (OKAFOR, LUND)] == [False, True]


async def test_where_the_head_cannot_be_reached_the_next_in_line_is_to_tell_them(
    teams: TeamsOffice,
) -> None:
    take_away(teams, ADE)
    await teams.propose(REED, WORDS, FACEBOOK)
    await _ask_the_head(teams)
    assert teams.private(ADE) == []
    said = teams.private(SHAH)[-1].text
    assert "Please tell the headteacher" in said
    assert "can't be reached here. Please tell them in person" in said
    assert "only once they are noted as away" in said
    assert "Is this right?" in said
    assert "You are asked to decide" not in said
    assert teams.private(QUINN) == []
    # The head is kept as somebody to be told in person.
    async with teams.application.units.read() as unit:
        state = await _states(unit)
    assert (ADE, "in_person") in state
    assert (SHAH, "done") in state


async def test_where_nobody_at_the_school_can_be_reached_the_trust_is_told(
    teams: TeamsOffice,
) -> None:
    everybody = [person for person in _everybody() if person not in {REED, OKAFOR, QUINN}]
    take_away(teams, *everybody)
    await teams.propose(REED, WORDS, FACEBOOK)
    await _ask_the_head(teams)
    assert "can't be reached here. Please tell them in person" in teams.private(QUINN)[-1].text


async def test_a_head_who_can_be_reached_is_asked_alone(teams: TeamsOffice) -> None:
    await teams.propose(REED, WORDS, FACEBOOK)
    await _ask_the_head(teams)
    assert "You are asked to decide" in teams.private(ADE)[-1].text
    assert not any("You are asked" in it.text for it in teams.private(SHAH))


async def _ask_the_head(teams: TeamsOffice) -> None:
    card = teams.message(FACEBOOK_ROOM)
    await teams.press(OKAFOR, card, "Ask the headteacher", words="Is this right?")


async def _states(unit: object) -> set[tuple[str, str]]:
    rows = await unit._session.execute(sa.select(notice.c.person_id, notice.c.state))  # type: ignore[attr-defined]  # noqa: SLF001
    return {(row.person_id, row.state) for row in rows}


def _everybody() -> list[PersonId]:
    return list(NAMES)


async def test_the_app_that_comes_welcomes_once_and_makes_somebody_reachable(
    teams: TeamsOffice,
) -> None:
    take_away(teams, LUND)
    await teams.propose(REED, WORDS, INSTAGRAM)
    assert teams.private(LUND) == []
    person = teams.someone(LUND)
    person.installed = teams.teams.rooms[person.chat].here = True
    for _ in range(2):
        await teams.install(LUND)
    said = [it.text for it in teams.private(LUND)]
    assert sum("somebody else says yes" in text for text in said) == 1
    await teams.propose(REED, "The choir sings.", INSTAGRAM)
    assert any("The choir sings" in str(it.card) for it in teams.private(LUND))


# -- where cards may stand -------------------------------------------------------------------------


async def test_an_administrator_chooses_the_channel_they_write_in(teams: TeamsOffice) -> None:
    room = "19:new@thread.tacv2"
    teams.teams.add_channel(room, [user_of(BELL), user_of(OKAFOR)])
    await teams.say(BELL, "use-here facebook", room)
    assert "shown here from now on" in teams.message(room).text
    await teams.propose(REED, WORDS, FACEBOOK)
    assert WORDS in str(teams.message(room).card)


@pytest.mark.parametrize(
    ("told", "said"),
    [({"role": "guest"}, "guests"), ({"tenant": "another"}, "another organisation")],
    ids=str,
)
async def test_a_channel_that_somebody_from_outside_reads_gets_no_cards(
    teams: TeamsOffice, told: dict[str, str], said: str
) -> None:
    visitor = teams.teams.add_person("c0000000-0000-4000-8000-000000000001", **told)
    room = "19:new@thread.tacv2"
    teams.teams.add_channel(room, [user_of(BELL), visitor.user])
    teams.teams.page = 1
    await teams.say(BELL, "use-here facebook", room)
    assert said in teams.message(room).text
    await teams.propose(REED, WORDS, FACEBOOK)
    assert not any(it.card for it in teams.teams.messages[room])


async def test_a_private_chat_is_no_channel(teams: TeamsOffice) -> None:
    await teams.say(BELL, "schoolgate use-here facebook")
    assert "Please choose a channel" in teams.private(BELL)[-1].text


async def test_a_guest_who_joins_later_ends_what_stands_there(teams: TeamsOffice) -> None:
    await teams.propose(REED, WORDS, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    visitor = teams.teams.add_person("c0000000-0000-4000-8000-000000000002", role="guest")
    teams.teams.rooms[FACEBOOK_ROOM].members.add(visitor.user)
    url = teams.teams.service_url
    await teams.send(ask.came(teams.someone(BELL), url, FACEBOOK_ROOM, visitor.account))
    assert WORDS not in str(card.card)
    here = Conversation(Platform.TEAMS, FACEBOOK_ROOM)
    assert "guests" in teams.application.reach.closed[here]
    # What is being decided goes to people privately.
    assert any(WORDS in str(it.card) for it in teams.private(LUND))


async def test_a_guest_who_joins_a_team_is_seen_in_each_of_its_channels(
    teams: TeamsOffice,
) -> None:
    """Teams tells of it in the team's first channel alone."""
    await teams.propose(REED, WORDS, FACEBOOK)
    visitor = teams.teams.add_person("c0000000-0000-4000-8000-000000000002", role="guest")
    teams.teams.rooms[FACEBOOK_ROOM].members.add(visitor.user)
    url = teams.teams.service_url
    await teams.send(ask.came(teams.someone(BELL), url, ask.TEAM, visitor.account))
    assert WORDS not in str(teams.message(FACEBOOK_ROOM).card)


# -- where Schoolgate isn't ------------------------------------------------------------------------


ELSEWHERE = "19:meeting_of_others@thread.v2"
USED = "composeExtension/fetchTask"


def used_in(teams: TeamsOffice, person: PersonId, **conversation: str) -> dict[str, object]:
    """*Report a concern*, in a chat to which the bot wasn't added."""
    value = {"commandId": "report", "messagePayload": {"body": {"content": "He is afraid."}}}
    sent = ask.invoke(teams.someone(person), teams.teams.service_url, USED, value)
    return sent | {"conversation": {"tenantId": TENANT, **conversation}}


async def test_a_concern_is_reported_from_a_chat_that_we_are_not_in(teams: TeamsOffice) -> None:
    await teams.install(REED)
    heard = await teams.send(used_in(teams, REED, id=ELSEWHERE))
    assert heard.body["task"]["type"] == "continue", heard.body
    assert teams.connected.places.at(teams.someone(REED).chat) is not None
    assert await teams.connected.places.private(user_of(REED)) == teams.someone(REED).chat


async def test_a_chat_that_we_are_not_in_makes_nobody_a_stranger(teams: TeamsOffice) -> None:
    take_away(teams, REED)
    heard = await teams.send(used_in(teams, REED, id=ELSEWHERE))
    assert SENTENCES[Why.NOT_ADDED] in str(heard.body)
    teams.someone(REED).installed = teams.teams.rooms[teams.someone(REED).chat].here = True
    await teams.say(REED, "whoami")
    assert SENTENCES[Why.NOT_ADDED] not in teams.teams.texts(teams.someone(REED).chat)
    heard = await teams.send(used_in(teams, REED, id=ELSEWHERE))
    assert heard.body["task"]["type"] == "continue", heard.body


async def test_an_invoke_from_nowhere_is_answered_kindly(teams: TeamsOffice) -> None:
    sent = used_in(teams, REED)
    heard = await teams.send(sent)
    assert heard.status == 200
    assert heard.body["task"]["type"] == "message"
    del sent["conversation"]
    heard = await teams.send(sent)
    assert (heard.status, heard.body["task"]["type"]) == (200, "message")
