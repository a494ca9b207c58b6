"""Many at once: what has a card and a message of its own, and what is counted on one card."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PostId
from moderation.posts import commands as ask
from moderation.posts.model import POST, Content
from moderation.tallies.model import TALLY
from tests.bot.relay.world import Died
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    LUND,
    OKAFOR,
    REED,
)


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from moderation.views import Card
    from tests.bot.relay.world import World

NOTHING = "Nothing waits any more"
AFTER = {"quick": (1, 4, 6, 12), "ci": (1, 4, 6, 12), "full": range(1, 20)}[
    os.environ.get("SIZE", "quick")
]
"""After so many messages the process ends."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def come(world: World, number: int, *, goes_out: datetime | None = None) -> list[Post]:
    found = []
    for _ in range(number):
        content = Content(text="Well done.", accounts=(FACEBOOK,), not_before=goes_out)
        post = PostId(f"post-{next(world.keys):03}")
        found.append(await world.do(REED, ask.Propose(post=post, content=content)))
    await world.relay().drain()
    return found


async def passes(world: World, time: timedelta) -> None:
    world.pass_by(time)
    await world.relay().drain()


async def decide(world: World, *posts: Post, by: PersonId = OKAFOR) -> None:
    for post in posts:
        await world.approve(post, by)
    await world.relay().drain()


def room(world: World, kind: str) -> list[Card]:
    return [it for it in world.chat.cards(FACEBOOK_CHANNEL.id) if it.subject.kind == kind]


def asked(world: World, who: PersonId) -> int:
    """How many messages of its own they were sent of a post, its author's card aside."""
    found = world.chat.cards(f"person:{who}")
    return sum(it.subject.kind == POST for it in found)


def told(world: World, who: PersonId) -> list[str]:
    """What the messages say that count for them, oldest first."""
    found = world.chat.cards(f"person:{who}")
    return [it.state for it in found if it.subject.kind == TALLY]


def facts(card: Card) -> str:
    return card.fallback


# -- a shared conversation ------------------------------------------------------------------------


async def test_from_the_sixth_on_they_are_counted(world: World) -> None:
    posts = await come(world, 5)
    assert len(room(world, POST)) == 5
    assert room(world, TALLY) == []
    posts += await come(world, 3)
    assert len(room(world, POST)) == 5
    [counter] = room(world, TALLY)
    assert counter.state == "Eight posts wait for a yes"
    assert "Came that day: eight posts" in facts(counter)
    assert "Waiting since: 12:00" in facts(counter)
    assert [it.label for it in counter.buttons] == ["Decide the next"]

    await decide(world, posts[0], posts[7])
    [counter] = room(world, TALLY)
    assert counter.state == "Six posts wait for a yes"
    # What had a card of its own keeps it; what was counted has none.
    assert [it.state for it in room(world, POST)].count("Waiting for a second yes") == 4
    assert len(room(world, POST)) == 5

    await decide(world, *posts[1:7])
    [counter] = room(world, TALLY)
    assert counter.state == NOTHING
    assert (counter.buttons, counter.more) == ((), ())


async def test_a_counter_is_one_message_for_the_day(world: World) -> None:
    await decide(world, *await come(world, 7))
    assert [it.state for it in room(world, TALLY)] == [NOTHING]
    world.pass_by(HOUR)
    await come(world, 1)
    assert [it.state for it in room(world, TALLY)] == ["One post waits for a yes"]
    # By noon of the next day it is quiet again, and a post has its own card.
    world.pass_by(timedelta(days=1))
    await come(world, 1)
    assert len(room(world, POST)) == 6
    # Many once more are counted on that day's own.
    await come(world, 5)
    assert [it.state for it in room(world, TALLY)] == [
        "One post waits for a yes",
        "Six posts wait for a yes",
    ]


async def test_a_counter_tells_when_the_first_goes_out(world: World) -> None:
    noon = world.applications.clock.now()
    await come(world, 6)
    await come(world, 1, goes_out=noon + timedelta(days=2))
    await come(world, 1, goes_out=noon + 5 * HOUR)
    [counter] = room(world, TALLY)
    assert "The first goes out: 17:00" in facts(counter)
    # The words stay true after midnight: nothing in them is "today".
    assert counter.title == "Posts of Wednesday 18 November"
    assert "today" not in facts(counter)


async def test_what_goes_out_soon_stands_out_among_many(world: World) -> None:
    await come(world, 7)
    soon = world.applications.clock.now() + HOUR
    pressing = await come(world, 4, goes_out=soon)
    own = [it.subject.id for it in room(world, POST)]
    assert own[5:] == [it.id for it in pressing[:3]]
    [counter] = room(world, TALLY)
    assert counter.state == "11 posts wait for a yes"
    assert "The first goes out: 13:00" in facts(counter)


async def test_a_counter_says_about_how_many_the_head_is_asked(world: World) -> None:
    posts = await come(world, 7)
    await world.do(OKAFOR, ask.AskHead(post=posts[6].id, seen=1, words="May we?"))
    await world.relay().drain()
    [counter] = room(world, TALLY)
    assert "The headteacher is asked about: one post" in facts(counter)
    await decide(world, posts[6])
    [counter] = room(world, TALLY)
    assert "The headteacher" not in facts(counter)


async def test_a_counter_that_was_given_up_is_tried_again_for_the_next(world: World) -> None:
    await come(world, 5)
    world.chat.refused = FACEBOOK_CHANNEL
    await come(world, 2)
    world.chat.refused = None
    await passes(world, HOUR)
    assert room(world, TALLY) == []
    await come(world, 1)
    assert [it.state for it in room(world, TALLY)] == ["Eight posts wait for a yes"]


async def test_what_comes_before_people_once_more_may_have_its_own_card(world: World) -> None:
    posts = await come(world, 6)
    why = ask.RequestChanges(post=posts[5].id, seen=1, reason="Which one?")
    await world.do(OKAFOR, why)
    await decide(world, *posts[:5])
    assert [it.state for it in room(world, TALLY)] == [NOTHING]
    world.pass_by(timedelta(days=1))
    content = Content(text="Well done, all of Year 4.", accounts=(FACEBOOK,))
    await world.do(REED, ask.Revise(post=posts[5].id, seen=1, content=content))
    await world.relay().drain()
    assert room(world, POST)[-1].subject.id == posts[5].id
    assert [it.state for it in room(world, TALLY)] == [NOTHING]


async def test_another_page_has_room_of_its_own(world: World) -> None:
    await come(world, 6)
    post = await world.propose(INSTAGRAM, by=BELL)
    await world.relay().drain()
    [counter] = room(world, TALLY)
    assert counter.state == "Six posts wait for a yes"
    assert post.id not in {it.subject.id for it in room(world, POST)}


@pytest.mark.parametrize("after", AFTER)
async def test_whatever_ends_the_process_in_between_loses_nothing(world: World, after: int) -> None:
    posts = [await world.propose() for _ in range(7)]
    world.chat.dies_after = after
    with pytest.raises(Died):
        await world.relay("first").drain()
    world.chat.dies_after = 0
    await passes(world, 2 * MINUTE)
    await passes(world, 6 * MINUTE)
    assert len(room(world, POST)) == 5
    assert [it.state for it in room(world, TALLY)] == ["Seven posts wait for a yes"]
    for moderator in (OKAFOR, LUND):
        assert asked(world, moderator) == 3
        assert told(world, moderator) == ["Seven posts wait for your yes"]
    await decide(world, *posts)
    await passes(world, 2 * MINUTE)
    assert [it.state for it in room(world, TALLY)] == [NOTHING]


@pytest.mark.postgres
async def test_two_processes_count_together(world: World) -> None:
    for _ in range(12):
        await world.propose()
    relays = [world.relay("one"), world.relay("two")]
    await asyncio.gather(*(relay.drain() for relay in relays))
    await passes(world, 2 * MINUTE)
    assert len(room(world, POST)) == 5
    assert [it.state for it in room(world, TALLY)] == ["12 posts wait for a yes"]
    assert asked(world, OKAFOR) == 3


# -- one person -----------------------------------------------------------------------------------


async def test_from_the_fourth_message_on_they_are_told_together(world: World) -> None:
    posts = await come(world, 7)
    assert (asked(world, OKAFOR), told(world, OKAFOR)) == (3, [])
    await passes(world, 6 * MINUTE)
    assert told(world, OKAFOR) == told(world, LUND) == ["Seven posts wait for your yes"]
    # It is kept up to date where it stands, and no second one is sent so soon.
    await decide(world, posts[6])
    await come(world, 2)
    await passes(world, 10 * MINUTE)
    assert told(world, LUND) == ["Eight posts wait for your yes"]
    # What came meanwhile is told two hours after the first.
    await passes(world, 2 * HOUR)
    assert told(world, LUND) == ["Eight posts wait for your yes"] * 2


async def test_nothing_more_is_sent_where_nothing_more_came(world: World) -> None:
    posts = await come(world, 7)
    await passes(world, 6 * MINUTE)
    await passes(world, 3 * HOUR)
    assert told(world, OKAFOR) == ["Seven posts wait for your yes"]
    await decide(world, *posts, by=LUND)
    assert told(world, OKAFOR) == [NOTHING]


async def test_what_was_decided_before_it_is_told_is_not_told(world: World) -> None:
    posts = await come(world, 7)
    await decide(world, *posts, by=LUND)
    await passes(world, HOUR)
    assert told(world, OKAFOR) == []


async def test_what_goes_out_soon_is_told_at_once_and_again_in_half_an_hour(world: World) -> None:
    await come(world, 3)
    soon = world.applications.clock.now() + HOUR
    await come(world, 1, goes_out=soon)
    assert told(world, OKAFOR) == ["Four posts wait for your yes"]
    await passes(world, MINUTE)
    await come(world, 1, goes_out=soon)
    await passes(world, 20 * MINUTE)
    assert len(told(world, OKAFOR)) == 1
    await passes(world, 10 * MINUTE)
    assert told(world, OKAFOR) == ["Five posts wait for your yes"] * 2


async def test_what_presses_brings_forward_what_is_planned(world: World) -> None:
    await come(world, 4)
    assert told(world, OKAFOR) == []
    await come(world, 1, goes_out=world.applications.clock.now() + HOUR)
    assert told(world, OKAFOR) == ["Five posts wait for your yes"]


@pytest.mark.parametrize("near", [False, True])
async def test_never_more_than_six_in_four_hours(world: World, near: bool) -> None:  # noqa: FBT001
    for _ in range(12):
        now = world.applications.clock.now()
        await come(world, 2, goes_out=now + HOUR if near else None)
        await passes(world, 20 * MINUTE - timedelta(seconds=1))
    assert asked(world, OKAFOR) == 3
    assert told(world, OKAFOR) == ["24 posts wait for your yes"] * (3 if near else 2)


async def test_somebodys_own_question_is_never_counted(world: World) -> None:
    posts = await come(world, 6)
    for post in posts:
        await world.do(OKAFOR, ask.AskHead(post=post.id, seen=1, words="May we?"))
    await world.relay().drain()
    found = [it.state for it in world.chat.cards(f"person:{ADE}")]
    assert found.count("You are asked to decide") == 6


async def test_a_stop_is_never_counted(world: World) -> None:
    posts = await come(world, 7)
    for post in posts:
        await world.do(OKAFOR, ask.Stop(post=post.id, reason="Not today."))
    await world.relay().drain()
    found = [it.state for it in world.chat.cards(f"person:{ADE}")]
    assert len(found) == 7


async def test_authors_hear_of_many_approvals_together(world: World) -> None:
    await decide(world, *await come(world, 6))
    await passes(world, 6 * MINUTE)
    cards = world.chat.cards(f"person:{REED}")
    [counted] = [it for it in cards if it.subject.kind == TALLY]
    assert "Approved of yours: three posts" in facts(counted)
    assert counted.state == "Three of your posts are approved"


async def test_without_a_conversation_the_cards_are_counted_with_the_messages(
    world: World,
) -> None:
    for _ in range(6):
        await world.propose(INSTAGRAM, by=BELL)
    await world.relay().drain()
    await passes(world, 6 * MINUTE)
    cards = world.chat.cards(f"person:{OKAFOR}")
    assert len(cards) == 4
    assert cards[-1].state == "Six posts wait for your yes"


async def test_what_is_long_over_is_forgotten(world: World) -> None:
    post = (await come(world, 7))[0].id
    await world.application.rounds.forget()
    async with world.application.units.read() as unit:
        assert len(await unit.tallies.about(post)) > 0
    world.pass_by(timedelta(days=32))
    await world.application.rounds.forget()
    async with world.application.units.read() as unit:
        assert await unit.tallies.about(post) == ()
