"""May this go out this once? The headteacher's yes and no, as those who ask and answer see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, LUND, OKAFOR, REED
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.views import Card
    from tests.scenarios.stage import Draft, Stage


NAMED = "Well done Amelia Khan, who swam a mile."
ASKS = "May this go out this once?"
WHY = "Her family asked us to."
ANSWER = "Please ask the family in writing first."


def told(stage: Stage, person: PersonId, state: str) -> Card:
    return next(card for card in stage.cards(person) if card.state == state)


async def waits(stage: Stage, person: PersonId) -> int:
    """How many posts wait in somebody's queue."""
    return next(seat.waiting for seat in await stage.door.seats() if seat.person == person)


async def asked(stage: Stage) -> Draft:
    draft = await stage.as_(REED).propose(NAMED, FACEBOOK)
    mine = stage.card(REED, draft.post)
    assert isinstance(await stage.as_(REED).press(mine, "Ask the headteacher", reason=WHY), Done)
    return draft


@proves("HEAD-ESC-1", platform="sandbox")
async def test_the_heads_no_leaves_the_draft_with_its_author_who_changes_it(stage: Stage) -> None:
    draft = await asked(stage)
    hers = told(stage, ADE, ASKS)
    assert labels(hers) == ("Allow this once", "Not this time", "Look at it")
    assert await waits(stage, ADE) == 1
    said_no = await stage.as_(ADE).press(hers, "Not this time", reason=ANSWER)
    assert isinstance(said_no, Done)
    assert said(said_no).endswith("Sam Reed has been told.")
    assert await waits(stage, ADE) == 0

    post = await stage.post(draft.post)
    assert (post.state, post.revision.number) == (State.DRAFT, 1)
    heard = told(stage, REED, "Not this time")
    assert ANSWER in words(heard)
    assert "It is still your draft." in words(heard)
    mine = stage.card(REED, draft.post)
    assert labels(mine) == ("Change it", "Cancel my draft")
    assert ANSWER in words(mine)
    # What she was asked asks no longer; nobody else has seen a word of it.
    answered = told(stage, ADE, "This can't go out yet")
    assert labels(answered) == ("Look at it",)
    assert "You have said what should change." in words(answered)
    assert "Amelia" not in stage.all_words(OKAFOR)

    stage.house.clock.pass_by(timedelta(minutes=5))
    corrected = await stage.as_(REED).revise(draft.post, "Well done to whoever swam a mile!")
    assert isinstance(corrected.answer, Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert shared.state == "Waiting for a second yes"
    assert isinstance(await stage.as_(LUND).press(shared, "Approve"), Done)


async def test_nobody_but_the_head_answers_and_not_from_an_old_card(stage: Stage) -> None:
    draft = await asked(stage)
    before = told(stage, ADE, ASKS)
    other = await stage.as_(OKAFOR).press(before, "Not this time", reason=ANSWER)
    assert isinstance(other, Declined)
    await stage.as_(REED).revise(draft.post, "Well done Amelia Khan, who swam a whole mile.")
    late = await stage.as_(ADE).press(before, "Not this time", reason=ANSWER)
    assert isinstance(late, Declined)
    assert (await stage.post(draft.post)).change_request is None
