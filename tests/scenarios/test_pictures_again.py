"""A picture that came down for a child's sake doesn't come back as a picture of nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from moderation.checks.model import Status, Who
from moderation.ports import Look
from moderation.posts.model import READY, State
from tests.adapters.images.pictures import encoded, png
from tests.fakes.images import FakeImageInspector
from tests.fakes.trust import (
    ADE,
    AMELIA,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    OKAFOR,
    REED,
)
from tests.proves import proves
from tests.scenarios.stage import Done, findings


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.scenarios.stage import Stage


LIKENESS, TURNED = "0f" * 16, "a5" * 16
BEFORE, MIRRORED = png(), encoded(Image.new("RGB", (9, 9), "red"), "PNG")
BACK = (
    "This looks like a picture that was taken down, with a child in it who may not be shown on "
    "Facebook. Please choose another."
)


@pytest.fixture
def sighted(stage: Stage) -> Stage:
    """Two files: one shows the other's mirror image."""
    stage.application.pictures.inspector = FakeImageInspector(
        looks={
            BEFORE: Look(likeness=LIKENESS, mirrored=TURNED),
            MIRRORED: Look(likeness=TURNED, mirrored=LIKENESS),
        }
    )
    return stage


async def released(stage: Stage) -> PostId:
    picture = await stage.as_(REED).add_picture(BEFORE)
    draft = await stage.as_(REED).propose(
        "Our relay team won!", FACEBOOK, pictures=[picture], who=Who.THESE, pupils=[AMELIA]
    )
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED
    return draft.post


async def proposed_again(stage: Stage, content: bytes) -> PostId:
    picture = await stage.as_(OKAFOR).add_picture(content)
    draft = await stage.as_(OKAFOR).propose("Our lawn", FACEBOOK, pictures=[picture])
    return draft.post


@proves("STEP-CONS-1", platform="sandbox")
async def test_a_picture_called_back_does_not_return_as_one_of_nobody(sighted: Stage) -> None:
    post = await released(sighted)
    await sighted.says(AMELIA, Status.WITHDRAWN)
    await sighted.recheck()
    assert (await sighted.post(post)).state is State.DRAFT

    for content in (BEFORE, MIRRORED):
        again = await proposed_again(sighted, content)
        assert (await sighted.post(again)).state is State.DRAFT
        assert [line.reason for line in findings(sighted.card(OKAFOR, again)).lines] == [BACK]

    # Nor by another answer to "who is in it?" in the post itself.
    await sighted.as_(REED).revise(post, "Our relay team", who=Who.NOBODY, pupils=[])
    assert (await sighted.post(post)).state is State.DRAFT
    assert [line.reason for line in findings(sighted.card(REED, post)).lines] == [BACK]

    await sighted.says(AMELIA, Status.GRANTED)
    allowed = await proposed_again(sighted, MIRRORED)
    assert (await sighted.post(allowed)).state is State.IN_REVIEW


@proves("STEP-CONS-1", platform="sandbox")
async def test_a_familys_no_may_follow_the_taking_down(sighted: Stage) -> None:
    post = await released(sighted)
    ready = sighted.card(BELL, post, READY)
    assert isinstance(await sighted.as_(BELL).press(ready, "I've posted it"), Done)
    card = await sighted.as_(LUND).card(post)
    assert card is not None
    asked = await sighted.as_(LUND).press(card, "Ask for removal", reason="A family rang.")
    assert isinstance(asked, Done)
    unharmed = await proposed_again(sighted, MIRRORED)
    assert (await sighted.post(unharmed)).state is State.IN_REVIEW

    await sighted.says(AMELIA, Status.REFUSED)
    again = await proposed_again(sighted, MIRRORED)
    assert (await sighted.post(again)).state is State.DRAFT
    assert [line.reason for line in findings(sighted.card(OKAFOR, again)).lines] == [BACK]
