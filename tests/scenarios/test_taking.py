"""*I'll post it*: of several who could post it, the first keeps it, and can give it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.fakes.trust import BELL, FACEBOOK, FACEBOOK_CHANNEL, MARSH, OKAFOR, REED
from tests.scenarios.stage import Declined, Done, button, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PersonId, PostId
    from moderation.views import Card
    from tests.scenarios.stage import Stage

TAKE, BACK = "I'll post it", "Give it back"


async def handed_out(stage: Stage) -> PostId:
    """To a page with two posters."""
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    await stage.as_(OKAFOR).press(stage.card(FACEBOOK_CHANNEL, draft.post), "Approve")
    return draft.post


def posters(stage: Stage, post: PostId) -> dict[PersonId, Card]:
    found = {}
    for person in (REED, BELL):
        keys = [message.key for message in stage.chat.messages(f"person:{person}")]
        if f"card:ready:{post}" in keys:
            found[person] = stage.card(person, post, "ready")
    return found


@pytest.mark.postgres
async def test_the_first_keeps_it_and_can_give_it_back(stage: Stage) -> None:
    post = await handed_out(stage)
    cards = posters(stage, post)
    first, second, *_ = cards
    assert isinstance(await stage.as_(first).press(cards[first], TAKE), Done)
    mine, theirs = posters(stage, post)[first], posters(stage, post)[second]
    assert "You have taken this one." in words(mine)
    assert "is posting this. You needn't do anything." in words(theirs)
    assert TAKE not in labels(theirs)
    # Whoever pressed a moment too late is told who was first.
    late = await stage.as_(second).press(cards[second], TAKE)
    assert isinstance(late, Declined)
    assert "has taken this already" in said(late)
    await stage.as_(first).press(mine, BACK)
    assert isinstance(await stage.as_(second).press(posters(stage, post)[second], TAKE), Done)
    assert "You have taken this one." in words(posters(stage, post)[second])


async def test_reminders_go_to_whoever_has_it(stage: Stage) -> None:
    post = await handed_out(stage)
    cards = posters(stage, post)
    first, *others = cards
    await stage.as_(first).press(cards[first], TAKE)
    await stage.pass_by(timedelta(days=2))
    assert "Ready, and not posted yet" in stage.told(first)
    for person in others:
        assert "Ready, and not posted yet" not in stage.told(person)


async def test_whoever_leaves_keeps_it_from_nobody(stage: Stage) -> None:
    post = await handed_out(stage)
    cards = posters(stage, post)
    first, second, *_ = cards
    await stage.as_(first).press(cards[first], TAKE)
    await stage.leaves(first)
    assert isinstance(await stage.as_(second).press(cards[second], TAKE), Done)


async def test_nobody_else_takes_it(stage: Stage) -> None:
    post = await handed_out(stage)
    first, *_ = cards = posters(stage, post)
    intent = button(cards[first], TAKE).intent
    payload = {"v": 1, "verb": intent.verb, "id": intent.id, "rev": intent.rev, "arg": intent.arg}
    assert isinstance(await stage.as_(MARSH).send(payload), Declined)
