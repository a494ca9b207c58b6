"""What is typed in Slack, the shortcuts and the mentions, with the real service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.slack import names
from adapters.slack.limits import problems
from moderation.posts.model import State
from tests.bot.chat.office import FACEBOOK_PLACE, labels, opened, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.trust import ADE, BELL, FACEBOOK, LUND, NOVAK, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from tests.applications import Applications
    from tests.bot.chat.office import Office


@shows("channels", on="slack")
@proves("AUR-REG-1", platform="slack")
async def test_the_accounts_are_listed_to_whoever_asks(office: Office) -> None:
    heard = await office.type(REED, "/channels", "x")
    assert (heard.status, heard.text) == (200, "")
    told = office.slack.responses[-1]
    assert "Oakfield PE and Sport" in told.text
    assert "Oakfield Pictures" not in told.text
    assert told.body["response_type"] == "ephemeral"


@shows("help", on="slack")
async def test_help_calls_the_commands_by_their_names(office: Office) -> None:
    for typed in ("", "help"):
        await office.type(REED, "/schoolgate", typed)
        said = office.slack.responses[-1].text
        assert "/propose" in said
        assert "/schoolgate pause" in said


@shows("help", on="slack")
@pytest.mark.parametrize(
    ("typed", "nearest"), [("paus", "/schoolgate pause"), ("ques", "/schoolgate queue")]
)
async def test_what_is_not_known_is_answered_with_the_nearest(
    office: Office, typed: str, nearest: str
) -> None:
    await office.type(REED, "/schoolgate", typed)
    assert f"Did you mean {nearest}?" in office.slack.responses[-1].text


async def test_commands_can_be_called_otherwise(applications: Applications) -> None:
    renamed = {
        "SCHOOLGATE_CHAT__SLACK__COMMANDS__CHANNELS": "/accounts",
        "SCHOOLGATE_CHAT__SLACK__COMMANDS__SCHOOLGATE": "/sg",
    }
    async with opened(applications, **renamed) as office:
        await office.type(REED, "/accounts")
        assert "Oakfield" in office.slack.responses[-1].text
        await office.type(REED, "/sg", "paus")
        said = office.slack.responses[-1].text
        assert "Did you mean /sg pause? Type /sg help" in said
        # A command that Slack still has from before.
        await office.type(REED, "/channels")
        assert "I don't know /channels." in office.slack.responses[-1].text
        await office.type(REED, "/account")
        assert "Did you mean /accounts?" in office.slack.responses[-1].text


async def test_who_am_i(office: Office) -> None:
    await office.type(REED, "/schoolgate", "whoami")
    assert "Sam Reed" in office.slack.responses[-1].text


@shows("pause", on="slack")
@proves("AUR-CRISIS-1", platform="slack")
async def test_all_posts_are_paused_and_started(office: Office) -> None:
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    card = office.message(FACEBOOK_PLACE)
    await office.type(ADE, "/schoolgate", "pause")
    assert "Pause all posts" in labels(office.slack.responses[-1])
    await office.press(ADE, office.slack.responses[-1], "Pause all posts", ephemeral=True)
    done = await office.submit(ADE, office.dialog(), reason="A flood at the school.")
    assert done.json == {"response_action": "clear"}
    assert "are paused" in office.slack.responses[-1].text
    await office.press(OKAFOR, card, "Approve")
    assert (await office.post(post)).state is State.APPROVED
    await office.type(ADE, "/schoolgate", "start")
    assert "go out again" in office.slack.responses[-1].text
    await office.type(REED, "/schoolgate", "pause For fun.")
    assert "You can't pause all posts yourself." in office.slack.responses[-1].text


# -- reports --------------------------------------------------------------------------------------


@shows("report", on="slack")
@proves("HARM-DSL-1", platform="slack")
async def test_a_concern_goes_privately_to_the_safeguarding_lead(office: Office) -> None:
    await office.type(REED, "/report", "A child cried at the gate.")
    dialog = office.dialog()
    assert "ring 999" in str(dialog.body["blocks"])
    [box] = [it for it in dialog.body["blocks"] if it.get("block_id") == "words"]
    assert box["element"]["initial_value"] == "A child cried at the gate."

    empty = await office.submit(REED, dialog, words=" ")
    assert list(empty.json["errors"]) == ["words"]
    done = await office.submit(REED, dialog, words="A child cried at the gate.")
    assert done.json == {"response_action": "clear"}
    assert "ring 999" in office.slack.responses[-1].text
    assert office.slack.responses[-1].user == user_of(REED)

    workspace = office.slack.workspace
    everything = str([it.body for texts in workspace.messages.values() for it in texts])
    assert "cried" not in everything
    lead = next(it.id for it in workspace.channels.values() if it.user == user_of(NOVAK))
    assert "A concern about a child" in office.message(lead).text

    # Its words are read by whoever was asked, in a dialog, and stay in no conversation.
    await office.press(NOVAK, office.message(lead), "Read it")
    reading = office.dialog()
    assert "cried" in str(reading.body["blocks"])
    assert problems(reading.body) == ()
    await office.press(BELL, office.message(lead), "Read it")
    assert office.dialog() is not reading
    assert "cried" not in str(office.dialog().body["blocks"])
    assert "can't find that report" in str(office.dialog().body["blocks"])


@shows("report-message", on="slack")
async def test_shortcuts_report_with_and_without_a_message(office: Office) -> None:
    user = user_of(REED)
    trigger = office.slack.trigger(user)
    await office.send(
        ask.interactive(ask.shortcut(names.REPORT_CONCERN, user=user, trigger=trigger))
    )
    assert office.dialog().body["callback_id"] == "form"
    words = "He &lt;hit&gt; me &amp; ran"
    message = {"ts": "1790000000.000009", "user": user_of(BELL), "text": words}
    payload = ask.shortcut(
        names.REPORT_MESSAGE, user=user, trigger=office.slack.trigger(user), message=message
    )
    await office.send(ask.interactive(payload))
    [box] = [it for it in office.dialog().body["blocks"] if it.get("block_id") == "words"]
    assert box["element"]["initial_value"] == "He <hit> me & ran"


async def test_a_message_that_is_rich_text_alone_can_be_reported(office: Office) -> None:
    user = user_of(REED)
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "He hit me."}]}
    message = {
        "ts": "1790000000.000009",
        "user": user_of(BELL),
        "text": "",
        "blocks": [{"type": "rich_text", "elements": [section]}],
    }
    payload = ask.shortcut(
        names.REPORT_MESSAGE, user=user, trigger=office.slack.trigger(user), message=message
    )
    await office.send(ask.interactive(payload))
    [box] = [it for it in office.dialog().body["blocks"] if it.get("block_id") == "words"]
    assert box["element"]["initial_value"] == "He hit me."


async def test_a_form_that_comes_too_late_is_said_so(office: Office) -> None:
    user = user_of(REED)
    payload = ask.command(
        "/report",
        "It worries me.",
        user=user,
        channel=FACEBOOK_PLACE,
        trigger=office.slack.trigger(user),
        response_url=office.slack.response_url(FACEBOOK_PLACE, user),
    )
    office.slack.advance(4)
    await office.send(ask.typed(payload))
    late, words = office.slack.responses
    assert "Nothing was lost: please try again." in late.text
    assert "It worries me." in words.text


# -- events ---------------------------------------------------------------------------------------


async def test_a_mention_is_answered_to_its_writer_once(office: Office) -> None:
    event = ask.mentioned("<@U0SCHOOLGATE> hello", user=user_of(REED), channel=FACEBOOK_PLACE)
    for retry in range(3):
        assert (await office.send(ask.happened(event, retry=retry))).status == 200
    [told] = office.slack.workspace.ephemeral
    assert told.user == user_of(REED)
    assert "/propose" in told.text
    assert office.slack.workspace.texts(FACEBOOK_PLACE) == ()


async def test_a_mention_in_a_thread_is_answered_there(office: Office) -> None:
    sent = ask.mentioned("<@U0SCHOOLGATE>", user=user_of(REED), channel=FACEBOOK_PLACE)
    event = {**sent["event"], "thread_ts": "1790000000.000007"}
    await office.send(ask.happened({**sent, "event": event}))
    [told] = office.slack.workspace.ephemeral
    assert told.body["thread_ts"] == "1790000000.000007"


async def test_what_nobody_listens_for_is_acknowledged(office: Office) -> None:
    user = user_of(REED)
    event = ask.mentioned("x", user=user, channel=FACEBOOK_PLACE)
    for kind in ("message", "reaction_added", "app_uninstalled", "tokens_revoked"):
        sent = {**event, "event_id": f"Ev{kind}", "event": {**event["event"], "type": kind}}
        assert (await office.send(ask.happened(sent))).status == 200
    unknown = ask.shortcut("another_app", user=user, trigger=office.slack.trigger(user))
    assert (await office.send(ask.interactive(unknown))).status == 200
    view = {"id": "V0OLD", "type": "modal", "callback_id": "older", "blocks": []}
    heard = await office.send(ask.interactive(ask.submitted(view, {}, user=user)))
    assert heard.json["response_action"] == "update"
    search = {
        **ask.submitted(view, {}, user=user),
        "type": "block_suggestion",
        "action_id": "older",
        "block_id": "b",
        "value": "Amelia",
    }
    assert (await office.send(ask.interactive(search))).json == {"options": []}


async def test_slack_looks_whether_the_address_is_alive(office: Office) -> None:
    alive = ask.Sent(b"ssl_check=1&token=x")
    assert (await office.send(alive, {"Content-Type": ask.FORM})).status == 200
    challenge = ask.happened({"type": "url_verification", "challenge": "abc", "token": "t"})
    assert (await office.send(challenge)).json == {"challenge": "abc"}


@shows("away", on="slack")
async def test_somebody_says_in_slack_that_they_are_away_and_back(office: Office) -> None:
    await office.type(OKAFOR, "/schoolgate", "away until Friday")
    told = office.slack.responses[-1]
    assert "You are away from today until Friday" in told.text
    assert told.body["response_type"] == "ephemeral"
    await office.type(OKAFOR, "/schoolgate", "back")
    assert "here again" in office.slack.responses[-1].text
    await office.type(OKAFOR, "/schoolgate", "away")
    assert "Until when?" in office.slack.responses[-1].text


@shows("names", on="slack")
@proves("STEP-NAME-1", platform="slack")
async def test_a_name_is_kept_by_two_people(office: Office) -> None:
    await office.type(LUND, "/schoolgate", "names")
    listed = office.slack.responses[-1]
    assert listed.body["response_type"] == "ephemeral"
    await office.press(LUND, listed, "Keep a name", ephemeral=True)
    dialog = office.dialog()
    pupil = await office.submit(LUND, dialog, name="Amelia Khan", kind="visitor")
    assert list(pupil.json["errors"]) == ["name"]
    done = await office.submit(LUND, dialog, name="Amelia Thistlewick", kind="visitor")
    assert done.json == {"response_action": "clear"}
    assert "It counts once" in office.slack.responses[-1].text

    # The card goes to the others who may say yes there, privately, and its buttons name nobody.
    workspace = office.slack.workspace
    hers = next(it.id for it in workspace.channels.values() if it.user == user_of(OKAFOR))
    card = office.message(hers)
    assert "Amelia Thistlewick" in card.text
    rows = [it for it in card.body["blocks"] if it["type"] == "actions"]
    assert rows
    assert "Thistlewick" not in str([button["value"] for it in rows for button in it["elements"]])
    assert "Thistlewick" not in str(workspace.messages.get(FACEBOOK_PLACE, ()))
    assert not any(it.user == user_of(REED) for it in workspace.channels.values())
    await office.press(OKAFOR, card, "Agree")
    assert "Kept until" in office.message(hers).text
    his = next(it.id for it in workspace.channels.values() if it.user == user_of(LUND))
    assert "agreed" in office.message(his).text

    await office.type(OKAFOR, "/schoolgate", "names add Amelia Thistlewick visitor")
    assert "kept already" in office.slack.responses[-1].text
    await office.type(OKAFOR, "/schoolgate", "names remove Amelia Thistlewick")
    assert "asked about" in office.slack.responses[-1].text
    await office.type(REED, "/schoolgate", "names")
    assert "Only those who may say yes" in office.slack.responses[-1].text
