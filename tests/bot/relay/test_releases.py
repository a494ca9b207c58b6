"""Releases: handed out at most once by themselves, and a person is asked where it is unclear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.relay.retrying import LONGEST_TRYING, MOST_ATTEMPTS
from moderation.holds.commands import Pause, Start
from moderation.kernel import Accepted, AccountId, Asked
from moderation.ports import Ambiguous, HandedOut, Rejected, RetryAfter
from moderation.posts import commands as ask
from moderation.posts.model import Posted, State
from tests.bot.relay.world import EFFECT, LEASE, LONG, RELEASE, Died, MortalService, NeverBegins
from tests.fakes.trust import ADE, BELL, FACEBOOK, LUND, OAK, OKAFOR, REED, X, identity


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from tests.bot.relay.world import World


IS_IT_POSTED = "Is it posted?"
STOP = "Stop: please don't post this"


async def died_after_handing_out(world: World) -> Post:
    """The publisher has it, and nobody has written that down."""
    post = await world.released()
    world.publisher.dies = True
    with pytest.raises(Died):
        await world.relay().drain()
    assert world.publisher.given_to == [(FACEBOOK, post.revision.id)]
    return post


async def test_each_account_gets_it_once(world: World) -> None:
    post = await world.released(FACEBOOK, X)
    await world.relay().drain()
    world.pass_by(LONG)
    await world.relay("relay-2").drain()

    revision = post.revision.id
    assert sorted(world.publisher.given_to) == [(FACEBOOK, revision), (X, revision)]
    given, _ = world.publisher.given
    assert (given.text, given.digest) == (post.content.text, post.content.digest())
    assert (given.authors, given.approvers) == ((REED,), (OKAFOR,))
    assert await world.release_states(post) == {FACEBOOK: "done", X: "done"}


# -- the process ends in between -----------------------------------------------------------------


async def test_a_death_after_handing_out_asks_the_posters(world: World) -> None:
    post = await died_after_handing_out(world)
    assert IS_IT_POSTED not in world.states(BELL, post)

    world.pass_by(LEASE)
    await world.relay("relay-2").drain()

    assert await world.release_states(post) == {FACEBOOK: "ambiguous"}
    for poster in (REED, BELL):
        assert world.states(poster, post).count(IS_IT_POSTED) == 1
    assert IS_IT_POSTED not in world.states(OKAFOR, post)
    [posting] = (await world.current(post)).postings
    assert (posting.said, posting.person) == (Posted.UNSURE, None)


async def test_what_is_unclear_is_never_handed_out_again(world: World) -> None:
    post = await died_after_handing_out(world)
    for number in range(2, 6):
        world.pass_by(LONG)
        await world.relay(f"relay-{number}").drain()
    assert world.publisher.answers == []

    seen = post.revision.number
    posted = ask.MarkPosted(post=post.id, seen=seen, account=FACEBOOK, url="https://x.example/1")
    await world.do(BELL, posted)
    await world.relay("relay-6").drain()
    assert (await world.current(post)).state is State.PUBLISHED
    assert world.publisher.answers == []


async def test_before_the_lease_ends_nobody_is_asked(world: World) -> None:
    post = await died_after_handing_out(world)
    world.pass_by(LEASE / 2)
    await world.relay("relay-2").drain()
    assert await world.release_states(post) == {FACEBOOK: "sending"}
    assert IS_IT_POSTED not in world.states(BELL, post)


@pytest.mark.parametrize("death", [NeverBegins, MortalService])
async def test_the_question_outlives_the_next_process_too(
    world: World, death: type[MortalService]
) -> None:
    """Between finding out and asking there is no moment in which the question can be lost."""
    post = await died_after_handing_out(world)
    world.pass_by(LEASE)
    with pytest.raises(Died):
        await world.relay("relay-2", service=world.mortal(death)).drain()
    world.pass_by(LEASE)
    await world.relay("relay-3").drain()
    assert world.states(BELL, post).count(IS_IT_POSTED) == 1


# -- what the publisher answers ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state"),
    [(Rejected("picture_missing"), "rejected"), (Ambiguous("timeout"), "ambiguous")],
)
async def test_an_answer_that_is_no_yes_asks_the_posters(
    world: World, answer: Rejected | Ambiguous, state: str
) -> None:
    world.publisher.answers.append(answer)
    post = await world.released()
    await world.relay().drain()
    world.pass_by(LONG)
    await world.relay().drain()
    assert await world.release_states(post) == {FACEBOOK: state}
    assert world.states(BELL, post).count(IS_IT_POSTED) == 1
    assert world.publisher.given == []


async def test_a_fault_of_the_publisher_counts_as_unclear(world: World) -> None:
    world.publisher.fault = OSError("no space")
    post = await world.released()
    await world.relay().drain()
    world.pass_by(LONG)
    await world.relay().drain()
    assert await world.release_states(post) == {FACEBOOK: "ambiguous"}
    assert world.states(BELL, post).count(IS_IT_POSTED) == 1
    assert world.publisher.given == []


async def test_not_now_is_tried_again_when_it_was_said_to(world: World) -> None:
    world.publisher.answers.append(RetryAfter(timedelta(minutes=30)))
    post = await world.released()
    await world.relay().drain()
    world.pass_by(timedelta(minutes=29))
    await world.relay().drain()
    assert world.publisher.given == []
    world.pass_by(timedelta(minutes=1))
    await world.relay().drain()
    assert world.publisher.given_to == [(FACEBOOK, post.revision.id)]
    assert IS_IT_POSTED not in world.states(BELL, post)


async def test_not_now_for_ever_is_left_to_people(world: World) -> None:
    world.publisher.answers += [RetryAfter(timedelta(minutes=1))] * 20
    post = await world.released()
    for _ in range(14):
        await world.relay().drain()
        world.pass_by(LONG)
    assert await world.release_states(post) == {FACEBOOK: "rejected"}
    assert world.states(BELL, post).count(IS_IT_POSTED) == 1
    assert len(world.publisher.answers) == 8


# -- all posts are paused ------------------------------------------------------------------------


async def hold(world: World, command: Pause | Start) -> None:
    now = world.applications.clock.now()
    asked = Asked(by=identity(ADE), key=f"{type(command).__name__} {now}", at=now)
    outcome = await world.application.service.do(command, asked)
    assert isinstance(outcome, Accepted), outcome


async def test_a_pause_uses_up_no_tries_and_no_time(world: World) -> None:
    """Public on one account already, so it isn't called back: the other account's part waits."""
    world.publisher.answers += [HandedOut("one"), RetryAfter(timedelta(seconds=30))]
    post = await world.released(FACEBOOK, X)
    await world.relay().drain()
    [waiting] = await world.rows(RELEASE, state="ready")
    account = AccountId(str(waiting["account_id"]))
    first = FACEBOOK if account == X else X
    poster = BELL if first is FACEBOOK else REED
    url = "https://example.org/1"
    await world.do(poster, ask.MarkPosted(post=post.id, seen=1, account=first, url=url))
    await hold(world, Pause(school=OAK, reason="A flood."))
    for _ in range(MOST_ATTEMPTS + 1):
        world.pass_by(timedelta(minutes=2))
        await world.relay().drain()
    world.pass_by(LONGEST_TRYING)
    await world.relay().drain()
    assert world.publisher.answers == []
    [waiting] = await world.rows(RELEASE, state="ready")
    assert (waiting["last_error"], waiting["failures"]) == ("paused", 1)

    world.publisher.answers.append(RetryAfter(timedelta(seconds=30)))
    await hold(world, Start(school=OAK))
    for _ in range(2):
        world.pass_by(timedelta(minutes=2))
        await world.relay().drain()
    assert world.publisher.given_to == [(account, post.revision.id)]
    assert await world.release_states(post) == {FACEBOOK: "done", X: "done"}


# -- called back ---------------------------------------------------------------------------------


async def stopped(world: World, post: Post) -> Post:
    return await world.do(LUND, ask.Stop(post=post.id, reason="Wrong day."))


async def test_what_is_called_back_before_the_relay_comes_is_not_handed_out(world: World) -> None:
    post = await world.handed_out()
    assert post.state is State.RELEASED
    await stopped(world, post)

    await world.relay().drain()

    assert world.publisher.given == []
    assert await world.rows(RELEASE, state="ready") == []
    waiting = await world.rows(EFFECT, state="ready")
    assert {row["kind"] for row in waiting} == {"later"}
    for poster in (REED, BELL):
        assert {STOP, "Called back"} & set(world.states(poster, post))
        assert IS_IT_POSTED not in world.states(poster, post)


async def test_what_is_called_back_while_it_waits_is_not_handed_out(world: World) -> None:
    world.publisher.answers.append(RetryAfter(timedelta(minutes=30)))
    post = await world.released()
    await world.relay().drain()
    await stopped(world, post)
    world.pass_by(timedelta(hours=1))
    await world.relay().drain()
    assert world.publisher.given == []
    assert STOP in world.states(BELL, post)
    assert IS_IT_POSTED not in world.states(BELL, post)


async def test_the_next_version_is_handed_out_and_nobody_asks_about_the_old(world: World) -> None:
    world.publisher.answers.append(RetryAfter(timedelta(hours=2)))
    post = await world.released()
    await world.relay().drain()
    world.pass_by(timedelta(minutes=5))
    post = await stopped(world, post)
    changed = replace(post.content, text="The fair is on Sunday.")
    seen = post.revision.number
    post = await world.do(REED, ask.Revise(post=post.id, seen=seen, content=changed))
    post = await world.approve(post)
    for _ in range(4):
        await world.relay().drain()
        world.pass_by(timedelta(hours=1))

    [given] = world.publisher.given
    assert (given.revision, given.text) == (post.revision.id, "The fair is on Sunday.")
    assert IS_IT_POSTED not in world.states(BELL, post)
    assert (await world.current(post)).postings == ()


# -- one among many ------------------------------------------------------------------------------


async def test_a_release_whose_post_cannot_be_read_harms_no_other(world: World) -> None:
    world.publisher.answers += [RetryAfter(LONG)] * 2
    broken, sound = await world.released(), await world.released(X)
    await world.relay().drain()
    await world.run("UPDATE post SET body = :body WHERE id = :id", body=b"\x00", id=broken.id)

    for number in range(3):
        world.pass_by(2 * LONG)
        await world.relay(f"relay-{number}").drain()

    assert world.publisher.given_to == [(X, sound.revision.id)]
    assert await world.release_states(broken) == {FACEBOOK: "ambiguous"}
    assert await world.release_states(sound) == {X: "done"}
    assert IS_IT_POSTED not in world.states(REED, sound)


async def test_a_dead_worker_s_release_that_cannot_be_read_harms_no_other(world: World) -> None:
    broken = await died_after_handing_out(world)
    await world.run("UPDATE post SET body = :body WHERE id = :id", body=b"\x00", id=broken.id)
    sound = await world.released(X)
    world.pass_by(LEASE)
    await world.relay("relay-2").drain()
    assert await world.release_states(sound) == {X: "done"}
    assert await world.release_states(broken) == {FACEBOOK: "ambiguous"}
