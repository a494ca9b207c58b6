"""One post in several conversations: every card is the same post, and all come to the same end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import Identity, Platform
from moderation.posts.model import READY, State
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
    identity,
)
from tests.scenarios.stage import Done, labels


if TYPE_CHECKING:
    from tests.scenarios.stage import Stage


BOTH = (FACEBOOK_CHANNEL, X_CHANNEL)


async def test_two_accounts_are_one_post_in_two_channels(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK, X)
    cards = [stage.card(place, draft.post) for place in BOTH]
    assert cards[0] == cards[1]
    assert isinstance(await stage.as_(OKAFOR).press(cards[0], "Approve"), Done)
    assert [stage.card(place, draft.post).state for place in BOTH] == ["Ready to post"] * 2

    for where in ("Facebook · Oakfield Primary", "X · Oakfield PE and Sport"):
        ready = stage.card(REED, draft.post, READY)
        waiting = [label for label in labels(ready) if label.startswith("I've posted it")]
        label = next(item for item in waiting if item.endswith(where) or len(waiting) == 1)
        assert isinstance(await stage.as_(REED).press(ready, label), Done)
    assert (await stage.post(draft.post)).state is State.PUBLISHED
    for place in BOTH:
        card = stage.card(place, draft.post)
        assert (card.state, labels(card)) == ("Posted", ())
        assert len(stage.cards(place)) == 1


async def test_an_account_without_a_channel_asks_each_privately(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", INSTAGRAM)
    people = (OKAFOR, LUND, ADE)
    for person in people:
        assert "Approve" in labels(stage.card(person, draft.post))
    await stage.as_(LUND).press(stage.card(LUND, draft.post), "Approve")
    for person in (*people, REED):
        card = stage.card(person, draft.post)
        assert card.state == "Ready to post"
        assert "Approve" not in labels(card)


async def test_the_same_page_may_be_asked_from_two_platforms(stage: Stage) -> None:
    """Written here, approved by somebody who is known from Slack: one post."""
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR, Platform.SLACK).press(shared, "Approve"), Done)
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Ready to post"


async def test_what_is_shown_survives_a_restart_and_is_redrawn(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    await stage.again()
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Ready to post"
    assert len(stage.cards(FACEBOOK_CHANNEL)) == 1


async def test_somebody_asks_whose_part_they_play(stage: Stage) -> None:
    card = await stage.door.who_am_i(by=identity(OKAFOR))
    assert (card.title, card.state) == ("Mrs Ngozi Okafor", "Here today")
    assert "Oakfield Primary School: Business manager" in card.fallback
    assert "Facebook · Oakfield Primary: Moderator" in card.fallback
    stranger = await stage.door.who_am_i(by=Identity(Platform.SANDBOX, "nobody"))
    assert stranger.state == "I don't know you yet"


async def test_a_post_that_waited_for_days_shows_how_it_ended(stage: Stage) -> None:
    """At midnight its cards are drawn anew; the next change of the post is newer than that."""
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    for _ in range(3):
        await stage.application.rounds.turn_the_day()
        await stage.settle()
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    for place in (FACEBOOK_CHANNEL, REED):
        assert stage.card(place, draft.post).state == "Ready to post"
