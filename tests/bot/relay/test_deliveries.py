"""What was given up is told to the head of that school: soon, once a day at most, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.undelivered import Undelivered
from moderation.incidents.commands import ReportConcern
from moderation.incidents.model import Concern, IncidentId
from moderation.kernel import Accepted, Asked, Platform
from moderation.ports import Conversation
from moderation.posts import commands as ask
from tests.bot.relay.world import CARD, EFFECT
from tests.fakes.trust import (
    ADE,
    FACEBOOK_CHANNEL,
    MARSH,
    MILL_PAGE,
    NOVAK,
    PRICE,
    QUINN,
    REED,
    SHAH,
    identity,
)


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.views import Card
    from tests.bot.relay.world import World


DAY = timedelta(days=1)
TEXT = "The lantern parade sets off at six."


def told(world: World, person: PersonId) -> list[Card]:
    cards = world.chat.cards(f"person:{person}")
    return [card for card in cards if card.title.startswith("Not delivered")]


async def said(world: World) -> None:
    """Two processes come round at once."""
    for number in range(2):
        await job(world).tell()
        await world.relay(f"relay-{number}").drain()


def job(world: World) -> Undelivered:
    return Undelivered(
        units=world.application.units,
        schools=world.application.schools,
        clock=world.applications.clock,
        wrote=lambda: None,
    )


async def lose_a_card(world: World) -> None:
    world.chat.refused = FACEBOOK_CHANNEL
    await world.propose(text=TEXT)
    await world.relay().drain()
    world.chat.refused = None


async def lose_a_message(world: World) -> None:
    await world.propose()
    await world.relay().drain()
    await world.run("UPDATE notice SET state = 'dead' WHERE person_id = 'lund'")


def private(person: PersonId) -> Conversation:
    return Conversation(Platform.SANDBOX, f"person:{person}")


@pytest.mark.postgres
async def test_the_head_of_that_school_hears_whom_it_did_not_reach(world: World) -> None:
    await said(world)
    assert told(world, ADE) == []
    await lose_a_card(world)
    await said(world)
    [card] = told(world, ADE)
    assert card.title == "Not delivered · Oakfield Primary School"
    assert card.state == "One could not be delivered"
    assert "Facebook · Oakfield Primary: One card" in card.fallback
    assert "lantern" not in card.fallback
    assert "schoolgate outbox list" in card.fallback
    for elsewhere in (REED, MARSH, PRICE, QUINN):
        assert told(world, elsewhere) == []


async def test_nobody_is_told_twice_of_the_same_or_twice_a_day(world: World) -> None:
    await lose_a_message(world)
    await said(world)
    await lose_a_message(world)
    for _ in range(3):
        world.pass_by(timedelta(hours=1))
        await said(world)
    assert len(told(world, ADE)) == 1
    for _ in range(3):
        world.pass_by(DAY)
        await said(world)
    states = [card.state for card in told(world, ADE)]
    assert states == ["One could not be delivered", "Two could not be delivered"]


async def test_what_is_tried_again_and_given_up_again_is_told_again(world: World) -> None:
    await lose_a_card(world)
    await said(world)
    world.pass_by(DAY)
    async with world.application.units.write() as unit:
        [letter] = await unit.outbox.letters()
        await unit.outbox.retry(letter.id, world.applications.clock.now())
        await unit.commit()
    world.chat.refused = FACEBOOK_CHANNEL
    await world.relay().drain()
    assert [row["state"] for row in await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id)] == [
        "dead"
    ]
    await said(world)
    assert len(told(world, ADE)) == 2


async def test_nobody_is_woken_for_it(world: World) -> None:
    await lose_a_message(world)
    for hours, so_far in ((8, 0), (10, 0), (1, 1)):  # 20:00, 06:00, 07:00
        world.pass_by(timedelta(hours=hours))
        await said(world)
        assert len(told(world, ADE)) == so_far


async def test_what_was_delivered_meanwhile_is_not_told(world: World) -> None:
    await lose_a_card(world)
    await job(world).tell()
    async with world.application.units.write() as unit:
        [letter] = await unit.outbox.letters()
        await unit.outbox.discard(letter.id)
        await unit.commit()
    await world.relay().drain()
    assert told(world, ADE) == []


@pytest.mark.postgres
async def test_where_the_head_was_not_reached_others_hear_of_it_and_it_never_goes_round(
    world: World,
) -> None:
    post = await world.propose(text=TEXT)
    world.chat.refused = private(ADE)
    await world.do(REED, ask.AskHead(post=post.id, seen=1, words="May we?"))
    await world.relay().drain()
    await said(world)
    await world.do(REED, ask.Withdraw(post=post.id))
    for _ in range(3):
        world.pass_by(DAY)
        await said(world)
    assert told(world, ADE) == []
    for person in (SHAH, QUINN):
        [card] = told(world, person)
        assert "Mrs Yemi Ade: One message" in card.fallback
        assert "May we?" not in card.fallback


async def test_a_step_that_could_not_be_taken_is_told(world: World) -> None:
    await world.propose(MILL_PAGE, by=MARSH)
    await world.run("UPDATE effect SET state = 'dead' WHERE kind = 'tell'")
    lost = len(await world.rows(EFFECT, state="dead"))
    assert lost > 0
    await said(world)
    [card] = told(world, PRICE)
    assert "Schoolgate itself: " in card.fallback
    assert told(world, ADE) == []


async def test_of_a_report_nothing_is_told(world: World) -> None:
    """That there is one is nobody's to know but those who were asked."""
    world.chat.refused = private(NOVAK)
    concern = Concern(words="It worries me.")
    asked = Asked(by=identity(REED), key="report", at=world.applications.clock.now())
    command = ReportConcern(incident=IncidentId("r1"), concern=concern)
    assert isinstance(await world.application.service.do(command, asked), Accepted)
    await world.relay().drain()
    assert [row["subject_kind"] for row in await world.rows(CARD, state="dead")] == ["incident"]
    await said(world)
    for person in (ADE, QUINN, SHAH):
        assert told(world, person) == []
