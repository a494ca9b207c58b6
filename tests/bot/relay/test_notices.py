"""Private messages: each said once to each person, in chat or, where there is none, in person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PersonId, SubjectRef
from moderation.ports import Ambiguous, Gone, Rejected, RetryAfter
from moderation.posts import commands as ask
from moderation.posts.model import POST
from tests.bot.relay.world import EFFECT, LEASE, LONG, NOTICE, Died
from tests.fakes.trust import ADE, HART, INSTAGRAM, LUND, MARSH, MILL_PAGE, OKAFOR, REED, identity


if TYPE_CHECKING:
    from moderation.ports import Delivery
    from moderation.posts.model import Post
    from tests.bot.relay.world import World


PLEASE_DECIDE = "Please say yes or no"


def asked(world: World, person: PersonId, post: Post) -> int:
    return world.states(person, post).count(PLEASE_DECIDE)


async def test_each_is_told_once(world: World) -> None:
    post = await world.propose()
    for number in range(3):
        await world.relay(f"relay-{number}").drain()
        world.pass_by(LONG)
    assert {who: asked(world, who, post) for who in (REED, OKAFOR, LUND, ADE)} == {
        REED: 0,
        OKAFOR: 1,
        LUND: 1,
        ADE: 0,
    }


async def test_whoever_has_two_identities_is_told_in_one_place(world: World) -> None:
    await world.propose()
    await world.relay().drain()
    told = await world.rows(NOTICE, person_id=OKAFOR)
    assert [(row["platform"], row["state"]) for row in told] == [("sandbox", "done")]


async def test_an_effect_that_is_claimed_twice_tells_once(world: World) -> None:
    """One process has planned the messages, and died before it said that it was done."""
    post = await world.propose()
    await world.relay().drain()
    await world.run("UPDATE effect SET state = 'ready', lease_until = NULL WHERE kind = 'tell'")
    await world.relay("relay-2").drain()
    assert await world.rows(EFFECT, kind="tell", state="ready") == []
    assert asked(world, OKAFOR, post) == 1
    assert len(await world.rows(NOTICE, person_id=OKAFOR)) == 1


async def test_a_death_between_sending_and_noting_it_tells_once(world: World) -> None:
    post = await world.propose(INSTAGRAM)
    deaths = 0
    for number in range(1, 10):
        world.chat.dies_after = number
        try:
            await world.relay(f"relay-{number}").drain()
        except Died:
            deaths += 1
        world.pass_by(LEASE)
    assert deaths > 2
    assert {who: asked(world, who, post) for who in (REED, OKAFOR, LUND, ADE)} == {
        REED: 0,
        OKAFOR: 1,
        LUND: 1,
        ADE: 0,
    }


async def test_whoever_has_no_chat_is_kept_as_told_in_person(world: World) -> None:
    """Mr Lund is in no chat: somebody has to tell him."""
    async with world.application.units.write() as unit:
        person = await unit.people.get(LUND)
        assert person is not None
        await unit.people.save((replace(person, identities=()),))
        await unit.commit()
    await world.propose()
    await world.relay().drain()
    [row] = await world.rows(NOTICE, person_id=LUND)
    assert (row["state"], row["platform"], row["identity"]) == ("in_person", "", "")
    assert not world.chat.cards(f"person:{LUND}")
    await world.relay().drain()
    assert await world.rows(NOTICE, person_id=LUND) == [row]


async def test_whoever_cannot_be_reached_today_is_kept_too(world: World) -> None:
    world.chat.unreachable.add(identity(LUND))
    post = await world.propose()
    await world.relay().drain()
    [row] = await world.rows(NOTICE, person_id=LUND)
    assert row["state"] == "in_person"
    assert asked(world, OKAFOR, post) == 1


async def planned(world: World) -> Post:
    """Everybody's messages are planned, and none is sent yet."""
    post = await world.propose()
    world.chat.answers += [RetryAfter(timedelta(minutes=1))] * 4
    await world.relay().drain()
    assert world.chat.answers == []
    return post


@pytest.mark.parametrize("answer", [Gone(), Rejected("channel_not_found")])
async def test_a_message_that_will_never_arrive_is_given_up(world: World, answer: Delivery) -> None:
    await planned(world)
    world.chat.answers += [answer] * 4
    world.pass_by(timedelta(minutes=1))
    await world.relay().drain()
    told = await world.rows(NOTICE)
    assert {row["state"] for row in told} == {"dead"}
    sent = len(world.chat.calls)
    world.pass_by(LONG)
    await world.relay().drain()
    assert {row["state"] for row in await world.rows(NOTICE)} == {"dead"}
    # The cards have been tried again by then, the messages have not.
    assert not [key for _, _, key in world.chat.calls[sent:] if key.startswith("notice:")]


@pytest.mark.parametrize("answer", [RetryAfter(timedelta(minutes=3)), Ambiguous("timeout")])
async def test_a_message_that_did_not_surely_arrive_is_sent_again(
    world: World, answer: Delivery
) -> None:
    post = await planned(world)
    world.chat.answers += [answer] * 4
    world.pass_by(timedelta(minutes=1))
    await world.relay().drain()
    assert asked(world, OKAFOR, post) == 0
    world.pass_by(LONG)
    await world.relay().drain()
    assert asked(world, OKAFOR, post) == 1


async def test_a_message_says_what_is_true_when_it_is_sent(world: World) -> None:
    post = await world.propose()
    await world.do(REED, ask.Withdraw(post=post.id))
    await world.relay().drain()
    assert asked(world, OKAFOR, post) == 0
    [card] = [
        card
        for card in world.chat.cards(f"person:{OKAFOR}")
        if card.subject == SubjectRef(POST, post.id)
    ]
    assert card.state == "Cancelled"
    assert post.content.text not in card.fallback


async def test_messages_about_one_post_come_in_order(world: World) -> None:
    post = await world.released()
    await world.relay().drain()
    await world.do(LUND, ask.Stop(post=post.id, reason="Wrong day."))
    await world.relay().drain()
    mine = [
        card.state
        for (to, key), ref in world.chat.keys.items()
        if to == f"person:{REED}" and key.startswith("notice:")
        for known, card in world.chat.shown[to]
        if known == ref
    ]
    # The first has moved on since.
    assert mine == ["Not sent yet", "Called back"]


async def test_nobody_of_another_school_is_told(world: World) -> None:
    ours, theirs = await world.propose(), await world.propose(MILL_PAGE, by=MARSH)
    await world.relay().drain()
    told = {row["person_id"]: row["effect_id"] for row in await world.rows(NOTICE)}
    assert told.keys() == {OKAFOR, LUND, "price"}
    assert HART not in told
    assert not world.states(PersonId("price"), ours)
    assert not world.states(OKAFOR, theirs)


async def test_a_day_of_not_now_is_the_end_of_trying(world: World) -> None:
    """Whatever the platform says each time: then a person has to look."""
    world.chat.answers += [RetryAfter(timedelta(hours=7))] * 200
    await world.propose()
    tried = []
    for _ in range(6):
        await world.relay().drain()
        world.pass_by(timedelta(hours=7))
        [first] = await world.rows(NOTICE, id=1)
        tried.append((first["attempts"], first["state"]))
    assert tried == [(1, "ready"), (2, "ready"), (3, "ready"), (4, "ready"), *[(5, "dead")] * 2]
