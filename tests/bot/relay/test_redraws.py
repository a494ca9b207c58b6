"""A private message that asks for something asks no longer once its post has moved on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import SubjectRef
from moderation.ports import Ambiguous, RetryAfter
from moderation.posts import commands as ask
from moderation.posts.model import POST, Content
from tests.bot.relay.world import LEASE, LONG, NOTICE, OPEN_NOTICE, Died
from tests.fakes.cards import plain
from tests.fakes.trust import ADE, FACEBOOK, LUND, OKAFOR, REED


if TYPE_CHECKING:
    from collections.abc import Callable

    from moderation.kernel import PersonId, PostId
    from moderation.ports import Conversation, Delivery
    from moderation.posts.model import Post
    from moderation.service import Command
    from moderation.views import Card
    from tests.bot.relay.world import World


PLEASE_DECIDE = "Please say yes or no"


def messages(world: World, person: PersonId, post: Post) -> list[Card]:
    """The private messages about a post, as they stand now."""
    place = f"person:{person}"
    sent = {ref for (to, key), ref in world.chat.keys.items() if to == place and "notice:" in key}
    return [
        card
        for ref, card in world.chat.shown.get(place, ())
        if ref in sent and card.subject.id == post.id
    ]


def offered(world: World, person: PersonId, post: Post) -> set[str]:
    """What somebody's private messages about a post still offer, besides reading it."""
    cards = messages(world, person, post)
    return {button.intent.verb for card in cards for button in card.buttons} - {"post.open"}


async def asked(world: World) -> Post:
    """Mr Lund and Mrs Okafor have been asked."""
    post = await world.propose()
    await world.relay().drain()
    for person in (LUND, OKAFOR):
        assert "post.approve" in offered(world, person, post)
    return post


WAYS_ON: dict[str, tuple[PersonId, Callable[[PostId], Command]]] = {
    "approved": (OKAFOR, lambda post: ask.Approve(post=post, seen=1)),
    "rejected": (OKAFOR, lambda post: ask.Reject(post=post, seen=1, reason="Not this week.")),
    "changes asked for": (
        OKAFOR,
        lambda post: ask.RequestChanges(post=post, seen=1, reason="Which Saturday?"),
    ),
    "stopped": (LUND, lambda post: ask.Stop(post=post, reason="A family has asked.")),
    "cancelled": (REED, lambda post: ask.Withdraw(post=post)),
}


@pytest.mark.parametrize("way", WAYS_ON)
async def test_nothing_is_asked_once_the_post_has_moved_on(world: World, way: str) -> None:
    post = await asked(world)
    by, command = WAYS_ON[way]
    await world.do(by, command(post.id))
    await world.relay().drain()
    for person in (LUND, OKAFOR, ADE):
        assert PLEASE_DECIDE not in world.states(person, post)
        assert not offered(world, person, post)
    [last] = messages(world, LUND, post)
    assert "Nothing is asked of you here." in last.fallback
    # It has said its last, and nobody looks at it again.
    asking = {row["id"] for row in await world.rows(NOTICE, person_id=LUND)}
    assert not asking & {row["notice_id"] for row in await world.rows(OPEN_NOTICE)}


async def test_a_new_version_is_asked_about_in_a_new_message(world: World) -> None:
    post = await asked(world)
    content = Content(text="The fair is on Sunday.", accounts=(FACEBOOK,))
    await world.do(REED, ask.Revise(post=post.id, seen=1, content=content))
    await world.relay().drain()
    old, new = messages(world, OKAFOR, post)
    assert "moved on" in old.fallback
    assert [button.intent.rev for button in new.buttons] == [2] * 4
    assert new.state == PLEASE_DECIDE


async def test_an_author_is_told_when_it_has_been_posted(world: World) -> None:
    post = await world.released()
    await world.relay().drain()
    [before] = messages(world, REED, post)
    assert "Next," in before.fallback
    await world.do(REED, ask.MarkPosted(post=post.id, seen=1, account=FACEBOOK))
    await world.relay().drain()
    [after] = messages(world, REED, post)
    assert "It has been posted." in after.fallback
    assert await world.rows(OPEN_NOTICE) == []


@pytest.mark.parametrize("answer", [RetryAfter(timedelta(minutes=3)), Ambiguous("timeout")])
async def test_a_redraw_that_did_not_surely_arrive_is_tried_again(
    world: World, answer: Delivery
) -> None:
    post = await asked(world)
    await world.do(OKAFOR, ask.Approve(post=post.id, seen=1))
    world.chat.answers += [answer] * 12
    await world.relay().drain()
    world.chat.answers.clear()
    assert "post.approve" in offered(world, LUND, post)
    world.pass_by(LONG)
    await world.relay().drain()
    assert not offered(world, LUND, post)


async def test_a_message_that_somebody_deleted_is_not_sent_again(world: World) -> None:
    post = await asked(world)
    world.chat.remove(await place_of(world))
    sent = len(world.chat.calls)
    await world.do(OKAFOR, ask.Approve(post=post.id, seen=1))
    await world.relay().drain()
    later = world.chat.calls[sent:]
    assert ("post", f"person:{LUND}") not in [(what, to) for what, to, _ in later]
    mine = {row["id"] for row in await world.rows(NOTICE, person_id=LUND)}
    assert not mine & {row["notice_id"] for row in await world.rows(OPEN_NOTICE)}


async def place_of(world: World) -> Conversation:
    async with world.application.units.read() as unit:
        place = await world.shop.reach.private(unit, LUND)
    assert place is not None
    return place


async def test_a_death_in_between_leaves_no_message_behind(world: World) -> None:
    post = await asked(world)
    await world.do(OKAFOR, ask.Reject(post=post.id, seen=1, reason="Not this week."))
    for number in range(1, 8):
        world.chat.dies_after = number
        try:
            await world.relay(f"relay-{number}").drain()
        except Died:
            world.pass_by(LEASE)
    world.chat.dies_after = 0
    await world.relay("relay-last").drain()
    assert not offered(world, LUND, post)


async def test_a_message_can_be_drawn_once_more_though_nothing_has_changed(world: World) -> None:
    """Its picture could not be shown before, and can be now."""
    post = await asked(world)
    before = messages(world, LUND, post)
    place = f"person:{LUND}"
    world.chat.shown[place] = [(ref, plain()) for ref, _ in world.chat.shown[place]]
    async with world.application.units.write() as unit:
        await unit.open_notices.again(SubjectRef(POST, post.id))
        await unit.open_notices.again(SubjectRef(POST, "another"))
        await unit.commit()
    await world.relay().drain()
    now = [card for _, card in world.chat.shown[place]]
    assert [card for card in now if card in before] == before
