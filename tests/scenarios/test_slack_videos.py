"""A video in Slack: handed in, said word for word, watched by whoever says yes, and deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.slack.composing import UNSAID
from adapters.slack.fetching import NotTaken
from adapters.slack.films import COMMENT, NotShown
from adapters.slack.listeners.watching import APPROVE_THERE, BROUGHT
from adapters.slack.names import PROPOSE_MESSAGE
from adapters.slack.render import WATCH, WATCH_FIRST
from adapters.writing import NO_CAPTIONS, NO_WHO
from moderation.posts.model import State
from tests.adapters.videos import films
from tests.fakes.slack_api import BreaksOff, Refuses
from tests.fakes.slack_dialog import Dialog
from tests.fakes.trust import ADE, BELL, LUND, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.slack_pictured import BANNER
from tests.scenarios.slack_stage import (
    CLOSED,
    FACEBOOK_ROOM,
    X_ROOM,
    SlackStage,
    post_of,
    verbs,
    words,
)


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.applications import Applications
    from tests.fakes.slack_workspace import File, Message
    from tests.scenarios.slack_stage import Hand

BEANS = "Our beans are taller than the fence."
SAID = "Tom: These are our beans."
FILM = films.from_a_telephone().made()
UPLOAD, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


@pytest.fixture
async def stage(
    applications: Applications, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    # Here an answer is shown soon; beside other work even that takes a moment.
    monkeypatch.setattr("adapters.slack.listeners.compose.LANDING", 0.2)
    async with SlackStage(applications).opened() as made:
        yield made


async def with_video(
    stage: SlackStage, content: bytes = FILM, *, where: str = FACEBOOK_ROOM
) -> tuple[Hand, Dialog]:
    """Sent with a video, which has been looked at."""
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", BEANS, where=where)
    dialog.attach(stage.slack.file_payload(reed.video(content).id))
    reply = await reed.sends(dialog)
    assert reply["response_action"] == "update"
    shown = Dialog(reply["view"]).words()
    assert "Looking at the video… A video can take a few minutes." in shown
    assert BEANS in shown
    await reed.redrawn(dialog)
    return reed, dialog


async def proposed(stage: SlackStage) -> Message:
    """The card in the channel, of a post with a video and what is said in it."""
    reed, dialog = await with_video(stage)
    dialog.write("alt", SAID)
    dialog.choose("who", "No pupils")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    return stage.slack.workspace.messages[FACEBOOK_ROOM][-1]


async def ticked(hand: Hand, card: Message) -> Dialog:
    """The form of *Approve*, with every statement ticked."""
    await hand.presses("Approve", card)
    form = await hand.dialog()
    for block in form.view["blocks"]:
        if block["type"] == "input" and block["element"]["type"] == "checkboxes":
            form.choose(block["block_id"], "I confirm this")
    return form


def films_of(hand: Hand) -> list[File]:
    """Those that stand in somebody's direct messages."""
    files = hand.stage.slack.workspace.files
    shared = [it for message in hand.direct for it in message.body.get("files", ())]
    return [files[it] for it in shared if not files[it].deleted]


@shows("video", on="slack")
@pytest.mark.postgres
@proves("HARM-VID-1", platform="slack")
async def test_a_video_is_watched_in_private_by_everybody_who_says_yes(stage: SlackStage) -> None:
    card = await proposed(stage)
    okafor, ade = stage.as_(OKAFOR), stage.as_(ADE)
    said = words(card)
    assert "A video of 0:04. No automatic check looks inside a video." in said
    assert SAID in said
    assert WATCH_FIRST in said
    assert "post.approve" not in verbs(card)

    await okafor.presses(WATCH, card)
    assert (await okafor.dialog()).words() == f"{BROUGHT}\n{APPROVE_THERE}"
    [film] = films_of(okafor)
    assert film.content is not None
    assert films.SECRET not in film.content
    assert (film.name, len(film.content)) == ("video.mp4", len(FILM))
    assert words(okafor.direct[-2]).strip() == COMMENT
    assert "post.approve" in verbs(okafor.direct[-1])
    # It stands nowhere else, and nobody but her is offered to say yes.
    [done] = stage.slack.called(COMPLETE)
    assert stage.slack.workspace.channels[done.arguments["channel_id"]].user == okafor.id
    assert "post.approve" not in verbs(stage.slack.workspace.messages[FACEBOOK_ROOM][-1])

    form = await ticked(okafor, okafor.direct[-1])
    assert "watched" in form.words()
    assert "with sound" in form.words()
    assert await okafor.sends(form) == CLOSED
    await stage.settle()

    # The headteacher is asked as for a picture, and watches it as well.
    card = stage.slack.workspace.messages[FACEBOOK_ROOM][-1]
    assert "post.approve" not in verbs(card)
    await ade.presses(WATCH, card)
    assert await ade.sends(await ticked(ade, ade.direct[-1])) == CLOSED
    await stage.settle()
    assert len(films_of(okafor)) == len(films_of(ade)) == 1

    # Whoever posts it takes it from there.
    bell = stage.as_(BELL)
    [ready] = [it for it in bell.direct if "Ready to post" in words(it)]
    await bell.presses(WATCH, ready)
    assert films_of(bell)[0].content == film.content


async def test_what_is_said_in_a_video_is_asked_for_and_not_what_it_shows(
    stage: SlackStage,
) -> None:
    reed, dialog = await with_video(stage)
    assert f"One video is in. {UNSAID}" in dialog.words()
    assert "Where, when and with what it was taken has been removed" in dialog.words()
    assert "What is said in the video (beans.mp4)" in dialog.words()
    kept = await stage.post(post_of(dialog))
    assert kept is not None
    assert kept.state is State.DRAFT
    assert set((await reed.sends(dialog))["errors"].values()) == {NO_CAPTIONS, NO_WHO}
    dialog.choose("out", "The video")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.content.attachments == ()


async def test_the_file_is_deleted_when_the_post_is_over(stage: SlackStage) -> None:
    card = await proposed(stage)
    okafor, reed = stage.as_(OKAFOR), stage.as_(REED)
    before = replace(card, body=dict(card.body))
    await okafor.presses(WATCH, card)
    await okafor.presses(WATCH, card)
    assert len(films_of(okafor)) == len(stage.slack.called(COMPLETE)) == 1
    await stage.rounds.tidy()
    assert len(films_of(okafor)) == 1

    own = next(it for it in reed.told if "post.withdraw" in verbs(it))
    label = next(
        it["text"]["text"]
        for block in own.blocks
        if block["type"] == "actions"
        for it in block["elements"]
        if "post.withdraw" in it.get("value", "")
    )
    await reed.presses(label, own)
    await stage.rounds.tidy()
    assert films_of(okafor) == []
    # Pressed once more on a card that was open before.
    await okafor.presses(WATCH, before)
    assert BROUGHT not in (await okafor.dialog()).words()
    assert len(stage.slack.called(COMPLETE)) == 1


async def test_a_video_that_slack_does_not_take_is_not_approved(stage: SlackStage) -> None:
    card = await proposed(stage)
    okafor = stage.as_(OKAFOR)
    stage.slack.fail(UPLOAD, Refuses("file_upload_size_restricted"))
    await okafor.presses(WATCH, card)
    assert NotShown.TOO_LARGE in (await okafor.dialog()).words()
    assert not [it for it in okafor.direct if "post.approve" in verbs(it)]
    await okafor.presses(WATCH, card)
    assert BROUGHT in (await okafor.dialog()).words()
    assert "post.approve" in verbs(okafor.direct[-1])


async def test_nobody_is_brought_what_is_not_theirs_to_see(stage: SlackStage) -> None:
    card = await proposed(stage)
    stranger = stage.as_(LUND)
    await stage.knows(LUND, known=False)
    await stranger.presses(WATCH, card)
    assert stage.slack.called(COMPLETE) == ()


async def test_a_video_of_a_message_comes_along(stage: SlackStage) -> None:
    reed, lund = stage.as_(REED), stage.as_(LUND)
    film = stage.slack.file_payload(lund.video(FILM).id)
    dialog = await reed.on_message(
        PROPOSE_MESSAGE, {"user": lund.id, "text": BEANS, "files": [film]}, where=X_ROOM
    )
    assert "The message's video will come along." in dialog.words()
    reply = await reed.sends(dialog)
    assert "Looking at the video…" in Dialog(reply["view"]).words()
    await reed.redrawn(dialog)
    assert "One video is in." in dialog.words()
    # Corrected later, it is still known as one.
    assert json.loads(dialog.view["private_metadata"]).get("k") is True
    assert "What is said in the video (beans.mp4)" in dialog.words()


async def test_a_picture_and_a_video_are_each_said_in_their_own_words(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", BEANS, where=X_ROOM)
    dialog.attach(
        stage.slack.file_payload(reed.image(BANNER).id),
        stage.slack.file_payload(reed.video(FILM).id),
    )
    assert "Looking at two files…" in Dialog((await reed.sends(dialog))["view"]).words()
    await reed.redrawn(dialog)
    assert "Two files are in." in dialog.words()
    picture, video = (name for name in dialog.fields if name.startswith("alt"))
    dialog.write(picture, "A banner.")
    dialog.choose("who", "No pupils")
    assert (await reed.sends(dialog))["errors"] == {video: NO_CAPTIONS}
    dialog.write(video, SAID)
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert [it.alt for it in post.content.attachments] == ["A banner.", SAID]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FILM[:-1], "beans.mp4: This video is damaged, or its end is missing."),
        (films.FTYP + films.box(b"moof"), "beans.mp4: This video is made for streaming,"),
        (b"RIFF, an old kind of video" * 9, "beans.mp4: This file isn't a video that can go out."),
    ],
)
async def test_a_video_that_cannot_be_used_is_said_and_the_words_stay(
    stage: SlackStage, content: bytes, said: str
) -> None:
    _, dialog = await with_video(stage, content)
    assert said in dialog.words()
    assert dialog.block("text")["element"]["initial_value"] == BEANS
    assert await stage.post(post_of(dialog)) is None


async def test_one_that_is_too_large_is_not_even_fetched(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", BEANS)
    film = reed.video(FILM)
    film.length = 200 * 2**20 + 1
    dialog.attach(stage.slack.file_payload(film.id))
    stage.slack.fail("download", BreaksOff())
    await reed.sends(dialog)
    await reed.redrawn(dialog)
    assert "This video is larger than 200 MB. Please send a shorter one." in dialog.words()


async def test_a_download_that_breaks_off_is_said_and_leaves_nothing(stage: SlackStage) -> None:
    stage.slack.fail("download", BreaksOff())
    reed, dialog = await with_video(stage)
    assert f"beans.mp4: {NotTaken.BROKE_OFF}" in dialog.words()
    assert await stage.post(post_of(dialog)) is None
    dialog.attach(stage.slack.file_payload(reed.video(FILM).id))
    await reed.sends(dialog)
    await reed.redrawn(dialog)
    assert "One video is in." in dialog.words()
