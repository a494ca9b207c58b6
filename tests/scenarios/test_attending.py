"""*I'm on it*: the others see who is looking, and that it keeps nobody from anything."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.posts.evolution import ATTENTION
from moderation.posts.model import State
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, LUND, MARSH, OKAFOR, REED
from tests.scenarios.stage import Again, Declined, Done, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.scenarios.stage import Stage

LOOKING = re.compile(r"(.+) looking at this until \d\d:\d\d\.")
I_AM, NO_LONGER = "I'm on it", "I'm no longer on it"


async def proposed(stage: Stage, *texts: str) -> list[PostId]:
    return [(await stage.as_(REED).propose(text, FACEBOOK)).post for text in texts]


def looking(stage: Stage, post: PostId) -> str:
    """Who looks at it, by its card in the channel."""
    found = LOOKING.search(words(stage.card(FACEBOOK_CHANNEL, post)))
    return found[1] if found is not None else ""


@pytest.mark.postgres
async def test_the_others_see_who_looks_and_are_offered_something_else_first(
    stage: Stage,
) -> None:
    fair, concert = await proposed(stage, "The fair is on Saturday.", "The concert is at six.")
    lund, okafor = stage.as_(LUND), stage.as_(OKAFOR)
    answer = await lund.press(stage.card(FACEBOOK_CHANNEL, fair), I_AM)
    assert isinstance(answer, Done)
    assert said(answer).startswith("You are looking at this until ")
    assert looking(stage, fair) == "Mr Erik Lund is"
    offered, left = await okafor.queue()
    assert (offered.subject.id, left) == (concert, 2)
    assert (await lund.queue())[0].subject.id == fair
    theirs = await okafor.card(fair)
    assert theirs is not None
    assert I_AM in labels(theirs)
    # Nothing of the post has changed by it.
    post = await stage.post(fair)
    assert (post.state, post.approvals, post.revision.number) == (State.IN_REVIEW, (), 1)


async def test_it_ends_by_itself(stage: Stage) -> None:
    [fair, concert] = await proposed(stage, "The fair is on Saturday.", "The concert is at six.")
    await stage.as_(LUND).press(stage.card(FACEBOOK_CHANNEL, fair), I_AM)
    await stage.pass_by(ATTENTION - timedelta(seconds=1))
    assert looking(stage, fair)
    await stage.pass_by(timedelta(seconds=1))
    assert not looking(stage, fair)
    assert (await stage.as_(OKAFOR).queue())[0].subject.id == fair
    assert (await stage.post(concert)).state is State.IN_REVIEW


async def test_it_ends_by_saying_so_again_and_pressing_twice_is_once(stage: Stage) -> None:
    [fair] = await proposed(stage, "The fair is on Saturday.")
    lund = stage.as_(LUND)
    old = stage.card(FACEBOOK_CHANNEL, fair)
    await lund.press(old, I_AM)
    assert isinstance(await lund.press(old, I_AM), Again)
    assert looking(stage, fair)
    mine = await lund.card(fair)
    assert mine is not None
    answer = await lund.press(mine, NO_LONGER)
    assert said(answer) == "Thank you. The others see that you are no longer on it."
    assert not looking(stage, fair)
    # From the channel's card, which is everybody's, the same button ends it too.
    for there in (True, False):
        await lund.press(stage.card(FACEBOOK_CHANNEL, fair), I_AM)
        assert bool(looking(stage, fair)) is there


async def test_it_is_no_lock_and_ends_with_a_decision(stage: Stage) -> None:
    fair, concert = await proposed(stage, "The fair is on Saturday.", "The concert is at six.")
    lund, okafor = stage.as_(LUND), stage.as_(OKAFOR)
    for post in (fair, concert):
        await lund.press(stage.card(FACEBOOK_CHANNEL, post), I_AM)
    assert isinstance(await okafor.press(stage.card(FACEBOOK_CHANNEL, fair), "Approve"), Done)
    assert (await stage.post(fair)).approvals
    answer = await lund.press(
        stage.card(FACEBOOK_CHANNEL, concert), "Request changes", reason="Which concert?"
    )
    assert isinstance(answer, Done)
    assert not looking(stage, fair)
    assert not looking(stage, concert)


async def test_whoever_says_it_last_is_on_it(stage: Stage) -> None:
    [fair] = await proposed(stage, "The fair is on Saturday.")
    await stage.as_(LUND).press(stage.card(FACEBOOK_CHANNEL, fair), I_AM)
    await stage.pass_by(timedelta(minutes=6))
    await stage.as_(OKAFOR).press(stage.card(FACEBOOK_CHANNEL, fair), I_AM)
    assert looking(stage, fair) == "Mrs Ngozi Okafor is"
    # The minutes of the first are over; hers aren't.
    await stage.pass_by(timedelta(minutes=5))
    assert looking(stage, fair) == "Mrs Ngozi Okafor is"


async def test_only_who_may_decide_it_is_on_it(stage: Stage) -> None:
    [fair] = await proposed(stage, "The fair is on Saturday.")
    shared = stage.card(FACEBOOK_CHANNEL, fair)
    for person in (REED, MARSH):
        assert isinstance(await stage.as_(person).press(shared, I_AM), Declined)
    assert not looking(stage, fair)
    own = await stage.as_(REED).card(fair)
    assert own is not None
    assert I_AM not in labels(own)
    hers = await stage.as_(ADE).card(fair)
    assert hers is not None
    assert I_AM in labels(hers)
