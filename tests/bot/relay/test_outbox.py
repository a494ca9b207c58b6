"""What could not be delivered: seen by the operator, tried again or left, and nobody named."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from moderation.ports import Ambiguous, RetryAfter
from storage.outbox import Decided, State
from tests.bot.relay.world import CARD, LONG
from tests.fakes.trust import FACEBOOK, FACEBOOK_CHANNEL, NAMES


if TYPE_CHECKING:
    from storage.outbox import Letter
    from tests.bot.relay.world import World

pytestmark = pytest.mark.postgres

WAITING = "Waiting for a second yes"
READY_TO_POST = "Ready to post"


async def letters(world: World) -> dict[str, Letter]:
    async with world.application.units.read() as unit:
        return {letter.id: letter for letter in await unit.outbox.letters()}


async def retry(world: World, letter: str) -> Decided:
    async with world.application.units.write() as unit:
        answer = await unit.outbox.retry(letter, world.applications.clock.now())
        await unit.commit()
    return answer


async def discard(world: World, letter: str) -> Decided:
    async with world.application.units.write() as unit:
        answer = await unit.outbox.discard(letter)
        await unit.commit()
    return answer


async def test_what_was_delivered_is_no_letter(world: World) -> None:
    await world.released()
    await world.relay().drain()
    assert await letters(world) == {}


async def test_a_refused_card_is_a_letter_that_names_nobody(world: World) -> None:
    world.chat.refused = FACEBOOK_CHANNEL
    await world.propose()
    await world.relay().drain()
    [letter] = (await letters(world)).values()
    assert (letter.kind, letter.about, letter.state) == ("card", "post", State.DEAD)
    assert (letter.attempts, letter.error) == (1, "invalid_blocks")
    shown = str(asdict(letter))
    for telling in (*NAMES, *(name for name, _, _ in NAMES.values()), FACEBOOK, "post-0"):
        assert telling not in shown


async def test_it_is_tried_again_when_the_operator_says(world: World) -> None:
    world.chat.refused = FACEBOOK_CHANNEL
    post = await world.propose()
    await world.relay().drain()
    [letter] = await letters(world)
    world.chat.refused = None
    assert await retry(world, letter) is Decided.DONE
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (WAITING,)
    assert await letters(world) == {}
    assert await retry(world, letter) is Decided.UNKNOWN


@pytest.mark.ci("postgresql")
async def test_what_is_tried_again_has_as_many_tries_as_a_new_one(world: World) -> None:
    world.chat.answers += [RetryAfter(LONG)] * 400
    await world.propose()
    for _ in range(12):
        await world.relay().drain()
        world.pass_by(LONG)
    found = await letters(world)
    assert {letter.state for letter in found.values()} == {State.DEAD}
    for letter in found:
        assert await retry(world, letter) is Decided.DONE
    for _ in range(11):
        await world.relay().drain()
        world.pass_by(LONG)
    again = await letters(world)
    assert {letter.state for letter in again.values() if letter.id in found} == {State.TRYING}
    await world.relay().drain()
    assert {(await letters(world))[letter].state for letter in found} == {State.DEAD}


async def test_what_is_left_is_drawn_at_the_next_change(world: World) -> None:
    world.chat.refused = FACEBOOK_CHANNEL
    post = await world.propose()
    await world.relay().drain()
    [letter] = await letters(world)
    assert await discard(world, letter) is Decided.DONE
    world.chat.refused = None
    world.pass_by(LONG)
    await world.relay().drain()
    assert await letters(world) == {}
    assert world.states(FACEBOOK_CHANNEL, post) == ()
    await world.approve(post)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)


async def test_what_is_still_tried_can_be_hurried_but_not_left(world: World) -> None:
    world.chat.answers.append(RetryAfter(LONG))
    await world.propose()
    await world.relay().drain()
    [letter] = (await letters(world)).values()
    assert letter.state is State.TRYING
    assert await discard(world, letter.id) is Decided.STILL_TRYING
    assert await retry(world, letter.id) is Decided.DONE
    await world.relay().drain()
    assert await letters(world) == {}
    assert {row["state"] for row in await world.rows(CARD)} == {"open"}


async def test_a_release_that_may_have_gone_out_is_sent_by_nobody(world: World) -> None:
    world.publisher.answers.append(Ambiguous("timeout"))
    post = await world.released()
    await world.relay().drain()
    [letter] = (await letters(world)).values()
    assert (letter.kind, letter.state, letter.error) == ("release", State.ASKED, "timeout")
    assert await retry(world, letter.id) is Decided.PEOPLE_ARE_ASKED
    assert await discard(world, letter.id) is Decided.PEOPLE_ARE_ASKED
    world.pass_by(LONG)
    await world.relay().drain()
    assert world.publisher.given == []
    assert await world.release_states(post) == {FACEBOOK: "ambiguous"}
