"""A post with pictures is proposed in Slack: taken in, looked at, described, and who is in them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters import writing
from adapters.slack.composing import CONTINUE, NOT_KEPT
from moderation.checks.model import Pictured, Who
from moderation.policies.loader import load_pack, shipped
from moderation.posts.model import State
from tests.adapters.images.pictures import jpeg
from tests.fakes.slack_api import Broken, Refuses
from tests.fakes.slack_workspace import BOT_USER
from tests.fakes.trust import (
    AMELIA,
    LUND,
    OKAFOR,
    REED,
)
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.slack_pictured import BANNER, FAIR, with_picture
from tests.scenarios.slack_stage import (
    CLOSED,
    X_ROOM,
    SlackStage,
    post_of,
    verbs,
    words,
)


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.applications import Applications

NAMED = "Amelia Khan of 4B has won the chess cup."


@pytest.fixture
async def stage(
    applications: Applications, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    # Here an answer is shown soon; beside other work even that takes a moment.
    monkeypatch.setattr("adapters.slack.listeners.compose.LANDING", 0.2)
    async with SlackStage(applications).opened() as made:
        yield made


@shows("pupils", on="slack")
@proves("STEP-CONS-1", platform="slack")
async def test_a_class_photo_without_a_permission_is_stopped_and_goes_on_without_that_child(
    stage: SlackStage,
) -> None:
    reed, dialog = await with_picture(stage)
    assert "One picture is in." in dialog.words()
    kept = await stage.post(post_of(dialog))
    assert kept is not None
    assert kept.state is State.DRAFT
    [image] = [it for it in dialog.view["blocks"] if it["type"] == "image"]
    assert image["alt_text"] == "Picture 1"
    shown = stage.slack.workspace.files[image["slack_file"]["id"]]
    assert shown.by == BOT_USER
    wrong = await reed.sends(dialog)
    assert set(wrong["errors"].values()) == {writing.NO_ALT, writing.NO_WHO}
    dialog.write("alt", "Two pupils hold up a banner.")
    await reed.chooses(dialog, "who", "4B, Year 4, two pupils")
    [said] = (await reed.sends(dialog))["errors"].values()
    assert "We don't have permission to put one of these children on X: K.F., Year 4." in said
    found = await reed.searches(dialog, "but", "kof")
    assert [it["text"]["text"] for it in found] == ["Kofi F. · Y4 · 4B"]
    assert len(await reed.searches(dialog, "but", "")) == 2
    dialog.take("but", found)
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.state is State.IN_REVIEW
    assert post.content.pictured.pupils == {AMELIA}
    assert [it.alt for it in post.content.attachments] == ["Two pupils hold up a banner."]
    assert "Two pupils hold up a banner." in stage.room(X_ROOM)


@shows("pupils", on="slack")
async def test_pupils_are_found_by_three_letters_or_by_their_class(stage: SlackStage) -> None:
    reed, dialog = await with_picture(stage)
    await reed.chooses(dialog, "who", "Only the pupils I name")
    assert await reed.searches(dialog, "also", "am") == []
    [amelia] = await reed.searches(dialog, "also", "ame")
    assert amelia["value"] == AMELIA
    [whole] = await reed.searches(dialog, "also", "4b")
    assert whole["text"]["text"] == "All of 4B, Year 4, two pupils"
    assert await reed.searches(dialog, "also", "Wren") == []
    dialog.write("alt", "The banner.")
    dialog.take("also", [amelia])
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.content.pictured.pupils == {AMELIA}


@shows("colleagues", on="slack")
@proves("STEP-STAFF-2", platform="slack")
async def test_a_colleague_who_would_rather_not_be_shown_is_found_by_name_and_stops_it(
    stage: SlackStage,
) -> None:
    async with stage.application.units.write() as unit:
        lund = await unit.people.get(LUND)
        assert lund is not None
        await unit.people.save((replace(lund, may_be_shown=False),))
        await unit.commit()
    reed, dialog = await with_picture(stage)
    dialog.write("alt", "The banner.")
    dialog.choose("who", "No pupils")
    assert await reed.searches(dialog, "staff", "Nobody") == []
    [found] = await reed.searches(dialog, "staff", "lun")
    assert found["text"]["text"] == "Mr Erik Lund · staff"
    [okafor] = await reed.searches(dialog, "staff", "Okafor")
    dialog.take("staff", [found, okafor])
    wrong = (await reed.sends(dialog))["errors"]
    assert "would rather not be shown: E.L. " in wrong["staff"]
    # What was chosen stands there still when the dialog is drawn again.
    await reed.chooses(dialog, "who", "No pupil can be recognised")
    assert {it["value"] for it in dialog.block("staff")["element"]["initial_options"]} == {
        *(LUND, OKAFOR)
    }
    dialog.take("staff", [okafor])
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.content.pictured == Pictured(Who.NOT_RECOGNISABLE, staff=frozenset({OKAFOR}))


async def test_a_dialog_closed_while_pictures_are_looked_at_comes_back_by_private_message(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    # Closed before it is drawn again, however quick that is.
    stage.slack.fail("views.update", Refuses("not_found"))
    await reed.sends(dialog)
    await reed.closes(dialog)
    await stage.settle()
    [kept] = [it for it in reed.direct if "kept as a draft" in words(it)]
    await reed.presses(CONTINUE, kept)
    again = await reed.dialog()
    assert "image" in {it["type"] for it in again.view["blocks"]}
    assert "What the picture shows (banner.png)" in again.words()
    again.write("alt", "A banner on a fence.")
    again.choose("who", "No pupils")
    assert await reed.sends(again) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.content.text) == (State.IN_REVIEW, FAIR)
    assert post.content.pictured.who is Who.NOBODY


async def test_a_dialog_closed_before_the_last_step_comes_back_too(stage: SlackStage) -> None:
    reed, dialog = await with_picture(stage)
    await reed.closes(dialog)
    [kept] = [it for it in reed.direct if "kept as a draft" in words(it)]
    assert "post.revise" in verbs(kept)


@pytest.mark.parametrize("content", [b"no picture at all", b""])
async def test_what_is_no_picture_is_said_and_the_words_stay(
    stage: SlackStage, content: bytes
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(content, name="letter.png").id))
    await reed.sends(dialog)
    await reed.redrawn(dialog)
    assert "letter.png: " in dialog.words()
    assert dialog.block("text")["element"]["initial_value"] == FAIR
    assert await stage.post(post_of(dialog)) is None
    dialog.attach()
    assert await reed.sends(dialog) == CLOSED


async def test_a_picture_that_slack_does_not_hand_out_loses_no_words(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    stage.slack.fail("download", Broken())
    # Closed before it is drawn again, however quick that is.
    stage.slack.fail("views.update", Refuses("not_found"))
    await reed.sends(dialog)
    await reed.closes(dialog)
    await stage.settle()
    [kept] = [it for it in reed.direct if NOT_KEPT in words(it)]
    assert FAIR in words(kept)
    assert await stage.post(post_of(dialog)) is None


async def test_a_picture_that_slack_cannot_show_is_described_without_it(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    stage.slack.fail("views.update", Refuses("invalid_arguments"))
    await reed.sends(dialog)
    await reed.redrawn(dialog)
    assert "image" not in {it["type"] for it in dialog.view["blocks"]}
    assert "What the picture shows (banner.png)" in dialog.words()


async def test_when_slack_draws_nothing_any_more_the_draft_comes_by_private_message(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    stage.slack.fail("views.update", Broken(), Broken())
    await reed.sends(dialog)
    await stage.settle()
    [kept] = [it for it in reed.direct if "kept as a draft" in words(it)]
    assert "post.revise" in verbs(kept)


async def test_pictures_of_a_post_can_be_taken_out_and_others_added(stage: SlackStage) -> None:
    reed, dialog = await with_picture(stage)
    dialog.write("alt", "A banner.")
    dialog.choose("who", "No pupils")
    dialog.choose("out", "Picture 1")
    other = reed.image(jpeg(), name="cup.jpg")
    dialog.attach(stage.slack.file_payload(other.id))
    assert (await reed.sends(dialog))["response_action"] == "update"
    await reed.redrawn(dialog)
    assert "cup.jpg" in dialog.words()
    assert "banner.png" not in dialog.words()
    assert "One picture is in." in dialog.words()


async def test_sent_twice_its_pictures_are_taken_in_once(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    await asyncio.gather(reed.sends(dialog), reed.sends(dialog))
    await reed.redrawn(dialog)
    dialog.write("alt", "A banner.")
    dialog.choose("who", "No pupils")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.revision.number) == (State.IN_REVIEW, 2)
    assert len(post.content.attachments) == 1


async def without_the_rule_that_pictures_are_described(stage: SlackStage) -> None:
    text = shipped("step").source
    head, _, rest = text.partition('[[rule]]\nid = "picture-without-description"')
    assert rest
    pack = load_pack(head + rest[rest.index("[[rule]]") :], name="step")
    units = stage.application.units
    units.shelf.used |= dict.fromkeys(units.shelf.used, pack)
    await units.store_packs()


@pytest.mark.parametrize("closed", [False, True])
async def test_nobody_decides_before_it_was_asked_who_is_in_a_picture_whatever_the_policy(
    stage: SlackStage,
    closed: bool,  # noqa: FBT001 -- a case
) -> None:
    await without_the_rule_that_pictures_are_described(stage)
    reed, dialog = await with_picture(stage)
    assert await stage.post(post_of(dialog)) is None
    if closed:
        await reed.closes(dialog, told=True)
        assert FAIR in words(reed.direct[-1])
        return
    assert set((await reed.sends(dialog))["errors"].values()) == {writing.NO_ALT, writing.NO_WHO}
    dialog.write("alt", "A banner.")
    await reed.chooses(dialog, "who", "Only the pupils I name")
    assert [it["value"] for it in await reed.searches(dialog, "also", "ame")] == [AMELIA]
    await reed.chooses(dialog, "who", "No pupils")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.content.pictured.who) == (State.IN_REVIEW, Who.NOBODY)
    assert len(post.content.attachments) == 1
