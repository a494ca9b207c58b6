"""A message is enough, in Teams too: words and pictures become a draft in the personal chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.taking_in import NO_FILES
from adapters.teams import payload
from adapters.teams.answers import PRIVATELY
from adapters.teams.compose_views import ACCOUNTS, TEXT
from adapters.teams.listeners.messages import A_CONCERN, BEGIN
from tests.adapters.images.pictures import encoded, photo
from tests.adapters.slack.test_inert import strings
from tests.bot.chat.teams_office import FACEBOOK_ROOM, titles
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, HART, REED
from tests.parity import shows


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice
    from tests.fakes.teams_connector import Posted

FAIR = "The summer fair is on Saturday at ten. Everybody is welcome."
NAMED = "Amelia Khan of 4B has won the chess cup."
PICTURE = encoded(photo(), "JPEG")


def draft(teams: TeamsOffice) -> Posted:
    """Sam Reed's newest."""
    return [it for it in teams.private(REED) if "Your draft" in str(it.card)][-1]


@shows("jot-words", on="teams")
async def test_words_become_a_draft_and_what_is_written_next_answers_about_it(
    teams: TeamsOffice,
) -> None:
    await teams.say(REED, FAIR)
    assert FAIR in str(draft(teams).card)
    await teams.say(REED, "facebook")
    await teams.press(REED, draft(teams), "Make this a post")
    card = teams.message(FACEBOOK_ROOM)
    assert FAIR in str(card.card)
    assert "Approve" in titles(card.card)
    assert "It is a post now" in str(draft(teams).card)


@shows("stopped", on="teams")
async def test_what_the_checks_stop_is_said_and_corrected_there(teams: TeamsOffice) -> None:
    await teams.say(REED, NAMED)
    await teams.say(REED, "facebook")
    heard = await teams.press(REED, draft(teams), "Make this a post")
    assert "This can't go out yet. Your words are kept." in heard.said
    assert "Amelia" not in str(teams.teams.messages[FACEBOOK_ROOM])
    await teams.say(REED, f"text: {FAIR}")
    await teams.press(REED, draft(teams), "Make this a post")
    assert FAIR in str(teams.message(FACEBOOK_ROOM).card)


async def test_the_same_message_counts_once(teams: TeamsOffice) -> None:
    for _ in range(3):
        await teams.say(REED, FAIR, id="f:once")
    assert len([it for it in teams.private(REED) if "Your draft" in str(it.card)]) == 1


@shows("jot-picture", on="teams")
async def test_a_picture_amid_the_words_comes_along(teams: TeamsOffice) -> None:
    inline = {"contentType": "image/*", "contentUrl": teams.teams.keep(PICTURE)}
    again = {"contentType": "text/html", "content": f"<p>{FAIR}</p>"}
    await teams.say(REED, FAIR, attachments=[inline, again])
    assert "Describe the picture" in str(draft(teams).card)


@shows("colleagues", on="teams")
async def test_colleagues_in_a_picture_are_told_by_name(teams: TeamsOffice) -> None:
    inline = {"contentType": "image/*", "contentUrl": teams.teams.keep(PICTURE)}
    await teams.say(REED, FAIR, attachments=[inline])
    for said in ("facebook", "nobody", "picture: A stall", "staff: Mr Lund"):
        await teams.say(REED, said)
    assert {"Colleagues in it", "Mr Erik Lund"} <= set(strings(draft(teams).card))
    await teams.press(REED, draft(teams), "Make this a post")
    assert "No pupils; colleagues: Mr Erik Lund" in str(teams.message(FACEBOOK_ROOM).card)


async def test_a_list_of_pupils_is_not_read(teams: TeamsOffice) -> None:
    sheet = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": "4B.xlsx",
        "content": {
            "downloadUrl": "https://oakfield-my.sharepoint.com/4B.xlsx?tempauth=x",
            "fileType": "xlsx",
        },
    }
    await teams.say(REED, "", attachments=[sheet])
    assert NO_FILES in teams.private(REED)[-1].text


async def test_propose_in_a_channel_begins_a_draft_in_the_private_chat(teams: TeamsOffice) -> None:
    before = len(teams.teams.messages[FACEBOOK_ROOM])
    await teams.say(REED, f"propose {FAIR}", FACEBOOK_ROOM)
    assert FAIR in str(draft(teams).card)
    [said] = teams.teams.messages[FACEBOOK_ROOM][before:]
    assert said.text == PRIVATELY


@shows("propose-form", on="teams")
async def test_propose_alone_says_how_to_begin_and_offers_the_form(teams: TeamsOffice) -> None:
    """As ``/propose`` opens the form in Slack; a client that opens none is told how to go on."""
    await teams.say(REED, "propose")
    card = teams.private(REED)[-1].card
    assert BEGIN in set(strings(card))
    [button] = card["actions"]
    assert button["data"]["msteams"] == {"type": "task/fetch"}
    url = teams.teams.service_url
    asked = ask.invoke(teams.someone(REED), url, "task/fetch", {"data": button["data"]})
    opened = await teams.send(asked)
    form = opened.body["task"]["value"]["card"]["content"]
    [send] = form["actions"]
    filled = {payload.words_id(TEXT): FAIR, payload.many_id(ACCOUNTS): payload.items([FACEBOOK])}
    sent = {"data": send["data"] | filled}
    heard = await teams.send(ask.invoke(teams.someone(REED), url, "task/submit", sent))
    assert "moderators" in str(heard.body)
    assert FAIR in str(teams.message(FACEBOOK_ROOM).card)


async def test_propose_alone_in_a_channel_is_answered_privately(teams: TeamsOffice) -> None:
    await teams.say(REED, "propose", FACEBOOK_ROOM)
    assert BEGIN in set(strings(teams.private(REED)[-1].card))
    assert teams.message(FACEBOOK_ROOM).text == PRIVATELY


async def test_who_may_have_meant_to_report_is_told_how(teams: TeamsOffice) -> None:
    """News of report cards begins with the same word, so it is a draft that only they see."""
    await teams.say(REED, "report He says that he is afraid to go home.")
    assert any(it.text == A_CONCERN for it in teams.private(REED))
    assert "Only you see this" in str(draft(teams).card)
    await teams.say(REED, "report")
    assert "Send it privately" in titles(teams.private(REED)[-1].card)


async def test_whoever_may_not_propose_is_told_so(teams: TeamsOffice) -> None:
    await teams.say(HART, FAIR)
    assert "can't propose" in teams.private(HART)[-1].text
