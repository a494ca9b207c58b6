"""Deciding in Slack, with the real service: what happens, and what nobody can make happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from adapters import payloads
from adapters.slack.limits import problems
from moderation.checks.model import NotAPupil
from moderation.posts.model import State
from moderation.posts.present.forms import WHOSE
from moderation.views import Intent
from tests.bot.chat.office import FACEBOOK_PLACE, button, labels, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_dialog import Dialog
from tests.fakes.trust import FACEBOOK, LUND, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.bot.chat.office import Office

WORDS = "The fair is on Saturday."


@pytest.fixture
async def post(office: Office) -> PostId:
    return await office.propose(REED, WORDS, FACEBOOK)


@shows("approve", on="slack")
async def test_a_second_person_approves_with_a_button(office: Office, post: PostId) -> None:
    card = office.message(FACEBOOK_PLACE)
    assert WORDS in card.text
    heard = await office.press(OKAFOR, card, "Approve")
    assert (heard.status, heard.text) == (200, "")
    assert (await office.post(post)).state is State.RELEASED
    assert [told.user for told in office.slack.responses] == [user_of(OKAFOR)]
    assert office.slack.responses[0].body["response_type"] == "ephemeral"
    # The card of everybody is redrawn where it stands.
    assert "Approve" not in labels(office.message(FACEBOOK_PLACE))
    assert office.message(FACEBOOK_PLACE).ts == card.ts


@shows("own-yes", on="slack")
@proves("STEP-MOD-1", "MET-MOD-1", platform="slack")
async def test_an_author_is_refused_to_themselves_alone(office: Office, post: PostId) -> None:
    await office.press(REED, office.message(FACEBOOK_PLACE), "Approve")
    assert "You wrote this, so somebody else needs to say yes." in office.heard()
    assert [told.user for told in office.slack.responses] == [user_of(REED)]
    assert (await office.post(post)).state is State.IN_REVIEW
    assert not any("You wrote" in text for text in office.slack.workspace.texts(FACEBOOK_PLACE))


async def test_an_author_who_rejects_hears_it_before_a_word_is_typed(
    office: Office, post: PostId
) -> None:
    await office.press(REED, office.message(FACEBOOK_PLACE), "Reject")
    dialog = office.dialog().body
    assert "submit" not in dialog
    assert "somebody else" in str(dialog["blocks"])
    assert (await office.post(post)).state is State.IN_REVIEW


@shows("reason", on="slack")
async def test_a_reason_is_asked_for_in_a_dialog(office: Office, post: PostId) -> None:
    card = office.message(FACEBOOK_PLACE)
    await office.press(LUND, card, "Reject")
    dialog = office.dialog()
    assert dialog.body["title"]["text"] == "Reject this post"
    assert "entitled to read this" in str(dialog.body["blocks"])

    empty = await office.submit(LUND, dialog, reason=" ")
    assert empty.json["response_action"] == "errors"
    assert list(empty.json["errors"]) == ["reason"]
    assert (await office.post(post)).state is State.IN_REVIEW

    done = await office.submit(LUND, dialog, reason="The date is wrong.")
    assert done.json == {"response_action": "clear"}
    assert (await office.post(post)).state is State.REJECTED
    # Sent once more, it counts once, and is told as if it were the first time.
    again = await office.submit(LUND, dialog, reason="The date is wrong.")
    assert again.json == {"response_action": "clear"}
    assert len((await office.post(post)).vetoes) == 1


async def test_a_reason_is_given_back_where_it_comes_too_late(office: Office, post: PostId) -> None:
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Reject")
    dialog = office.dialog()
    await office.press(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    late = await office.submit(LUND, dialog, reason="The date is wrong.")
    assert late.json["response_action"] == "update"
    assert problems(late.json["view"]) == ()
    assert "The date is wrong." in str(late.json["view"]["blocks"])
    assert (await office.post(post)).state is State.RELEASED


async def test_what_has_no_field_in_an_older_form_is_said_in_its_place(office: Office) -> None:
    """Slack answers a sentence under a field that isn't there with a trouble of its own."""
    post = await office.propose(REED, "Win a prize: https://fair.example/win", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Approve")
    dialog = office.dialog()
    older = [it for it in dialog.body["blocks"] if it["type"] != "input"]
    shown = {**dialog.body, "id": dialog.id, "blocks": older}
    heard = await office.send(ask.interactive(ask.submitted(shown, {}, user=user_of(LUND))))
    assert heard.json["response_action"] == "update"
    assert (await office.post(post)).state is State.IN_REVIEW


@shows("once", on="slack")
async def test_a_double_click_counts_once(office: Office, post: PostId) -> None:
    card = office.message(FACEBOOK_PLACE)
    payload = office.pressing(OKAFOR, card, "Approve")
    for _ in range(2):
        assert (await office.send(ask.interactive(payload))).status == 200
    assert len((await office.post(post)).approvals) == 1


@shows("once", on="slack")
async def test_a_late_click_changes_nothing_and_says_so(office: Office, post: PostId) -> None:
    card = office.message(FACEBOOK_PLACE)
    late = office.pressing(LUND, card, "Approve")
    await office.press(OKAFOR, card, "Approve")
    await office.send(ask.interactive(late))
    assert "Nothing changed" in office.slack.responses[-1].text
    assert len((await office.post(post)).approvals) == 1


async def test_a_form_of_an_older_version_is_not_opened(office: Office, post: PostId) -> None:
    payload = office.pressing(LUND, office.message(FACEBOOK_PLACE), "Reject")
    intent = Intent(verb="post.reject", id=post, rev=7)
    payload["actions"][0]["value"] = payloads.dumps(intent)
    await office.send(ask.interactive(payload))
    assert "submit" not in office.dialog().body
    assert (await office.post(post)).state is State.IN_REVIEW


FORGED: dict[str, Any] = {
    "no payload": {},
    "no JSON": {"value": "approve it"},
    "another verb": {"value": '{"v":1,"verb":"post.publish","id":"01X","rev":1}'},
    "words beside it": {"value": '{"v":1,"verb":"post.approve","id":"01X","rev":1,"by":"ade"}'},
    "another type": {"value": ["post.approve"]},
    "a newer version": {"value": '{"v":2,"verb":"post.approve","id":"01X","rev":1}'},
    "no such post": {"value": '{"v":1,"verb":"post.approve","id":"01NOWHERE","rev":1}'},
    "a menu without a choice": {"type": "overflow", "action_id": "more:1", "value": None},
}


@shows("once", on="slack")
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_button_changes_nothing_and_is_answered(
    office: Office, post: PostId, forged: dict[str, Any]
) -> None:
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    payload["actions"][0] |= {"value": None} | forged
    heard = await office.send(ask.interactive(payload))
    assert heard.status == 200
    assert office.heard()
    assert (await office.post(post)).state is State.IN_REVIEW


async def test_a_forged_dialog_changes_nothing(office: Office, post: PostId) -> None:
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Reject")
    dialog = office.dialog()
    for forged in ("", "{}", "[1]", '{"intent":{},"request":"x"}', "{" * 2000):
        dialog.body = {**dialog.body, "private_metadata": forged}
        heard = await office.submit(LUND, dialog, reason="No.")
        assert heard.json["response_action"] == "update"
    assert (await office.post(post)).state is State.IN_REVIEW


# -- whose a name is -----------------------------------------------------------------------------


def _choosing(office: Office, choice: str) -> tuple[dict[str, Any], str]:
    """The open dialog with this choice made in it, as it is sent; and the name of its field."""
    view = office.dialog()
    dialog = Dialog({**view.body, "id": view.id, "hash": view.hash})
    [field] = dialog.fields
    if choice:
        dialog.choose(field, choice)
    shown = dialog.sent()
    return ask.submitted(shown, shown["state"]["values"], user=user_of(LUND)), field


@pytest.mark.parametrize("kind", NotAPupil)
async def test_whose_a_name_is_is_chosen_before_a_yes(office: Office, kind: NotAPupil) -> None:
    post = await office.propose(REED, "Amelia read her book to us.", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Approve")
    element = Dialog(office.dialog().body).block("confirm").get("element", {})
    assert [it["value"] for it in element["options"]] == list(NotAPupil)
    assert "initial_option" not in element
    assert "Amelia" in Dialog(office.dialog().body).words()

    bare, field = _choosing(office, "")
    heard = await office.send(ask.interactive(bare))
    assert heard.json["response_action"] == "errors"
    assert list(heard.json["errors"]) == [field]
    assert "Please say whose name it is" in heard.json["errors"][field]
    assert (await office.post(post)).approvals == ()

    chosen, _ = _choosing(office, WHOSE[kind])
    assert (await office.send(ask.interactive(chosen))).json == {"response_action": "clear"}
    [approval] = (await office.post(post)).approvals
    assert [said for _, said in approval.whose] == [kind]
    # Sent once more, it is one yes with one answer.
    await office.send(ask.interactive(chosen))
    assert len((await office.post(post)).approvals) == 1


async def test_a_forged_answer_to_whose_a_name_is_is_no_answer(office: Office) -> None:
    post = await office.propose(REED, "Amelia read her book to us.", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Approve")
    sent, field = _choosing(office, WHOSE[NotAPupil.OTHER])
    [held] = sent["view"]["state"]["values"][field].values()
    others: tuple[dict[str, Any], ...] = (
        {"selected_option": {"value": "pupil"}},
        {"selected_option": {"value": ""}},
        {"selected_option": None},
        {"type": "checkboxes", "selected_options": [{"value": "yes"}]},
        {"type": "plain_text_input", "value": "on"},
    )
    for other in others:
        held |= other
        heard = await office.send(ask.interactive(sent))
        assert heard.json["response_action"] in {"errors", "update"}
        assert (await office.post(post)).approvals == ()


# -- who may speak --------------------------------------------------------------------------------


async def _approves(office: Office, user: str, **changes: object) -> None:
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    payload["user"] = ask.person(user)
    payload["response_url"] = office.slack.response_url(FACEBOOK_PLACE, user)
    assert (await office.send(ask.interactive(payload | changes))).status == 200


@proves("MET-MOD-3", platform="slack")
async def test_strangers_are_answered_kindly_and_do_nothing(office: Office, post: PostId) -> None:
    add = office.slack.workspace.add_user
    add("U0GUEST", is_restricted=True)
    add("U0ROBOT", is_bot=True)
    add("U0AWAY", team="T0ELSEWHERE", is_stranger=True)
    for user, word in (("U0GUEST", "Guests"), ("U0ROBOT", "Apps"), ("U0AWAY", "own workspace")):
        await _approves(office, user)
        assert word in office.slack.responses[-1].text
        assert (await office.post(post)).approvals == ()


async def test_another_workspace_decides_nothing(office: Office, post: PostId) -> None:
    await _approves(office, user_of(OKAFOR), team={"id": "T0ELSEWHERE", "domain": "elsewhere"})
    assert "own workspace" in office.heard()
    assert (await office.post(post)).approvals == ()


async def test_a_member_whom_the_school_does_not_know_decides_nothing(
    office: Office, post: PostId
) -> None:
    office.slack.workspace.add_user("U0NOBODY")
    await _approves(office, "U0NOBODY")
    assert office.heard()
    assert (await office.post(post)).approvals == ()


async def test_whoever_nobody_is_said_to_have_sent_does_nothing(
    office: Office, post: PostId
) -> None:
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    nobody: tuple[object, ...] = (None, {}, {"id": 7}, [], "…")
    for user in nobody:
        assert (await office.send(ask.interactive(payload | {"user": user}))).status in {200, 400}
    assert (await office.post(post)).approvals == ()


# -- the queue ------------------------------------------------------------------------------------


@shows("queue", on="slack")
async def test_approve_and_next_goes_through_the_queue(office: Office, post: PostId) -> None:
    second = await office.propose(REED, "The library opens on Monday.", FACEBOOK)
    await office.type(OKAFOR, "/schoolgate", "queue")
    first = office.slack.responses[-1]
    assert WORDS in first.text
    assert "Approve and next" in labels(first)
    await office.press(OKAFOR, first, "Approve and next", ephemeral=True)
    following = office.slack.responses[-1]
    assert following.body["replace_original"] is True
    assert "The library opens on Monday." in following.text
    assert (await office.post(post)).state is State.RELEASED

    await office.press(OKAFOR, following, "Reject", ephemeral=True)
    await office.submit(OKAFOR, office.dialog(), reason="It stays shut.")
    assert (await office.post(second)).state is State.REJECTED
    await office.type(OKAFOR, "/schoolgate", "queue")
    assert "Nothing waiting for you" in office.slack.responses[-1].text


async def test_what_is_left_for_later_makes_room_for_the_next(office: Office, post: PostId) -> None:
    await office.propose(REED, "The library opens on Monday.", FACEBOOK)
    await office.type(OKAFOR, "/schoolgate", "queue")
    await office.press(OKAFOR, office.slack.responses[-1], "Leave it for later", ephemeral=True)
    assert "The library opens on Monday." in office.slack.responses[-1].text
    assert (await office.post(post)).state is State.IN_REVIEW


async def test_a_history_is_shown_to_whoever_pressed(office: Office, post: PostId) -> None:
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    for verb in ("post.history", "post.open"):
        intent = Intent(verb=verb, id=post, rev=1)
        payload["actions"][0] |= {"action_id": "do:99", "value": payloads.dumps(intent)}
        before = list(office.slack.workspace.texts(FACEBOOK_PLACE))
        payload["response_url"] = office.slack.response_url(FACEBOOK_PLACE, user_of(OKAFOR))
        await office.send(ask.interactive(payload))
        assert list(office.slack.workspace.texts(FACEBOOK_PLACE)) == before
        assert office.slack.responses[-1].user == user_of(OKAFOR)
    assert button(office.message(FACEBOOK_PLACE), "Approve")
