"""How somebody is answered: to them alone, and by the next way where one is closed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from adapters.slack.answers import Answers
from adapters.slack.compose_views import LOOK
from adapters.slack.films import Films
from adapters.slack.inbound import Origin
from adapters.slack.places import Unsafe
from moderation.kernel import Identity, Platform
from moderation.ports import Conversation
from moderation.posts.model import State
from tests.bot.chat.office import FACEBOOK_PLACE, labels, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_api import Broken, Drops, RateLimited, Refuses
from tests.fakes.slack_dialog import Dialog
from tests.fakes.slack_files import FakeShelf
from tests.fakes.trust import BELL, FACEBOOK, INSTAGRAM, LUND, OKAFOR, REED
from tests.parity import shows


if TYPE_CHECKING:
    from moderation.kernel import BlobId
    from moderation.views import Card
    from tests.bot.chat.office import Office


async def _who_am_i(office: Office, **changes: str) -> None:
    payload = office.typing(REED, "/schoolgate", "whoami") | changes
    assert (await office.send(ask.typed(payload))).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://127.0.0.1:9/steal",
        "https://hooks.slack.com.example/x",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_slacks(
    office: Office, address: str
) -> None:
    await _who_am_i(office, response_url=address)
    [told] = office.slack.workspace.ephemeral
    assert (told.user, told.channel) == (user_of(REED), FACEBOOK_PLACE)
    assert "Sam Reed" in told.text


async def test_an_address_that_is_used_up_is_followed_by_a_whisper(office: Office) -> None:
    payload = office.typing(REED, "/schoolgate", "whoami")
    office.slack.advance(1_801)
    await office.send(ask.typed(payload))
    assert [told.user for told in office.slack.workspace.ephemeral] == [user_of(REED)]


async def test_where_nobody_can_whisper_a_private_message_is_written(office: Office) -> None:
    await _who_am_i(office, response_url="", channel_id="C0ELSEWHERE")
    private = office.slack.workspace.direct(user_of(REED))
    assert "Sam Reed" in office.message(private.id).text


async def test_an_answer_that_cannot_be_given_is_noted_and_no_more(office: Office) -> None:
    office.slack.fail("response", Broken(), Drops())
    for method in ("chat.postEphemeral", "chat.postMessage"):
        office.slack.fail(method, Broken(), Refuses("fatal_error"))
    await _who_am_i(office)
    assert "slack.unanswered" in office.house.log.getvalue()
    assert "Sam Reed" not in office.house.log.getvalue()


async def test_no_level_of_logging_writes_out_an_answer(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    # As if another library had switched it on.
    for name in ("slack_sdk", "slack_sdk.webhook.async_client"):
        caplog.set_level(logging.DEBUG, name)
    await _who_am_i(office)
    assert "Sam Reed" in office.slack.responses[-1].text
    assert "Sam Reed" not in caplog.text


async def test_what_no_dialog_can_say_is_said_by_private_message(office: Office) -> None:
    """Whatever was pressed in the Home tab has been done: a lost line there is no fault of it."""

    async def pictures(_card: Card) -> dict[BlobId, str]:
        return {}

    async def video(_blob: BlobId) -> None:
        return None

    client = office.workspace.line.client
    films = Films(client, FakeShelf(), video)
    answers = Answers(client=client, pictures=pictures, films=films)
    user = user_of(REED)
    office.slack.fail("views.open", Drops())
    pressed = Origin(home=True, trigger=office.slack.trigger(user))
    await answers.say(pressed, Identity(Platform.SLACK, user), ("It is done.",))
    private = office.slack.workspace.direct(user)
    assert office.message(private.id).text == "It is done."


@pytest.mark.parametrize(
    ("seconds", "when"), [(3, "in a minute."), (90, "in a few minutes.")], ids=str
)
async def test_when_slack_opens_no_form_for_now_that_is_said_with_what_was_typed(
    office: Office, seconds: int, when: str
) -> None:
    office.slack.fail("views.open", RateLimited(seconds))
    await office.type(REED, "/propose", "The fair is on Saturday.")
    busy, typed = (it.text for it in office.slack.responses[-2:])
    assert (
        busy == f"Slack is very busy and opens no form. Nothing was lost: please try again {when}"
    )
    assert typed == "You typed: The fair is on Saturday."
    assert "slack.failed" not in office.house.log.getvalue()


async def test_a_dialog_is_filled_as_soon_as_slack_takes_it(office: Office) -> None:
    office.slack.fail("views.update", RateLimited(1))
    await office.type(REED, "/propose", "The fair is on Saturday.")
    assert office.dialog().body["submit"]["text"] == "Propose"
    assert "slack.failed" not in office.house.log.getvalue()


async def test_a_dialog_that_has_no_id_is_not_redrawn(office: Office) -> None:
    await office.type(REED, "/propose", "The fair is on Saturday.")
    form = Dialog({**office.dialog().body, "hash": "1.a"}).sent()
    looked = {
        **ask.submitted(form, form["state"]["values"], user=user_of(REED)),
        "type": "block_actions",
        "actions": [{"action_id": LOOK, "block_id": "accounts", "action_ts": "1.2"}],
    }
    assert (await office.send(ask.interactive(looked))).status == 200
    assert "slack.failed" not in office.house.log.getvalue()


async def test_words_too_long_for_a_message_are_read_in_a_dialog(office: Office) -> None:
    words = "Come to the fair. " * 1_200 + "Zzyzx."
    await office.propose(REED, words, FACEBOOK)
    card = office.message(FACEBOOK_PLACE)
    assert "Zzyzx." not in str(card.blocks)
    await office.press(OKAFOR, card, "Read it all")
    assert "Zzyzx." in str(office.dialog().body["blocks"])


LONG = "Come to the fair. " * 1_200


async def test_a_yes_to_words_too_long_for_a_message_comes_below_all_of_them(
    office: Office,
) -> None:
    post = await office.propose(REED, f"{LONG}Zzyzx.", FACEBOOK)
    card = office.message(FACEBOOK_PLACE)
    await office.press(OKAFOR, card, "Approve")
    assert not (await office.post(post)).approvals
    dialog = office.dialog()
    assert "Zzyzx." in str(dialog.body["blocks"])
    assert dialog.body["submit"]["text"] == "Approve"
    sent = await office.submit(OKAFOR, dialog)
    assert sent.json == {"response_action": "clear"}
    assert [it.person for it in (await office.post(post)).approvals] == [OKAFOR]
    # Who wrote it reads why not, as from any other card.
    await office.propose(REED, f"{LONG}Again.", FACEBOOK)
    await office.press(REED, office.message(FACEBOOK_PLACE), "Approve")
    assert "You wrote this" in str(office.dialog().body["blocks"])


async def test_statements_stand_below_all_the_words(office: Office) -> None:
    post = await office.propose(REED, f"{LONG}https://fair.example/win", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Approve")
    dialog = office.dialog()
    *words, statement = dialog.body["blocks"]
    assert "fair.example/win" in str(words)
    assert statement["element"]["type"] == "checkboxes"
    assert dialog.body["submit"]["text"] == "Approve"
    state = {
        statement["block_id"]: {
            statement["element"]["action_id"]: {
                "type": "checkboxes",
                "selected_options": statement["element"]["options"],
            }
        }
    }
    shown = {**dialog.body, "id": dialog.id, "hash": dialog.hash}
    await office.send(ask.interactive(ask.submitted(shown, state, user=user_of(LUND))))
    assert [it.person for it in (await office.post(post)).approvals] == [LUND]


@shows("confirm", on="slack")
async def test_statements_are_ticked_before_a_yes(office: Office) -> None:
    post = await office.propose(REED, "Win a prize: https://fair.example/win", FACEBOOK)
    card = office.message(FACEBOOK_PLACE)
    await office.press(LUND, card, "Approve")
    dialog = office.dialog()
    ticks = [it for it in dialog.body["blocks"] if it["type"] == "input"]
    assert ticks
    bare = await office.submit(LUND, dialog)
    assert next(iter(bare.json["errors"])) == ticks[0]["block_id"]
    state = {
        it["block_id"]: {
            it["element"]["action_id"]: {
                "type": "checkboxes",
                "selected_options": it["element"]["options"],
            }
        }
        for it in ticks
    }
    shown = {**dialog.body, "id": dialog.id}
    sent = ask.submitted(shown, state, user=user_of(LUND))
    heard = await office.send(ask.interactive(sent))
    assert heard.json == {"response_action": "clear"}
    assert (await office.post(post)).state is State.RELEASED


async def test_cards_are_shown_where_only_staff_read(office: Office) -> None:
    async def home() -> tuple[Conversation, ...]:
        async with office.application.units.read() as unit:
            found: tuple[Conversation, ...] = await unit.homes.conversations(INSTAGRAM)
            return found

    here = Conversation(Platform.SLACK, FACEBOOK_PLACE)
    channel = office.slack.workspace.channels[FACEBOOK_PLACE]
    channel.flags["is_ext_shared"] = True
    await office.type(BELL, "/schoolgate", f"use-here {INSTAGRAM}")
    assert office.slack.responses[-1].text == Unsafe.SHARED
    channel.flags["is_ext_shared"] = False
    await office.type(REED, "/schoolgate", f"use-here {INSTAGRAM}")
    assert await home() == ()
    await office.type(BELL, "/schoolgate", f"use-here {INSTAGRAM}")
    assert await home() == (here,)


async def test_what_stands_in_a_channel_has_no_private_button_for_everybody(
    office: Office,
) -> None:
    await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    assert "Change it" in labels(office.message(FACEBOOK_PLACE))
    await office.press(REED, office.message(FACEBOOK_PLACE), "Change it")
    assert office.dialog().user == user_of(REED)
