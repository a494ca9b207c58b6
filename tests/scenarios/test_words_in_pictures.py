"""A first name on a peg or a certificate: who approves is asked, and with a class it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.ports import Look
from moderation.posts.model import State
from tests.adapters.images.pictures import png
from tests.fakes.images import FakeImageInspector
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, OKAFOR, REED
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, findings


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.scenarios.stage import Stage


async def proposed(stage: Stage, words: str) -> PostId:
    content = png()
    look = Look(likeness="0f" * 16, mirrored="a5" * 16, words=words, read=True, faces=0)
    stage.application.pictures.inspector = FakeImageInspector(looks={content: look})
    picture = await stage.as_(REED).add_picture(content)
    draft = await stage.as_(REED).propose("Our new pegs", FACEBOOK, pictures=[picture])
    return draft.post


@proves("STEP-NAME-1", platform="sandbox")
async def test_a_first_name_in_a_picture_is_confirmed_by_whoever_approves(stage: Stage) -> None:
    post = await proposed(stage, "AMELIA\n| _")
    assert (await stage.post(post)).state is State.IN_REVIEW
    card = stage.card(FACEBOOK_CHANNEL, post)
    (line,) = findings(card).lines
    assert line.reason.startswith("Words in this picture may be the first name of a pupil in Year")
    assert "Amelia" not in line.reason
    unanswered = await stage.as_(ADE).press(card, "Approve")
    assert isinstance(unanswered, Declined)
    assert "Please say whose name it is" in unanswered.sentences[0]
    assert unanswered.field is not None
    said = await stage.as_(ADE).press(card, "Approve", **{unanswered.field: "visitor"})
    assert isinstance(said, Done)
    assert (await stage.post(post)).state is State.RELEASED


@proves("STEP-NAME-1", platform="sandbox")
@pytest.mark.parametrize("words", ["Star of the week\nAmelia\nYear 4", "Amelia (Year 4)"])
async def test_with_a_class_it_stops_the_picture(stage: Stage, words: str) -> None:
    post = await proposed(stage, words)
    assert (await stage.post(post)).state is State.DRAFT
    (line,) = findings(stage.card(REED, post)).lines
    assert line.reason.startswith("Words in this picture name a pupil in Year 4: A.K.")


async def test_a_word_in_a_picture_is_no_name(stage: Stage) -> None:
    post = await proposed(stage, "Grace and hope\nWELCOME")
    assert (await stage.post(post)).state is State.IN_REVIEW
    assert await stage.as_(OKAFOR).card(post) is not None
