"""All posts are paused and started again, at the page, with everything behind it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.sandbox import inbound
from adapters.slash import Verb
from moderation.holds.commands import Pause
from moderation.holds.model import HOLD
from moderation.kernel import Asked, PostId, SubjectRef, Timer
from moderation.posts.commands import Release
from moderation.posts.model import POST, READY, State
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    MARSH,
    MILL_PAGE,
    NOVAK,
    OAK,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    TRUST,
    X_CHANNEL,
    X,
    identity,
)
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, labels, said, words


if TYPE_CHECKING:
    from adapters.door import Answer
    from moderation.kernel import PersonId
    from moderation.views import Card
    from tests.scenarios.stage import Stage


WHY = "Water stands in the hall."
STOP = "Stop: please don't post this"
PAUSED, RUNNING = "Posts are paused", "Posts go out as usual"


async def types(stage: Stage, person: PersonId, line: str) -> Answer | tuple[Card, ...]:
    """What the command box makes of a line."""
    read = inbound.typed(line)
    assert isinstance(read, inbound.PausePosts | inbound.StartPosts)
    verb = Verb.PAUSE if isinstance(read, inbound.PausePosts) else Verb.START
    answer = await stage.door.hold(
        verb, read.words, by=identity(person), key=stage.application.ids.new()
    )
    await stage.settle()
    return answer


async def did(stage: Stage, person: PersonId, line: str) -> str:
    answer = await types(stage, person, line)
    assert isinstance(answer, Done), answer
    return said(answer)


async def proposed(stage: Stage, text: str = "The fair is on Saturday.", **more: str) -> PostId:
    draft = await stage.as_(REED).propose(text, FACEBOOK, **more)  # type: ignore[arg-type]
    return draft.post


async def approves(stage: Stage, post: PostId, person: PersonId = OKAFOR) -> Answer:
    return await stage.as_(person).press(stage.card(FACEBOOK_CHANNEL, post), "Approve")


def hold_card(stage: Stage, name: str = FACEBOOK_CHANNEL.id, place: str = OAK) -> Card:
    [found] = [
        message.card
        for message in stage.chat.messages(name)
        if message.key == f"card:{HOLD}:{place}"
    ]
    return found


def notices(stage: Stage, person: PersonId, state: str) -> list[Card]:
    return [
        message.card
        for message in stage.chat.messages(f"person:{person}")
        if message.key.startswith("notice:") and message.card.state == state
    ]


@proves("AUR-CRISIS-1", platform="sandbox")
async def test_what_is_approved_waits_and_goes_out_when_posts_are_started_again(
    stage: Stage,
) -> None:
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    post = await proposed(stage)
    answer = await approves(stage, post)
    assert "Posts are paused by Mrs Yemi Ade since today 12:00." in said(answer)
    assert (await stage.post(post)).state is State.APPROVED
    card = stage.card(FACEBOOK_CHANNEL, post)
    assert card.state == "Approved, posts are paused"
    assert "This one goes out when posts are started again." in words(card)
    assert not [it for it in stage.chat.messages(f"person:{REED}") if f":{READY}:" in it.key]
    await stage.pass_by(timedelta(days=20))
    await stage.recheck()
    assert (await stage.post(post)).state is State.APPROVED
    await did(stage, ADE, "/schoolgate start")
    assert (await stage.post(post)).state is State.RELEASED
    assert stage.card(REED, post, READY).state == "Ready to post"
    card = stage.card(FACEBOOK_CHANNEL, post)
    assert "Posts are paused" not in words(card)
    assert "Held up: all posts were paused" in words(card)


async def test_everybody_who_posts_or_approves_is_told_once_who_and_why_and_when(
    stage: Stage,
) -> None:
    answer = await did(stage, ADE, f"/schoolgate pause {WHY}")
    assert answer.startswith("Posts of Oakfield Primary School are paused.")
    for channel in (FACEBOOK_CHANNEL, X_CHANNEL):
        card = hold_card(stage, channel.id)
        assert (card.state, labels(card)) == (PAUSED, ("Start posts again",))
        assert "Paused by Mrs Yemi Ade, today 12:00" in words(card)
        assert WHY in words(card)
    for person in (REED, OKAFOR, LUND, NOVAK):
        assert stage.told(person) == (PAUSED,), person
    # Who paused them knows it; another school has nothing to do with it.
    assert stage.told(ADE) == stage.told(MARSH) == stage.told(PRICE) == ()
    await did(stage, ADE, "/schoolgate start")
    card = hold_card(stage)
    assert (card.state, labels(card)) == (RUNNING, ())
    assert "Started again by Mrs Yemi Ade, today 12:00." in words(card)
    assert stage.told(REED)[-1] == RUNNING


async def test_what_was_ready_to_post_is_called_back_and_asked_about_afresh(stage: Stage) -> None:
    post = await proposed(stage)
    await approves(stage, post)
    await did(stage, NOVAK, f"/schoolgate pause {WHY}")
    back = await stage.post(post)
    assert back.state is State.DRAFT
    for poster in (REED, BELL):
        assert stage.card(poster, post, READY).state == "No longer to be posted"
    # One red card for each: who wrote it hears so on the one that says it is called back.
    assert STOP not in stage.told(REED)
    [called] = notices(stage, REED, "Called back")
    [stop] = notices(stage, BELL, STOP)
    for card in (called, stop):
        assert "If it is already posted, please take it down now." in words(card)
    assert "The fair is on Saturday." in words(stop)
    assert stage.card(REED, post).state == "Called back: posts are paused"
    assert "asked about afresh" in words(stage.card(REED, post))
    await did(stage, ADE, "/schoolgate start")
    assert (await stage.post(post)).state is State.IN_REVIEW
    assert not notices(stage, BELL, STOP)
    assert not notices(stage, REED, "Called back")
    assert "please take it down" not in stage.all_words(BELL)
    shared = words(stage.card(FACEBOOK_CHANNEL, post))
    assert "Written by Sam Reed, today 12:00" in shared
    assert "(version" not in shared
    assert "The words are as they were. All posts were paused, so it needs a fresh yes." in shared
    assert "Called back: all posts were paused" in shared
    await approves(stage, post)
    assert (await stage.post(post)).state is State.RELEASED


async def test_what_waits_for_a_yes_says_when_it_goes_out_as_it_is_now(stage: Stage) -> None:
    before = await proposed(stage, "The hall is dry.")
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    meanwhile = await proposed(stage, "Lunch is soup.")
    places = [(name, post) for name in (FACEBOOK_CHANNEL, REED) for post in (before, meanwhile)]
    for name, post in places:
        assert "goes out when posts are started again" in words(stage.card(name, post))
    await did(stage, ADE, "/schoolgate start")
    for name, post in places:
        assert "goes out when" not in words(stage.card(name, post))
        assert "goes out as soon as it is approved" in words(stage.card(name, post))
    async with stage.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(POST, meanwhile))
    assert lines[-1].tag == "post:taken_up"
    await approves(stage, meanwhile)
    assert (await stage.post(meanwhile)).state is State.RELEASED


async def test_what_is_public_on_one_page_stays_and_the_rest_of_it_waits(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("Sports day is on Friday.", FACEBOOK, X)
    await stage.as_(OKAFOR).press(stage.card(FACEBOOK_CHANNEL, draft.post), "Approve")
    ready = stage.card(REED, draft.post, READY)
    await stage.as_(REED).press(ready, "I've posted it on Facebook · Oakfield Primary")
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    ready = stage.card(REED, draft.post, READY)
    assert (await stage.post(draft.post)).state is State.RELEASED
    assert ready.state == PAUSED
    assert "Please don't post the rest of this" in words(ready)
    assert "Sports day" not in words(ready)
    # Nobody is pressed meanwhile to post what must wait.
    before = len(stage.told(REED))
    await stage.pass_by(timedelta(days=3))
    assert len(stage.told(REED)) == before
    await did(stage, ADE, "/schoolgate start")
    ready = stage.card(REED, draft.post, READY)
    assert ready.state == "Ready to post"
    assert "Sports day" in words(ready)
    await stage.pass_by(timedelta(days=3))
    assert "Ready, and not posted yet" in stage.told(REED)


async def test_a_time_to_go_out_that_passes_meanwhile_is_made_up_for(stage: Stage) -> None:
    post = await proposed(stage, goes_out="2026-11-19T08:00")
    await approves(stage, post)
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    assert stage.card(FACEBOOK_CHANNEL, post).state == "Approved, posts are paused"
    await did(stage, ADE, "/schoolgate start")
    assert stage.card(FACEBOOK_CHANNEL, post).state == "Approved, goes out tomorrow 08:00"
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    await stage.pass_by(timedelta(days=2))
    assert (await stage.post(post)).state is State.APPROVED
    await did(stage, ADE, "/schoolgate start")
    assert (await stage.post(post)).state is State.RELEASED


async def test_the_trust_pauses_every_school_and_none_goes_on_by_itself(stage: Stage) -> None:
    post = await proposed(stage)
    assert "all schools of the trust" in await did(stage, QUINN, f"/schoolgate pause {WHY}")
    await approves(stage, post)
    assert (await stage.post(post)).state is State.APPROVED
    assert (hold_card(stage, place=TRUST).state) == PAUSED
    # Millbrook has no conversation, so those who may pause there have it privately.
    assert hold_card(stage, f"person:{PRICE}", TRUST).state == PAUSED
    refused = await types(stage, ADE, "/schoolgate start")
    assert isinstance(refused, Declined)
    assert "All schools of the trust are paused by Dr Maeve Quinn." in said(refused)
    assert (await stage.post(post)).state is State.APPROVED
    await did(stage, QUINN, "/schoolgate start")
    assert (await stage.post(post)).state is State.RELEASED


async def test_a_pause_of_one_school_leaves_the_other_alone(stage: Stage) -> None:
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    draft = await stage.as_(MARSH).propose("Our harvest table is full.", MILL_PAGE)
    await stage.as_(PRICE).press(stage.card(PRICE, draft.post), "Approve")
    assert (await stage.post(draft.post)).state is State.RELEASED


async def test_who_may_pause_and_who_may_start(stage: Stage) -> None:
    for person in (REED, OKAFOR, LUND):
        refused = await types(stage, person, f"/schoolgate pause {WHY}")
        assert isinstance(refused, Declined)
        assert "Mrs Yemi Ade" in said(refused)
    # A lead for safeguarding pauses, and leaves it to the head to start again.
    await did(stage, NOVAK, f"/schoolgate pause {WHY}")
    for person in (NOVAK, OKAFOR):
        refused = await types(stage, person, "/schoolgate start")
        assert isinstance(refused, Declined)
        assert said(refused).startswith(
            "Only Mrs Yemi Ade or Dr Maeve Quinn can start posts again."
        )
    # The button in the channel is everybody's to press, and not everybody's to use.
    card = hold_card(stage)
    assert isinstance(await stage.as_(LUND).press(card, "Start posts again"), Declined)
    assert isinstance(await stage.as_(ADE).press(card, "Start posts again"), Done)
    late = await types(stage, ADE, "/schoolgate start")
    assert said(late) == "Posts aren't paused. Nothing changed."  # type: ignore[arg-type]


async def test_a_button_of_an_earlier_pause_starts_nothing(stage: Stage) -> None:
    await did(stage, ADE, f"/schoolgate pause {WHY}")
    old = hold_card(stage)
    await did(stage, ADE, "/schoolgate start")
    await did(stage, NOVAK, "/schoolgate pause Now the roof as well.")
    answer = await stage.as_(ADE).press(old, "Start posts again")
    assert isinstance(answer, Declined)
    assert "That pause is over" in said(answer)
    assert hold_card(stage).state == PAUSED
    again = await types(stage, ADE, "/schoolgate pause Once more.")
    assert "already, by Ms Hana Novak since today 12:00" in said(again)  # type: ignore[arg-type]


async def test_without_a_reason_the_card_offers_the_form(stage: Stage) -> None:
    shown = await types(stage, ADE, "/schoolgate pause")
    assert isinstance(shown, tuple)
    [card] = shown
    assert (card.state, labels(card)) == (RUNNING, ("Pause all posts",))
    blank = await stage.as_(ADE).press(card, "Pause all posts", reason=" ")
    assert said(blank).startswith("Please say why")
    assert isinstance(await stage.as_(ADE).press(card, "Pause all posts", reason=WHY), Done)
    assert hold_card(stage).state == PAUSED


async def test_who_may_not_pause_is_told_who_may(stage: Stage) -> None:
    shown = await types(stage, REED, "/schoolgate pause")
    assert isinstance(shown, tuple)
    [card] = shown
    assert (card.state, labels(card)) == (RUNNING, ())
    assert "You can't pause all posts yourself. Please ask Mrs Yemi Ade" in words(card)
    refused = await types(stage, REED, "/schoolgate start")
    assert said(refused) == "Posts aren't paused. Nothing changed."  # type: ignore[arg-type]


async def test_a_trust_lead_pauses_one_school_by_its_name(stage: Stage) -> None:
    await did(stage, QUINN, f"/schoolgate pause Oakfield: {WHY}")
    assert hold_card(stage).state == PAUSED
    assert said(await types(stage, PRICE, "/schoolgate start")).startswith("Posts aren't")  # type: ignore[arg-type]
    other = await types(stage, PRICE, f"/schoolgate start {OAK}")
    assert "I don't know that school." in said(other)  # type: ignore[arg-type]
    await did(stage, QUINN, f"/schoolgate start {OAK}")
    assert hold_card(stage).state == RUNNING


async def test_the_record_tells_who_paused_and_what_came_of_it(stage: Stage) -> None:
    post = await proposed(stage)
    await approves(stage, post)
    await did(stage, NOVAK, f"/schoolgate pause {WHY}")
    await did(stage, ADE, "/schoolgate start")
    async with stage.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(HOLD, OAK))
    assert [(line.tag, line.person) for line in lines] == [
        ("hold:paused", NOVAK),
        ("hold:started", ADE),
    ]
    assert lines[0].payload is not None
    assert (lines[0].payload["reason"], lines[0].payload["posts"]) == (WHY, [post])
    history = await stage.as_(ADE).history(post)
    assert history is not None
    assert "Called back: all posts were paused" in words(history)


@pytest.mark.postgres
@proves("AUR-CRISIS-1", platform="sandbox")
@pytest.mark.ci("postgresql")
async def test_a_pause_and_a_release_at_the_same_moment(stage: Stage) -> None:
    """Whichever comes first: nothing is ready to post once the pause is known."""
    service, clock = stage.application.service, stage.application.clock
    posts = [
        await proposed(stage, f"Lunch number {number}.", goes_out="2026-11-19T08:00")
        for number in range(4)
    ]
    for post in posts:
        await approves(stage, post)
    stage.house.clock.pass_by(timedelta(days=1))
    now = clock.now()

    async def releases(post: PostId) -> None:
        await service.do(Release(post=post), Asked(by=Timer(), key=f"release:{post}", at=now))

    async def pauses() -> None:
        asked = Asked(by=identity(ADE), key="pause", at=now)
        await service.do(Pause(school=OAK, reason=WHY), asked)

    await asyncio.gather(*map(releases, posts[:2]), pauses(), *map(releases, posts[2:]))
    await stage.settle()
    states = {(await stage.post(post)).state for post in posts}
    assert states <= {State.APPROVED, State.DRAFT}
    await did(stage, ADE, "/schoolgate start")
    states = {(await stage.post(post)).state for post in posts}
    assert states <= {State.RELEASED, State.IN_REVIEW}
