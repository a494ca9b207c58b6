"""Cards: one live message for each conversation, redrawn where it stands as the post goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import SubjectRef
from moderation.ports import RetryAfter
from moderation.posts import commands as ask
from moderation.posts.model import POST, READY
from tests.bot.relay.world import CARD, LEASE, LONG, Died
from tests.fakes.trust import (
    ADE,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    LUND,
    OKAFOR,
    REED,
    X_CHANNEL,
    X,
)


if TYPE_CHECKING:
    from moderation.kernel import AccountId, PersonId
    from moderation.ports import Conversation
    from moderation.posts.model import Post
    from tests.bot.relay.world import World


WAITING = "Waiting for a second yes"
READY_TO_POST = "Ready to post"


def calls_about(world: World, post: Post) -> list[tuple[str, str]]:
    """What was done to the post's own card in the channel, in order."""
    key = f"card:{POST}:{post.id}"
    ref = world.chat.keys.get((FACEBOOK_CHANNEL.id, key))
    return [
        (what, to)
        for what, to, known in world.chat.calls
        if to == FACEBOOK_CHANNEL.id and known in {key, ref}
    ]


async def test_a_card_is_sent_once_and_redrawn_where_it_stands(world: World) -> None:
    post = await world.propose()
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (WAITING,)
    await world.approve(post)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)
    posts = [what for what, _ in calls_about(world, post)]
    assert posts[0] == "post"
    assert set(posts[1:]) == {"update"}


async def test_each_version_is_drawn_once(world: World) -> None:
    await world.propose()
    await world.relay().drain()
    drawn = list(world.chat.calls)
    for number in range(3):
        world.pass_by(LONG)
        await world.relay(f"relay-{number}").drain()
    assert world.chat.calls == drawn


async def test_changes_that_come_together_are_drawn_together(world: World) -> None:
    """Three versions before the relay comes round are one message with the newest."""
    post = await world.propose()
    for text in ("The fair is on Sunday.", "The fair is on Monday."):
        changed = replace(post.content, text=text)
        seen = post.revision.number
        post = await world.do(REED, ask.Revise(post=post.id, seen=seen, content=changed))
    await world.relay().drain()
    [row] = await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id)
    assert row["shown"] == row["wanted"] == 3
    assert calls_about(world, post)[0] == ("post", FACEBOOK_CHANNEL.id)
    [card] = world.chat.cards(FACEBOOK_CHANNEL.id)
    assert "The fair is on Monday." in card.fallback


async def test_every_conversation_shows_the_same_state(world: World) -> None:
    post = await world.released(FACEBOOK, X)
    await world.relay().drain()
    for channel in (FACEBOOK_CHANNEL, X_CHANNEL):
        assert world.states(channel, post) == (READY_TO_POST,)
    assert READY_TO_POST in world.states(REED, post)


async def test_not_now_is_tried_when_it_was_said_to_and_not_before(world: World) -> None:
    world.chat.answers.append(RetryAfter(timedelta(minutes=20)))
    post = await world.propose()
    await world.relay().drain()
    assert world.chat.answers == []
    before = len(world.chat.calls)
    world.pass_by(timedelta(minutes=19))
    await world.relay().drain()
    assert len(world.chat.calls) == before
    world.pass_by(timedelta(minutes=1))
    await world.relay().drain()
    assert len(world.chat.calls) > before
    assert world.states(FACEBOOK_CHANNEL, post) == (WAITING,)
    assert WAITING in world.states(REED, post)


async def test_a_card_that_was_deleted_is_shown_anew(world: World) -> None:
    post = await world.propose()
    await world.relay().drain()
    world.chat.remove(FACEBOOK_CHANNEL)
    await world.approve(post)
    await world.relay().drain()
    world.pass_by(LONG)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)


async def test_a_card_that_is_refused_waits_for_the_next_change(world: World) -> None:
    world.chat.refused = FACEBOOK_CHANNEL
    post = await world.propose()
    await world.relay().drain()
    [row] = await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id)
    assert (row["state"], row["last_error"]) == ("dead", "invalid_blocks")
    calls = len(world.chat.calls)
    world.pass_by(timedelta(hours=1))
    await world.relay().drain()
    assert len(world.chat.calls) == calls

    world.chat.refused = None
    await world.approve(post)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)


@pytest.mark.parametrize("got_through", [True, False])
async def test_a_card_that_may_have_arrived_is_sent_again_and_is_one(
    world: World, *, got_through: bool
) -> None:
    world.chat.unsure = FACEBOOK_CHANNEL
    world.chat.got_through = got_through
    post = await world.propose()
    await world.relay().drain()
    assert len(world.states(FACEBOOK_CHANNEL, post)) == got_through
    world.chat.unsure = None
    await world.approve(post)
    world.pass_by(LONG)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)


@pytest.mark.parametrize("moves_on", [True, False])
async def test_a_death_before_the_card_is_noted_leaves_one_card(
    world: World, *, moves_on: bool
) -> None:
    """The next process finds the message by its key, and draws what is true by then."""
    post = await world.propose()
    world.chat.dies_after = 1
    with pytest.raises(Died):
        await world.relay().drain()
    if moves_on:
        await world.approve(post)
    world.pass_by(LEASE)
    await world.relay("relay-2").drain()
    expected = READY_TO_POST if moves_on else WAITING
    assert world.states(FACEBOOK_CHANNEL, post) == (expected,)
    private = world.chat.cards("person:reed")
    assert next(card.state for card in private if card.subject.kind == POST) == expected


async def test_a_process_that_comes_back_late_overwrites_nothing(world: World) -> None:
    """Its lease is over and another has gone on: what it writes down then doesn't count."""
    post = await world.propose()
    shop = world.shop
    async with shop.units.write() as unit:
        [first] = await unit.effects.claim(shop.clock.now(), 1, "slow", LEASE)
        await unit.commit()
    world.pass_by(LEASE + LEASE)
    await world.relay("relay-2").drain()
    [card] = await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id)
    async with shop.units.write() as unit:
        assert not await unit.effects.done(first)
        assert not await unit.cards.shown(
            SubjectRef(POST, post.id), FACEBOOK_CHANNEL, 9, "elsewhere", card["attempts"] - 1
        )
        await unit.commit()
    assert await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id) == [card]


async def test_an_old_picture_that_arrives_late_is_drawn_over(world: World) -> None:
    """A message on its way when its lease ends comes after the one of the process that went on."""
    post = await world.propose()
    await world.relay().drain()
    changed = replace(post.content, text="The fair is on Sunday.")
    seen = post.revision.number
    post = await world.do(REED, ask.Revise(post=post.id, seen=seen, content=changed))

    async def goes_on() -> None:
        world.pass_by(LEASE)
        await world.approve(post)
        await world.relay("relay-2").drain()
        assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)

    world.chat.meanwhile = goes_on
    await world.relay("relay-1").drain()
    await world.relay("relay-2").drain()
    for place in (FACEBOOK_CHANNEL, REED):
        assert READY_TO_POST in world.states(place, post)
        assert WAITING not in world.states(place, post)


async def test_a_fault_is_tried_again_and_harms_no_other_card(world: World) -> None:
    world.chat.fault = ZeroDivisionError("a bug of ours")
    post = await world.propose()
    await world.relay().drain()
    seen = [world.states(place, post) for place in (FACEBOOK_CHANNEL, REED)]
    assert sorted(map(len, seen)) == [0, 1]
    world.pass_by(LONG)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (WAITING,)
    assert WAITING in world.states(REED, post)


async def test_after_twelve_failures_it_is_left_until_the_post_changes(world: World) -> None:
    world.chat.unsure = FACEBOOK_CHANNEL
    post = await world.propose()
    for _ in range(14):
        await world.relay().drain()
        world.pass_by(LONG)
    [row] = await world.rows(CARD, conversation=FACEBOOK_CHANNEL.id)
    assert (row["state"], row["attempts"]) == ("dead", 12)
    world.chat.unsure = None
    await world.approve(post)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == (READY_TO_POST,)


# -- where there is no channel -------------------------------------------------------------------


async def test_without_a_channel_each_who_decides_has_a_card_of_their_own(world: World) -> None:
    post = await world.propose(INSTAGRAM)
    await world.relay().drain()
    for person in (REED, OKAFOR, LUND, ADE):
        assert WAITING in world.states(person, post)


@pytest.mark.parametrize("account", [FACEBOOK, INSTAGRAM])
async def test_a_post_that_is_called_back_leaves_no_card_saying_otherwise(
    world: World, account: AccountId
) -> None:
    """Whoever had its card is shown that it has gone back, and no longer its words."""
    place: Conversation | PersonId = FACEBOOK_CHANNEL if account == FACEBOOK else OKAFOR
    post = await world.released(account)
    await world.relay().drain()
    assert READY_TO_POST in world.states(place, post)
    await world.do(LUND, ask.Stop(post=post.id, reason="Wrong day."))
    await world.relay().drain()
    name = place.id if not isinstance(place, str) else f"person:{place}"
    [card] = [
        card
        for (to, key), ref in world.chat.keys.items()
        for known, card in world.chat.shown[to]
        if to == name and key == f"card:{POST}:{post.id}" and known == ref
    ]
    assert card.state == "Being changed"
    assert post.content.text not in card.fallback
    assert card.buttons == card.more == ()


async def test_ready_to_post_is_emptied_when_it_is_called_back(world: World) -> None:
    post = await world.released()
    await world.relay().drain()
    await world.do(LUND, ask.Stop(post=post.id, reason="Wrong day."))
    await world.relay().drain()
    [ready] = [card for card in world.chat.cards("person:bell") if card.subject.kind == READY]
    assert ready.state == "No longer to be posted"
    assert post.content.text not in ready.fallback
