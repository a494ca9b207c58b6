"""Between two schools of one trust there is a wall: posts, queues, history, registers, pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.door import Declined, Judgement, PupilChoice
from moderation.checks.model import Who
from moderation.kernel import AccountId
from moderation.posts.model import Content
from tests.adapters.images.pictures import png
from tests.fakes.trust import (
    AMELIA,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    MARSH,
    MILL_PAGE,
    NOVAK,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    WREN,
    X,
    identity,
)
from tests.scenarios.stage import Done, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PostId
    from tests.scenarios.stage import Stage


pytestmark = pytest.mark.quick

THEM = (MARSH, PRICE)


async def oakfield_s(stage: Stage) -> PostId:
    picture = await stage.as_(REED).add_picture(png())
    draft = await stage.as_(REED).propose(
        "Our relay team won!", FACEBOOK, pictures=[picture], who=Who.THESE, pupils=[AMELIA]
    )
    return draft.post


@pytest.mark.postgres
async def test_nobody_of_the_other_school_sees_a_post_or_its_history(stage: Stage) -> None:
    post = await oakfield_s(stage)
    for person in THEM:
        hand, by = stage.as_(person), identity(person)
        assert await hand.card(post) is None
        assert await hand.history(post) is None
        assert await stage.door.draft(post, by=by) is None
        assert await stage.door.who_is_in(post, by=by) is None
        assert (await hand.queue())[1] == 0
        assert await stage.door.drafts(by=by) == ()
        assert stage.cards(person) == ()
        assert stage.told(person) == ()


async def test_the_other_school_s_buttons_answer_as_if_the_post_did_not_exist(
    stage: Stage,
) -> None:
    post = await oakfield_s(stage)
    shared = stage.card(FACEBOOK_CHANNEL, post)
    before = await stage.post(post)
    for label in ("Approve", "Request changes", "Reject", "Ask the headteacher", "Stop this post"):
        values = {"Approve": {}, "Ask the headteacher": {"words": "Why?"}}
        given = values.get(label, {"reason": "Because."})
        answer = await stage.as_(PRICE).press(shared, label, **given)
        assert isinstance(answer, Declined)
        assert said(answer).startswith("I can't find that post.")
        assert answer.card is None
    assert await stage.post(post) == before


async def test_a_posted_post_stays_behind_the_wall(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await stage.as_(OKAFOR).press(shared, "Approve")
    ready = stage.card(REED, draft.post, "ready")
    assert isinstance(await stage.as_(REED).press(ready, "I've posted it"), Done)
    assert await stage.as_(OKAFOR).card(draft.post) is not None
    for person in THEM:
        assert await stage.as_(person).card(draft.post) is None


async def test_the_register_shows_one_s_own_school(stage: Stage) -> None:
    for line in ("", "facebook", "oakfield", "oakfield-x", "millbrook", "uncovered", "stale"):
        for person, name in ((MARSH, "Oakfield"), (REED, "Millbrook")):
            listed = await stage.as_(person).channels(line)
            # The heading repeats what was asked for.
            assert name not in "".join(listed.splitlines()[1:]), (person, line)
    assert "Millbrook Infants" in await stage.as_(MARSH).channels()
    places = await stage.door.places(by=identity(MARSH))
    assert FACEBOOK_CHANNEL.id not in {place.conversation for place in places}
    targets = await stage.door.targets(by=identity(MARSH))
    assert {target.account for target in targets} == {MILL_PAGE}


async def test_nobody_writes_for_the_other_school(stage: Stage) -> None:
    for accounts in ((FACEBOOK,), (MILL_PAGE, FACEBOOK)):
        refused = await stage.as_(MARSH).propose("Hello, Oakfield.", *accounts)
        assert isinstance(refused.answer, Declined)
    assert stage.cards(FACEBOOK_CHANNEL) == ()


async def test_a_page_of_the_other_school_is_answered_as_one_that_there_is_not(
    stage: Stage,
) -> None:
    """Else the refusal would name the other school's people."""
    marsh = stage.as_(MARSH)
    theirs = await marsh.propose("Hello, Oakfield.", FACEBOOK)
    nowhere = await marsh.propose("Hello, Oakfield.", AccountId("oakfield-nothing"))
    assert isinstance(theirs.answer, Declined)
    assert isinstance(nowhere.answer, Declined)
    assert theirs.answer.sentences == nowhere.answer.sentences


async def test_pupils_stay_behind_the_wall(stage: Stage) -> None:
    """Neither their names nor their classes, whoever the form says it is for."""
    by = identity(MARSH)
    assert await stage.door.classes((FACEBOOK,), by=by) == ()
    for found in (
        await stage.door.pupils((FACEBOOK,), by=by, words="Ame"),
        await stage.door.pupils((FACEBOOK,), by=by, form="4B"),
        await stage.door.pupils((MILL_PAGE,), by=by, words="Ame"),
    ):
        assert isinstance(found, Declined) or found == ()
    own = await stage.door.pupils((MILL_PAGE,), by=by, words="Wre")
    assert own == (PupilChoice(pupil=WREN, label="Wren T. · Y1 · Acorn"),)


async def test_a_pupil_of_the_other_school_is_named_without_saying_which_school(
    stage: Stage,
) -> None:
    """The check still protects the child; the author learns no more than must be."""
    draft = await stage.as_(MARSH).propose("Well done Amelia Khan!", MILL_PAGE)
    card = stage.card(PRICE if draft.answer.sentences == () else MARSH, draft.post)
    assert "a pupil at one of our schools" in words(card)
    for telling in ("Oakfield", "Year 4", "4B", "A.K."):
        assert telling not in words(card)


async def test_the_preview_is_no_way_round_the_wall(stage: Stage) -> None:
    """Typing names into the form for a page of the other school tells nothing about its pupils."""
    text = "Well done Amelia Khan!"
    for accounts in ((FACEBOOK,), (FACEBOOK, MILL_PAGE), ()):
        content = Content(text=text, accounts=accounts)
        for person in (*THEM, NOVAK):
            judged = await stage.door.preview(content, by=identity(person))
            assert judged == Judgement()
    own = await stage.door.preview(Content(text=text, accounts=(FACEBOOK,)), by=identity(REED))
    assert own.marks


async def test_the_trust_s_lead_sees_what_both_schools_have(stage: Stage) -> None:
    post = await oakfield_s(stage)
    assert await stage.as_(QUINN).history(post) is not None
    mine = await stage.as_(QUINN).card(post)
    assert mine is None or "Approve" not in labels(mine)
    assert X in {target.account for target in await stage.door.targets(by=identity(REED))}
