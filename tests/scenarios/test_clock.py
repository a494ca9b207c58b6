"""What the clock does: releases in time, reminds, asks the head, ends what waits too long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.imports.report import Outcome
from bot.tables import parse_table
from moderation.checks.model import Status, Who
from moderation.imports.model import Kind
from moderation.posts.model import READY, State
from tests.adapters.images.pictures import png
from tests.fakes.trust import (
    ADE,
    AMELIA,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    OAK,
    OKAFOR,
    REED,
)
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, findings, said, words


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.scenarios.stage import Stage


FOUR = "2026-11-18T16:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STOP = "Stop: please don't post this"


async def approved(stage: Stage, goes_out: str = FOUR) -> PostId:
    """A text that two people agree on, for later."""
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK, goes_out=goes_out)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    return draft.post


# -- going out in time ---------------------------------------------------------------------------


async def test_a_post_for_later_goes_out_by_the_clock(stage: Stage) -> None:
    post = await approved(stage)
    shared = stage.card(FACEBOOK_CHANNEL, post)
    assert shared.state == "Approved, goes out today 16:00"
    await stage.pass_by(4 * HOUR - timedelta(seconds=1))
    assert (await stage.post(post)).state is State.APPROVED
    await stage.pass_by(timedelta(seconds=1))
    assert stage.card(BELL, post, READY).state == "Ready to post"
    assert stage.card(FACEBOOK_CHANNEL, post).state == "Ready to post"


async def test_a_post_that_fell_due_while_nobody_ran_goes_out_at_the_next_start(
    stage: Stage,
) -> None:
    post = await approved(stage)
    before = stage.chat.messages(FACEBOOK_CHANNEL.id)
    stage.house.clock.pass_by(5 * HOUR)
    await stage.again()
    assert stage.card(BELL, post, READY).state == "Ready to post"
    after = stage.chat.messages(FACEBOOK_CHANNEL.id)
    assert [message.ref for message in after] == [message.ref for message in before]
    assert after[0].card.state == "Ready to post"


# -- judged again --------------------------------------------------------------------------------


async def picture_for_four(stage: Stage) -> PostId:
    picture = await stage.as_(REED).add_picture(png())
    draft = await stage.as_(REED).propose(
        "Our relay team won!",
        FACEBOOK,
        pictures=[picture],
        who=Who.THESE,
        pupils=[AMELIA],
        goes_out=FOUR,
    )
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    return draft.post


@proves("STEP-CONS-1", platform="sandbox")
async def test_permission_withdrawn_after_approval_sends_it_back(stage: Stage) -> None:
    post = await picture_for_four(stage)
    await stage.says(AMELIA, Status.WITHDRAWN)
    await stage.pass_by(4 * HOUR)
    stored = await stage.post(post)
    assert (stored.state, stored.held_back) == (State.DRAFT, ("blocked",))
    assert stage.told(REED)[-1] == "Sent back"
    assert stage.cards(BELL) == ()
    mine = stage.card(REED, post)
    assert "When this was checked again, something stood in the way." in words(mine)
    assert [line.clause for line in findings(mine).lines] == ["STEP-CONS-1"]
    assert stage.card(FACEBOOK_CHANNEL, post).state == "Being changed"


@proves("STEP-CONS-1", platform="sandbox")
async def test_permission_withdrawn_after_release_calls_it_back(stage: Stage) -> None:
    post = await picture_for_four(stage)
    await stage.pass_by(4 * HOUR)
    assert stage.card(BELL, post, READY).state == "Ready to post"
    await stage.recheck()
    assert (await stage.post(post)).state is State.RELEASED

    await stage.says(AMELIA, Status.WITHDRAWN)
    await stage.recheck()
    assert (await stage.post(post)).state is State.DRAFT
    for poster in (BELL, REED):
        ready = stage.card(poster, post, READY)
        assert ready.state == "No longer to be posted"
        # Not even its first words: they may be what it was called back for.
        assert "Our relay team" not in words(ready)
        assert "If it is already posted, please take it down now." in stage.all_words(poster)
    assert STOP in stage.told(BELL)
    assert STOP not in stage.told(REED)
    assert "Our relay team" not in stage.all_words(BELL)
    assert stage.told(REED)[-1] == "Called back"


async def withdraws(stage: Stage) -> None:
    """The office imports today's file, in which Amelia's family has taken its permission back."""
    app = stage.application
    table = parse_table(
        b"pupil_id,school,purpose,scope,status,given_on,expires_on,informed_by\n"
        + f"N-{AMELIA},{OAK},photo,all,withdrawn,,,parent_or_carer\n".encode()
    )
    reader = Reader(units=app.units, schools=app.schools, ids=app.ids)
    desk = Desk(service=app.service, reader=reader, clock=app.clock)
    report = await desk.take(Errand(kind=Kind.CONSENTS, table=table))
    assert report.outcome is Outcome.DONE, report.problems
    await stage.settle()


@pytest.mark.postgres
@proves("STEP-CONS-1", platform="sandbox")
async def test_an_import_counts_at_once_for_what_is_approved(stage: Stage) -> None:
    post = await picture_for_four(stage)
    await withdraws(stage)
    stored = await stage.post(post)
    assert (stored.state, stored.held_back[0]) == (State.DRAFT, "blocked")
    assert stage.told(REED)[-1] == "Sent back"
    assert "When this was checked again" in words(stage.card(REED, post))
    await stage.pass_by(5 * HOUR)
    assert (await stage.post(post)).state is State.DRAFT
    assert stage.cards(BELL) == ()


@proves("STEP-CONS-1", platform="sandbox")
async def test_an_import_counts_at_once_for_what_is_ready_to_post(stage: Stage) -> None:
    post = await picture_for_four(stage)
    await stage.pass_by(4 * HOUR)
    assert stage.card(BELL, post, READY).state == "Ready to post"
    await withdraws(stage)
    assert (await stage.post(post)).state is State.DRAFT
    assert stage.card(BELL, post, READY).state == "No longer to be posted"


async def test_a_right_taken_away_after_the_yes_sends_it_back(stage: Stage) -> None:
    post = await approved(stage)
    await stage.leaves(OKAFOR)
    await stage.pass_by(4 * HOUR)
    stored = await stage.post(post)
    assert (stored.state, stored.held_back) == (State.IN_REVIEW, ("right_lost",))
    assert stored.approvals == ()
    stage.house.clock.pass_by(HOUR)
    shared = stage.card(FACEBOOK_CHANNEL, post)
    assert isinstance(await stage.as_(LUND).press(shared, "Approve"), Done)
    assert (await stage.post(post)).state is State.RELEASED


# -- waiting -------------------------------------------------------------------------------------


@proves("HEAD-ESC-1", platform="sandbox")
async def test_waiting_reminds_then_asks_the_head_then_ends(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    asked = ("Please say yes or no",)
    reminded = (*asked, "Still waiting for a yes")
    await stage.pass_by(4 * HOUR - timedelta(seconds=1))
    assert stage.told(OKAFOR) == stage.told(LUND) == asked
    await stage.pass_by(timedelta(seconds=1))
    assert stage.told(OKAFOR) == stage.told(LUND) == reminded
    # Two moderators are here: the headteacher isn't asked before they have had their time.
    assert stage.told(ADE) == ()
    await stage.pass_by(20 * HOUR)
    assert stage.told(ADE) == ("You are asked to decide",)
    assert stage.told(OKAFOR) == reminded
    await stage.pass_by(6 * DAY - timedelta(seconds=1))
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert shared.state == "Waiting for a second yes"
    await stage.pass_by(timedelta(seconds=1))
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Ran out of time"
    assert stage.told(REED) == ("Ran out of time",)
    assert stage.told(OKAFOR) == ("Ran out of time",) * 2

    late = await stage.as_(OKAFOR).press(shared, "Approve")
    assert isinstance(late, Declined)
    assert "ran out of time" in said(late)


async def test_a_yes_that_comes_too_late_is_none_though_the_clock_is_late_too(
    stage: Stage,
) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    stage.house.clock.pass_by(7 * DAY)
    late = await stage.as_(OKAFOR).press(shared, "Approve")
    assert isinstance(late, Declined)
    assert (await stage.post(draft.post)).approvals == ()


async def test_an_answer_in_time_ends_every_clock(stage: Stage) -> None:
    await approved(stage)
    await stage.pass_by(4 * HOUR)
    post = await approved(stage, "2026-11-18T23:00")
    ready = stage.card(FACEBOOK_CHANNEL, post)
    told = stage.told(ADE)
    await stage.pass_by(3 * HOUR)
    await stage.pass_by(3 * HOUR)
    assert stage.told(ADE) == told
    assert ready.state.startswith("Approved")


async def test_what_nobody_posts_is_asked_about_every_day(stage: Stage) -> None:
    post = await approved(stage)
    await stage.pass_by(4 * HOUR)
    for day in range(1, 4):
        await stage.pass_by(DAY)
        assert stage.told(BELL).count("Ready, and not posted yet") == day
    ready = stage.card(BELL, post, READY)
    assert isinstance(await stage.as_(BELL).press(ready, "I've posted it"), Done)
    await stage.pass_by(2 * DAY)
    assert stage.told(BELL).count("Posted") == 3
    assert "Ready, and not posted yet" not in stage.told(BELL)


async def test_a_draft_nobody_changes_ends_after_its_time(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("Well done Amelia Khan!", FACEBOOK)
    await stage.pass_by(30 * DAY - timedelta(seconds=1))
    assert (await stage.post(draft.post)).state is State.DRAFT
    await stage.pass_by(timedelta(seconds=1))
    assert (await stage.post(draft.post)).state is State.EXPIRED
    assert stage.cards(FACEBOOK_CHANNEL) == ()
