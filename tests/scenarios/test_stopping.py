"""Less exposure: one person, at once, and everybody concerned hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.model import READY, State
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    NOVAK,
    OKAFOR,
    REED,
)
from tests.scenarios.stage import Declined, Done, labels, said, words


if TYPE_CHECKING:
    from tests.scenarios.stage import Draft, Stage


STOP = "Stop: please don't post this"
WHY = "The fair is on another day."


async def released(stage: Stage) -> Draft:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    return draft


async def test_an_author_takes_it_back(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    cancelled = await stage.as_(REED).press(stage.card(REED, draft.post), "Cancel my draft")
    assert isinstance(cancelled, Done)
    for place in (FACEBOOK_CHANNEL, REED):
        card = stage.card(place, draft.post)
        assert (card.state, labels(card)) == ("Cancelled", ())
    late = await stage.as_(OKAFOR).press(shared, "Approve")
    assert isinstance(late, Declined)
    assert (await stage.post(draft.post)).state is State.WITHDRAWN


async def test_a_draft_that_nobody_saw_ends_unseen(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("Well done Amelia Khan!", FACEBOOK)
    await stage.as_(REED).press(stage.card(REED, draft.post), "Cancel my draft")
    assert stage.card(REED, draft.post).state == "Cancelled"
    assert stage.cards(FACEBOOK_CHANNEL) == stage.cards(OKAFOR) == ()


async def test_a_moderator_stops_it_before_it_goes_out(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(LUND).press(shared, "Stop this post", reason=WHY), Done)
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Stopped"
    assert stage.told(REED) == ("Stopped",)
    assert WHY in stage.all_words(REED)
    assert "Stopped" in stage.told(ADE)


async def test_a_stop_after_release_tells_the_posters_at_once(stage: Stage) -> None:
    draft = await released(stage)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(LUND).press(shared, "Stop this post", reason=WHY), Done)
    # Who wrote it is told on one card that it is called back, and to take it down.
    assert STOP not in stage.told(REED)
    assert STOP in stage.told(BELL)
    for poster in (REED, BELL):
        assert "If it is already posted, please take it down now." in stage.all_words(poster)
        ready = stage.card(poster, draft.post, READY)
        assert (ready.state, labels(ready)) == ("No longer to be posted", ())
        assert "The fair is on Saturday." not in words(ready)
    assert (await stage.post(draft.post)).state is State.DRAFT
    assert stage.told(REED)[-1] == "Called back"
    assert WHY in stage.all_words(REED)
    assert "Mr Erik Lund called this back" in stage.all_words(REED)


async def test_a_poster_who_was_too_quick_cannot_mark_what_was_called_back(stage: Stage) -> None:
    draft = await released(stage)
    ready = stage.card(BELL, draft.post, READY)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(LUND).press(shared, "Stop this post", reason=WHY)
    answer = await stage.as_(BELL).press(ready, "I've posted it")
    assert isinstance(answer, Declined)
    assert (await stage.post(draft.post)).postings == ()


async def test_the_safeguarding_lead_stops_it_alone(stage: Stage) -> None:
    """No card was sent to her: she finds it, and the stop takes no second person."""
    draft = await released(stage)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(NOVAK).press(shared, "Stop this post", reason=WHY), Done)
    assert STOP in stage.told(BELL)


async def test_what_is_public_is_asked_to_be_taken_down(stage: Stage) -> None:
    draft = await released(stage)
    await stage.as_(BELL).press(stage.card(BELL, draft.post, READY), "I've posted it")
    card = await stage.as_(LUND).card(draft.post)
    assert card is not None
    assert isinstance(await stage.as_(LUND).press(card, "Ask for removal", reason=WHY), Done)
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Posted, removal asked"
    for person in (BELL, REED, ADE):
        assert "Please take this down" in stage.told(person)
    assert WHY in stage.all_words(BELL)


async def test_one_no_stands_until_it_is_taken_back(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(LUND).press(shared, "Reject", reason=WHY), Done)
    assert stage.told(REED) == ("Rejected",)
    revised = await stage.as_(REED).revise(draft.post, "The fair is on Sunday.")
    assert isinstance(revised.answer, Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW

    label = "Take back the no of Mr Erik Lund"
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, label, reason="I want it"), Declined)
    assert isinstance(await stage.as_(LUND).press(shared, label), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED


async def test_the_head_overrules_a_no_with_a_reason_and_its_owner_hears(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(LUND).press(shared, "Reject", reason=WHY)
    card = await stage.as_(ADE).card(draft.post)
    assert card is not None
    label = "Overrule the no of Mr Erik Lund"
    assert isinstance(await stage.as_(ADE).press(card, label, reason="  "), Declined)
    overruled = await stage.as_(ADE).press(card, label, reason="The day is right after all.")
    assert isinstance(overruled, Done), said(overruled)
    assert stage.told(LUND)[-1] == "Please say yes or no"
    assert "Your no was overruled" in stage.told(LUND)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
