"""The form of a post in Teams: in a dialog, by an action on a message, and in a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from adapters import writing
from adapters.sentences import MAY_NOT_PROPOSE
from adapters.teams import payload
from adapters.teams.compose_views import ACCOUNTS, TEXT
from adapters.teams.envelope import CONTENT_TYPE, Message
from adapters.teams.limits import problems
from adapters.teams.listeners.compose import NOT_WITH_IT, PICTURES_STAY, UNKNOWN
from moderation.posts.model import State
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, user_of
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, HART, LUND, NOVAK, OKAFOR, REED
from tests.parity import shows


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.bot.chat.teams_office import Heard, TeamsOffice

Json = dict[str, Any]

FAIR = "The summer fair is on Saturday at ten."
NAMED = "Amelia Khan of 4B has won the chess cup."
USED, ENTERED = "composeExtension/fetchTask", "composeExtension/submitAction"


async def invoke(teams: TeamsOffice, person: PersonId, name: str, value: Json) -> Heard:
    asked = ask.invoke(teams.someone(person), teams.teams.service_url, name, value, FACEBOOK_ROOM)
    return await teams.send(asked)


async def used(teams: TeamsOffice, person: PersonId, command: str, **message: object) -> Heard:
    """An action of the message extension, on a message where one is given."""
    payload_ = {"messagePayload": message} if message else {}
    return await invoke(teams, person, USED, {"commandId": command, **payload_})


def dialog(heard: Heard) -> Json:
    """The card of the dialog that came, which Teams would draw."""
    task = heard.body["task"]
    assert task["type"] == "continue", heard.body
    card = task["value"]["card"]
    assert card["contentType"] == CONTENT_TYPE
    assert problems(Message(card=card["content"], summary="Dialog")) == ()
    content: Json = card["content"]
    return content


def told(heard: Heard) -> str:
    """What a dialog ended with."""
    assert heard.body["task"]["type"] == "message", heard.body
    return str(heard.body["task"]["value"])


def data(card: Json, **fields: str) -> Json:
    """What a client sends when the form's one button is pressed."""
    [button] = card["actions"]
    return {**button["data"], **fields}


def filled(card: Json, text: str, account: str = FACEBOOK, **more: str) -> Json:
    chosen = payload.items([account])
    return data(card, **{payload.words_id(TEXT): text, payload.many_id(ACCOUNTS): chosen}, **more)


@shows("propose-form", "stopped", on="teams")
async def test_a_post_is_written_in_a_dialog_stopped_corrected_and_shown(
    teams: TeamsOffice,
) -> None:
    form = dialog(await used(teams, REED, "propose"))
    again = dialog(await invoke(teams, REED, ENTERED, {"data": filled(form, NAMED)}))
    assert "Amelia Khan" in str(again)
    assert writing.AS_IT_IS.split(":")[0] in str(again)
    assert NAMED in str(again)
    before = len(teams.teams.messages[FACEBOOK_ROOM])
    sent = {"data": filled(again, FAIR)}
    assert "moderators" in told(await invoke(teams, REED, ENTERED, sent))
    assert "already" in told(await invoke(teams, REED, ENTERED, sent))
    assert len(teams.teams.messages[FACEBOOK_ROOM]) == before + 1
    assert FAIR in str(teams.message(FACEBOOK_ROOM).card)


async def test_what_is_missing_is_said_and_nothing_typed_is_lost(teams: TeamsOffice) -> None:
    form = dialog(await used(teams, REED, "propose"))
    again = dialog(await invoke(teams, REED, "task/submit", {"data": filled(form, FAIR, "")}))
    assert writing.NO_ACCOUNT in str(again)
    assert FAIR in str(again)


async def test_what_is_stopped_can_be_kept_to_ask_the_head(teams: TeamsOffice) -> None:
    form = dialog(await used(teams, REED, "propose"))
    sent = {"data": filled(form, NAMED)}
    await invoke(teams, REED, ENTERED, sent)
    assert told(await invoke(teams, REED, ENTERED, sent))
    assert "Amelia Khan" in str(teams.private(REED)[-1].card)
    assert "Amelia Khan" not in str(teams.teams.messages[FACEBOOK_ROOM])


@shows("propose-message", on="teams")
async def test_a_message_is_proposed_and_its_writer_cannot_say_yes(teams: TeamsOffice) -> None:
    message = {
        "body": {"contentType": "html", "content": f"<div>{FAIR}</div>"},
        "from": {"user": {"id": user_of(LUND)}},
    }
    form = dialog(await used(teams, REED, "propose", **message))
    assert FAIR in str(form)
    assert writing.WRITER in str(form)
    await invoke(teams, REED, ENTERED, {"data": filled(form, FAIR)})
    card = teams.message(FACEBOOK_ROOM)
    assert "You wrote this" in (await teams.press(LUND, card, "Approve")).said
    assert (await teams.press(OKAFOR, card, "Approve")).said


async def test_a_message_s_pictures_are_asked_for_in_the_private_chat(teams: TeamsOffice) -> None:
    html = '<p>Peas<img src="https://graph.microsoft.com/v1.0/x/$value"></p>'
    form = dialog(await used(teams, REED, "propose", body={"contentType": "html", "content": html}))
    assert PICTURES_STAY in str(form)


@shows("revise", on="teams")
async def test_a_post_is_corrected_in_a_card_that_only_its_author_sees(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, FAIR, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    form = (await teams.press(REED, card, "Change it")).card
    assert FAIR in str(form)
    better = FAIR.replace("ten", "eleven")
    send, _back = form["actions"]
    pressed = ask.pressed(
        teams.someone(REED),
        teams.teams.service_url,
        send,
        FACEBOOK_ROOM,
        card.id,
        **{payload.words_id(TEXT): better, payload.many_id(ACCOUNTS): payload.items([FACEBOOK])},
    )
    assert (await teams.send(pressed)).status == 200
    stored = await teams.post(post)
    assert stored.state is State.IN_REVIEW
    assert better in str(teams.message(FACEBOOK_ROOM).card)
    assert teams.message(FACEBOOK_ROOM) is card


async def test_whoever_may_not_change_it_reads_nothing_of_it(teams: TeamsOffice) -> None:
    await teams.propose(REED, FAIR, FACEBOOK)
    fetched = {"data": {**action(teams.message(FACEBOOK_ROOM).card, "Change it")["data"]}}
    heard = await invoke(teams, HART, "task/fetch", fetched)
    assert FAIR not in str(heard.body)


async def test_whoever_may_propose_nowhere_is_told_so(teams: TeamsOffice) -> None:
    assert MAY_NOT_PROPOSE in str(dialog(await used(teams, HART, "propose")))


@shows("report-message", on="teams")
async def test_a_message_is_reported_and_the_safeguarding_lead_hears_of_it(
    teams: TeamsOffice,
) -> None:
    worry = "He says that he is afraid to go home."
    heard = await used(teams, REED, "report", body={"contentType": "text", "content": worry})
    form = dialog(heard)
    assert worry in str(form)
    fields = {
        it["id"]: str(it.get("value") or (it["choices"][0]["value"] if "choices" in it else ""))
        for it in form["body"]
        if str(it.get("type")).startswith("Input.")
    }
    said = told(await invoke(teams, REED, ENTERED, {"data": data(form, **fields)}))
    assert said
    assert any("concern" in str(it.card).lower() for it in teams.private(NOVAK))
    assert "afraid" not in str(teams.teams.messages[FACEBOOK_ROOM])


@shows("photos", on="teams")
async def test_who_may_not_be_shown_is_read_in_a_dialog_and_nowhere_else(
    teams: TeamsOffice,
) -> None:
    await teams.say(REED, "schoolgate photos 4B")
    [button] = teams.private(REED)[-1].card["actions"]
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    shown = dialog(await invoke(teams, REED, "task/fetch", {"data": button["data"]}))
    assert "4B" in str(shown)
    assert "actions" not in shown or not shown["actions"]
    assert all("Khan" not in str(it.activity) for it in teams.private(REED))


@pytest.mark.parametrize("value", [{}, {"data": {"sg": "{}"}}, {"data": "x"}, {"data": {"sg": 1}}])
@pytest.mark.parametrize("name", ["task/fetch", "task/submit", ENTERED])
async def test_what_cannot_be_read_changes_nothing(
    teams: TeamsOffice, name: str, value: Json
) -> None:
    assert "Nothing changed" in told(await invoke(teams, REED, name, value))


async def test_an_unknown_action_is_answered_kindly(teams: TeamsOffice) -> None:
    assert told(await used(teams, REED, "dance")) == UNKNOWN


async def test_a_search_that_is_not_ours_finds_nobody(teams: TeamsOffice) -> None:
    for dataset in ("pupils/01NOTHING", "people", ""):
        value = {"queryText": "Ame", "dataset": dataset, "queryOptions": {"top": 15}}
        heard = await invoke(teams, REED, "application/search", value)
        assert heard.body["value"] == {"results": []}


async def test_what_of_a_reported_message_stays_behind_is_said_and_where_it_stands(
    teams: TeamsOffice,
) -> None:
    link = "https://teams.microsoft.com/l/message/19%3Afacebook%40thread.tacv2/1700000000001"
    html = '<p>Look<img src="https://graph.microsoft.com/v1.0/x/$value"></p>'
    body = {"contentType": "html", "content": html}
    form = dialog(await used(teams, REED, "report", body=body, linkToMessage=link))
    assert NOT_WITH_IT in str(form)
    place = next(it for it in form["body"] if it.get("id") == payload.words_id("place"))
    assert place["value"] == link
    plain = {"contentType": "text", "content": "Look"}
    form = dialog(await used(teams, REED, "report", body=plain, linkToMessage="javascript:alert()"))
    assert NOT_WITH_IT not in str(form)
    assert "javascript" not in str(form)
