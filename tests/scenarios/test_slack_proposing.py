"""A post is proposed in Slack, as people do it: on a phone, interrupted, twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters import writing
from adapters.sentences import NOT_YET
from adapters.slack import compose_reading as read
from adapters.slack.compose_blocks import option
from adapters.slack.names import PROPOSE_MESSAGE, PROPOSE_POST
from adapters.taking_in import NO_FILES
from moderation.posts.model import State
from tests.fakes.trust import (
    FACEBOOK,
    HART,
    LUND,
    MARSH,
    MILL_PAGE,
    OKAFOR,
    REED,
    WREN,
    X,
)
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.slack_pictured import BANNER, FAIR, with_picture
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

NAMED = "Amelia Khan of 4B has won the chess cup."


@pytest.fixture
async def stage(
    applications: Applications, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    # Here an answer is shown soon; beside other work even that takes a moment.
    monkeypatch.setattr("adapters.slack.listeners.compose.LANDING", 0.2)
    async with SlackStage(applications).opened() as made:
        yield made


@shows("propose-form", "stopped", on="slack")
@proves("CARD-NAME-1", platform="slack")
async def test_a_text_is_stopped_on_its_field_corrected_and_in_front_of_the_channel(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", NAMED, where=X_ROOM)
    assert "Up to" in dialog.words()
    stopped = await reed.sends(dialog)
    [(field, said)] = stopped["errors"].items()
    assert field == dialog.block("text")["block_id"]
    assert said.startswith("“Amelia Khan”")
    assert "no pupil is named (CARD-NAME-1)" in said
    assert await stage.post(post_of(dialog)) is None
    dialog.write("text", FAIR)
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.content.text, post.content.accounts) == (State.IN_REVIEW, FAIR, (X,))
    assert FAIR in stage.room(X_ROOM)
    assert FAIR not in stage.room(FACEBOOK_ROOM)
    [answer] = reed.told
    assert "It is in front of the moderators now." in words(answer)
    assert "Okafor" in words(answer)


async def test_a_text_from_a_phone_takes_four_taps(stage: SlackStage) -> None:
    """The shortcut, its entry, the words, and Propose: the account is the one of last time."""
    reed = stage.as_(REED)
    first = await reed.types("/propose", FAIR, where=FACEBOOK_ROOM)
    assert await reed.sends(first) == CLOSED
    await stage.settle()
    dialog = await reed.shortcut(PROPOSE_POST)
    assert dialog.fields == ("accounts", "text:0:none", "files", "when")
    dialog.write("text", "Thank you all for coming to the fair.")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.content.accounts) == (State.IN_REVIEW, (FACEBOOK,))
    # A shortcut has no conversation, so the answer is a private message.
    assert any("Thank you all" in words(it) for it in reed.direct)


async def test_sent_twice_it_is_one_post_and_one_answer(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    answers = await asyncio.gather(*(reed.sends(dialog) for _ in range(3)))
    await stage.settle()
    assert answers == [CLOSED] * 3
    assert sum(FAIR in words(it) for it in stage.slack.workspace.messages[X_ROOM]) == 1
    assert len(reed.told) == 1


async def test_what_is_stopped_can_be_kept_to_ask_the_headteacher(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", NAMED)
    [said] = (await reed.sends(dialog))["errors"].values()
    assert said.endswith(writing.AS_IT_IS)
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.state is State.DRAFT
    [answer] = reed.told
    assert {"post.revise", "post.ask_head"} & verbs(answer)
    assert NAMED not in stage.room(X_ROOM)


async def test_whoever_may_propose_nowhere_is_told_so(stage: SlackStage) -> None:
    dialog = await stage.as_(HART).types("/propose", FAIR)
    assert "You can't propose posts for any account" in dialog.words()


# -- a slow store ---------------------------------------------------------------------------------


@pytest.mark.postgres
async def test_while_the_store_stands_still_the_dialog_keeps_its_words_and_says_so(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    stage.patience.seconds = 0.3
    async with stage.stalled():
        late = await reed.sends(dialog)
        assert set(late["errors"].values()) == {NOT_YET}
        assert await reed.sends(dialog) == late
    stage.patience.seconds = 20.0
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.revision.number) == (State.IN_REVIEW, 1)
    assert sum(FAIR in words(it) for it in stage.slack.workspace.messages[X_ROOM]) == 1


async def test_words_changed_while_it_was_late_are_a_correction_of_the_same_post(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    stage.patience.seconds = 0.3
    async with stage.stalled():
        assert "errors" in await reed.sends(dialog)
    stage.patience.seconds = 20.0
    await stage.settle()
    dialog.write("text", f"{FAIR} Bring a cake.")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.revision.number, post.content.text) == (2, f"{FAIR} Bring a cake.")


# -- correcting, and a message --------------------------------------------------------------------


@shows("revise", on="slack")
async def test_a_correction_opens_with_the_newest_words_and_says_when_they_are_newer(
    stage: SlackStage,
) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    await reed.sends(dialog)
    await stage.settle()
    [answer] = reed.told
    await reed.presses("Change it", answer)
    change = await reed.dialog()
    assert change.block("text")["element"]["initial_value"] == FAIR
    assert "newest version" not in change.words()
    assert set((await reed.sends(change))["errors"]) == {change.block("text")["block_id"]}
    change.write("text", "The fair has moved to Sunday.")
    assert await reed.sends(change) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.revision.number, post.content.text) == (2, "The fair has moved to Sunday.")
    await reed.presses("Change it", answer)
    again = await reed.dialog()
    assert "This is the newest version." in again.words()


async def test_a_stale_correction_changes_nothing_and_keeps_the_words(stage: SlackStage) -> None:
    reed, okafor = stage.as_(REED), stage.as_(OKAFOR)
    dialog = await reed.types("/propose", FAIR)
    await reed.sends(dialog)
    await stage.settle()
    [answer] = reed.told
    await reed.presses("Change it", answer)
    stale = await reed.dialog()
    await okafor.presses("Change it", answer)
    newer = await okafor.dialog()
    newer.write("text", "The fair is at eleven.")
    assert await okafor.sends(newer) == CLOSED
    stale.write("text", "The fair is at noon.")
    assert "errors" in await reed.sends(stale)
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.content.text == "The fair is at eleven."


@shows("propose-message", on="slack")
@proves("STEP-MOD-1", platform="slack")
async def test_a_message_is_proposed_with_its_picture_and_its_writer_cannot_say_yes(
    stage: SlackStage,
) -> None:
    reed, lund = stage.as_(REED), stage.as_(LUND)
    picture = stage.slack.file_payload(lund.image(BANNER).id)
    listed = {"id": "F0LIST01", "mimetype": "text/csv", "name": "4B.csv"}
    dialog = await reed.on_message(
        PROPOSE_MESSAGE,
        {"user": lund.id, "text": "We won &amp; <!channel> danced", "files": [picture, listed]},
    )
    assert dialog.block("text")["element"]["initial_value"] == "We won &  danced"
    assert "The message's picture will come along." in dialog.words()
    assert "Whoever wrote the message counts as its author too" in dialog.words()
    assert f"One file stays behind.\n{NO_FILES}" in dialog.words()
    dialog.write("text", "We won.")
    assert (await reed.sends(dialog))["response_action"] == "update"
    await reed.redrawn(dialog)
    dialog.write("alt", "A cup on a table.")
    dialog.choose("who", "No pupils")
    assert await reed.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.authors == {REED, LUND}
    [card] = [it for it in stage.slack.workspace.messages[X_ROOM] if "We won." in words(it)]
    await lund.presses("Approve", card)
    assert "needs to say yes" in words(lund.told[-1])
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert post.state is State.IN_REVIEW


@proves("STEP-MOD-1", platform="slack")
async def test_a_writer_who_becomes_known_later_cannot_say_yes_either(stage: SlackStage) -> None:
    reed, lund = stage.as_(REED), stage.as_(LUND)
    await stage.knows(LUND, known=False)
    dialog = await reed.on_message(PROPOSE_MESSAGE, {"user": lund.id, "text": "We won."})
    assert await reed.sends(dialog) == CLOSED
    await stage.knows(LUND)
    [card] = [it for it in stage.slack.workspace.messages[X_ROOM] if "We won." in words(it)]
    await lund.presses("Approve", card)
    assert "needs to say yes" in words(lund.told[-1])
    post = await stage.post(post_of(dialog))
    assert post is not None
    assert (post.state, post.approvals) == (State.IN_REVIEW, ())


async def test_what_is_too_much_of_a_message_stays_behind_and_is_said(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    files = [stage.slack.file_payload(reed.image(BANNER, name=f"{at}.png").id) for at in range(11)]
    dialog = await reed.on_message(
        PROPOSE_MESSAGE, {"user": reed.id, "text": "Sports day", "files": files}
    )
    assert "The message's 10 pictures will come along." in dialog.words()
    assert "One file stays behind: a post begins with at most 10 pictures" in dialog.words()


# -- what isn't ours ------------------------------------------------------------------------------


async def test_forged_choices_propose_nothing(stage: SlackStage) -> None:
    """An account of another school, a child of another school, the id of somebody's draft."""
    marsh, reed = stage.as_(MARSH), stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.take("accounts", [option(MILL_PAGE, "Facebook · Millbrook Infants")])
    assert set((await reed.sends(dialog))["errors"]) == {dialog.block("text")["block_id"]}
    assert await stage.post(post_of(dialog)) is None

    _, mine = await with_picture(stage)
    await reed.chooses(mine, "who", "Only the pupils I name")
    mine.write("alt", "A banner.")
    mine.take("also", [option(WREN, "Wren T.")])
    assert "errors" in await reed.sends(mine)
    kept = await stage.post(post_of(mine))
    assert kept is not None
    assert (kept.state, kept.content.pictured.pupils) == (State.DRAFT, frozenset())

    theirs = await marsh.types("/propose", "Our new pond.")
    theirs.view = {**theirs.view, "private_metadata": mine.view["private_metadata"]}
    assert "errors" in await marsh.sends(theirs)
    assert await stage.post(post_of(mine)) == kept


async def test_a_dialog_that_cannot_be_read_keeps_its_words(stage: SlackStage) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.view = {**dialog.view, "private_metadata": "{"}
    assert await reed.sends(dialog) == {
        "response_action": "errors",
        "errors": {"accounts": read.BROKEN},
    }
    await reed.closes(dialog)


async def test_a_draft_that_somebody_else_corrects_is_not_theirs_without_the_right(
    stage: SlackStage,
) -> None:
    reed, marsh = stage.as_(REED), stage.as_(MARSH)
    dialog = await reed.types("/propose", FAIR)
    await reed.sends(dialog)
    await stage.settle()
    await marsh.presses("Change it", reed.told[0])
    assert "You can't change that post from here." in (await marsh.dialog()).words()


async def test_none_of_it_is_logged(stage: SlackStage) -> None:
    reed, dialog = await with_picture(stage, "A banner for Zephyrine on Saturday.")
    await reed.chooses(dialog, "who", "Only the pupils I name")
    await reed.searches(dialog, "also", "Zephyrine")
    await reed.sends(dialog)
    await stage.settle()
    logged = stage.house.log.getvalue()
    for secret in ("Zephyrine", "Quillfeather", "banner.png", "xoxb-"):
        assert secret not in logged
