"""After a restore everything waits, and one person's look lets it go out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters import payloads
from moderation.kernel import Asked, Operator, PostId
from moderation.posts.model import State
from storage.pausing import Pausing, pause
from storage.session import Session
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    MILL,
    OAK,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    TRUST,
)
from tests.scenarios.stage import Declined, Done, button, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PersonId, SchoolId
    from moderation.views import Card
    from tests.scenarios.stage import Stage


REASON = "Schoolgate was restored from the backup of Tuesday."


async def restored(stage: Stage) -> tuple[SchoolId, ...]:
    """What ``schoolgate restore`` leaves behind, and the start after it."""
    clock = stage.house.clock
    what = Pausing(trust=TRUST, schools=(OAK, MILL), day=clock.now().date(), reason=REASON)
    asked = Asked(by=Operator(), key="restore", at=clock.now())
    async with stage.application.database.writing() as connection:
        session = Session(connection, stage.application.keys, writes=True)
        places = await pause(session, what, asked)
        await session.commit()
    await stage.recheck()
    await stage.settle()
    return places


def pause_card(stage: Stage, person: PersonId) -> Card:
    return [card for card in stage.cards(person) if card.title.startswith("All posts")][-1]


def now(stage: Stage, card: Card) -> str:
    return stage.card(FACEBOOK_CHANNEL, PostId(card.subject.id)).state


async def approved(stage: Stage) -> Card:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    return stage.card(FACEBOOK_CHANNEL, draft.post)


async def test_nothing_goes_out_until_the_trust_lead_has_looked(stage: Stage) -> None:
    out = await approved(stage)
    assert out.state == "Ready to post"
    assert await restored(stage) == (TRUST,)
    assert now(stage, out) != "Ready to post"
    waiting = await approved(stage)
    assert waiting.state == "Approved, posts are paused"
    assert "Posts are paused by whoever looks after Schoolgate since" in words(waiting)

    hers = pause_card(stage, QUINN)
    assert "Paused by whoever looks after Schoolgate" in words(hers)
    assert REASON in words(hers)
    assert REASON in words(pause_card(stage, BELL))
    assert labels(pause_card(stage, ADE)) == ()
    start = button(hers, "Start posts again").intent
    refused = await stage.as_(ADE).send(payloads.encode(start))
    assert isinstance(refused, Declined), said(refused)
    assert isinstance(await stage.as_(QUINN).press(hers, "Start posts again"), Done)
    assert now(stage, waiting) == "Ready to post"


async def test_without_a_trust_lead_each_head_looks_for_their_own_school(stage: Stage) -> None:
    await stage.leaves(QUINN)
    assert await restored(stage) == (OAK, MILL)
    waiting = await approved(stage)
    theirs = pause_card(stage, PRICE)
    assert isinstance(await stage.as_(PRICE).press(theirs, "Start posts again"), Done)
    assert now(stage, waiting) == "Approved, posts are paused"
    hers = pause_card(stage, ADE)
    assert isinstance(await stage.as_(ADE).press(hers, "Start posts again"), Done)
    assert now(stage, waiting) == "Ready to post"


async def test_a_pause_that_stood_before_is_one_of_the_restore_now(stage: Stage) -> None:
    await stage.as_(QUINN).send(
        {"v": 1, "verb": "hold.pause", "id": TRUST, "rev": 0}, {"reason": "A flood."}
    )
    before = button(pause_card(stage, QUINN), "Start posts again")
    await restored(stage)
    old = await stage.as_(QUINN).send(payloads.encode(before.intent))
    assert isinstance(old, Declined)
    assert "posts were paused again since" in said(old)
    draft = await stage.as_(REED).propose("The fair is on Sunday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(OKAFOR).press(shared, "Approve")
    assert (await stage.post(draft.post)).state is State.APPROVED
