"""The main walk: stopped, corrected, own yes refused, approved by a second person, posted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from moderation.checks.model import Who
from moderation.posts.model import READY, State
from moderation.views import Mark, Tone
from tests.adapters.images.pictures import chunk, png_with
from tests.fakes.trust import (
    ADE,
    AMELIA,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    KOFI,
    LUND,
    MARSH,
    MILL_PAGE,
    OKAFOR,
    PRICE,
    QUINN,
    REED,
    SHAH,
)
from tests.proves import proves
from tests.scenarios.stage import Declined, Done, findings, labels, quote, said, words


if TYPE_CHECKING:
    from tests.scenarios.stage import Picture, Stage


pytestmark = pytest.mark.quick

NAMED = "Well done Amelia Khan, who won the race!"
CORRECTED = "Well done to the winner of the race!"
ADDRESS = "https://facebook.example/oakfield/1"


@pytest.mark.postgres
@proves("STEP-MOD-1", "CARD-NAME-1", platform="sandbox")
async def test_a_post_from_its_first_words_to_its_address(stage: Stage) -> None:
    reed, okafor, bell = stage.as_(REED), stage.as_(OKAFOR), stage.as_(BELL)

    # A pupil's name: stopped, with the words marked and the clause named.
    draft = await reed.propose(NAMED, FACEBOOK)
    assert isinstance(draft.answer, Done)
    assert draft.answer.stopped
    mine = stage.card(REED, draft.post)
    assert mine.state == "This can't go out yet"
    start = NAMED.index("Amelia")
    assert quote(mine).marks == (Mark(start, start + len("Amelia Khan"), Tone.STOPPED),)
    [line] = findings(mine).lines
    assert (line.words, line.clause) == ("Amelia Khan", "CARD-NAME-1")
    assert line.policy == "Our rule for every post: no pupil is named"
    assert stage.cards(FACEBOOK_CHANNEL) == ()
    assert stage.told(OKAFOR) == ()

    # Corrected: in front of the moderators.
    stage.house.clock.pass_by(timedelta(minutes=5))
    assert isinstance((await reed.revise(draft.post, CORRECTED)).answer, Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert shared.state == "Waiting for a second yes"
    assert stage.told(OKAFOR) == stage.told(LUND) == ("Please say yes or no",)

    # The author's own yes is refused in a sentence that says who can help.
    own = await reed.press(shared, "Approve")
    assert isinstance(own, Declined)
    assert own.sentences[0] == (
        "You wrote this, so somebody else needs to say yes. "
        "Mr Erik Lund and Mrs Ngozi Okafor have been asked."
    )
    assert (await stage.post(draft.post)).approvals == ()

    # A second person approves.
    stage.house.clock.pass_by(timedelta(minutes=5))
    assert isinstance(await okafor.press(shared, "Approve"), Done)
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Ready to post"
    assert stage.told(REED) == ("Approved",)

    # Ready to post, at each poster: the exact words, to be copied.
    ready = stage.card(BELL, draft.post, READY)
    assert ready.state == "Ready to post"
    assert (quote(ready).text, quote(ready).copyable) == (CORRECTED, True)
    assert "Approved by: Mrs Ngozi Okafor" in words(ready)
    assert quote(stage.card(REED, draft.post, READY)) == quote(ready)

    # Posted, and everybody's card says so.
    stage.house.clock.pass_by(timedelta(minutes=5))
    assert isinstance(await bell.press(ready, "I've posted it", url=ADDRESS), Done)
    for place, kind in ((FACEBOOK_CHANNEL, "post"), (REED, "post"), (BELL, READY), (REED, READY)):
        assert stage.card(place, draft.post, kind).state == "Posted"
    assert ADDRESS in words(stage.card(FACEBOOK_CHANNEL, draft.post))
    assert labels(stage.card(FACEBOOK_CHANNEL, draft.post)) == ()

    # Who and when.
    history = await stage.as_(ADE).history(draft.post)
    assert history is not None
    assert words(history).splitlines()[2:] == [
        "Written by Sam Reed, today 12:00",
        "Kept as a draft, today 12:00",
        "Changed by Sam Reed, today 12:05",
        "Sent to those who can say yes, today 12:05",
        "Approved by Mrs Ngozi Okafor, today 12:10",
        "Every yes was there, today 12:10",
        "Ready to post, today 12:10",
        "Posted by Mr Tom Bell, today 12:15",
        "Posted everywhere, today 12:15",
    ]


@proves("STEP-MOD-1", platform="sandbox")
async def test_a_school_of_two_can_do_it_all(stage: Stage) -> None:
    """Each can write and the other says yes; nobody else is needed, and nobody can do both."""
    for author, second in ((MARSH, PRICE), (PRICE, MARSH)):
        draft = await stage.as_(author).propose(f"Sports morning is at nine, {author}.", MILL_PAGE)
        mine = stage.card(author, draft.post)
        assert "Approve" not in labels(mine)
        theirs = stage.card(second, draft.post)
        assert isinstance(await stage.as_(second).press(theirs, "Approve"), Done)
        ready = stage.card(MARSH, draft.post, READY)
        assert isinstance(await stage.as_(MARSH).press(ready, "I've posted it"), Done)
        assert (await stage.post(draft.post)).state is State.PUBLISHED


@proves("HEAD-ESC-1", platform="sandbox")
async def test_where_one_of_two_has_left_the_trust_says_yes_or_it_is_refused(stage: Stage) -> None:
    await stage.leaves(PRICE)
    draft = await stage.as_(MARSH).propose("Sports morning starts at nine.", MILL_PAGE)
    theirs = stage.card(QUINN, draft.post)
    assert isinstance(await stage.as_(QUINN).press(theirs, "Approve"), Done)

    await stage.leaves(QUINN)
    refused = await stage.as_(MARSH).propose("Sports morning starts at ten.", MILL_PAGE)
    assert isinstance(refused.answer, Declined)
    assert "Two people must say yes, and nobody else can approve" in said(refused.answer)
    assert await stage.as_(MARSH).card(refused.post) is None


# -- pictures ------------------------------------------------------------------------------------


async def photograph(stage: Stage) -> Picture:
    """With a comment in its file, so that the clean picture isn't the one that came."""
    content = png_with(chunk(b"tEXt", b"Comment\x00relay team"))
    return await stage.as_(REED).add_picture(content)


@proves("STEP-CONS-1", platform="sandbox")
async def test_a_picture_whose_pupil_may_not_be_shown_is_stopped(stage: Stage) -> None:
    """The author hears that there is no permission: not whether the family refused, or why."""
    reed = stage.as_(REED)
    picture = await photograph(stage)
    draft = await reed.propose(
        "Our relay team won!", FACEBOOK, pictures=[picture], who=Who.THESE, pupils=[AMELIA, KOFI]
    )
    assert isinstance(draft.answer, Done)
    assert draft.answer.stopped
    mine = stage.card(REED, draft.post)
    assert mine.state == "This can't go out yet"
    [line] = findings(mine).lines
    assert line.clause == "STEP-CONS-1"
    assert "K.F., Year 4" in line.reason
    assert "A.K." not in line.reason
    for telling in ("refused", "withdrawn", "withdrew", "said no", "Kofi", "Farrow"):
        assert telling not in words(mine)
    assert stage.cards(FACEBOOK_CHANNEL) == ()

    corrected = await reed.revise(draft.post, "Our relay team won!", pupils=[AMELIA])
    assert isinstance(corrected.answer, Done)
    assert not corrected.answer.stopped
    assert stage.card(FACEBOOK_CHANNEL, draft.post).state == "Waiting for the headteacher's yes"


@proves("STEP-NAME-1", platform="sandbox")
async def test_a_picture_goes_out_without_its_pupils_names(stage: Stage) -> None:
    """Even of a pupil who may be shown."""
    draft = await stage.as_(REED).propose(
        "Amelia Khan in the lead!",
        FACEBOOK,
        pictures=[await photograph(stage)],
        who=Who.THESE,
        pupils=[AMELIA],
    )
    clauses = [line.clause for line in findings(stage.card(REED, draft.post)).lines]
    assert clauses == ["STEP-NAME-1"]


async def test_a_picture_without_a_description_is_stopped(stage: Stage) -> None:
    picture = await stage.as_(REED).add_picture(png_with(), alt="")
    draft = await stage.as_(REED).propose("Our new pond.", FACEBOOK, pictures=[picture])
    mine = stage.card(REED, draft.post)
    assert mine.state == "This can't go out yet"
    assert "AUR-ALT-1" in {line.clause for line in findings(mine).lines}


@proves("STEP-HEAD-1", platform="sandbox")
async def test_a_picture_waits_for_the_headteacher_too(stage: Stage) -> None:
    """A moderator's yes is noted and not enough; the head's completes it."""
    draft = await stage.as_(REED).propose(
        "Our relay team won!",
        INSTAGRAM,
        pictures=[await photograph(stage)],
        who=Who.THESE,
        pupils=[AMELIA],
    )
    first = await stage.as_(OKAFOR).press(stage.card(OKAFOR, draft.post), "Approve")
    assert said(first) == (
        "Thank you. Your yes is noted. The headteacher's yes: Mrs Yemi Ade. "
        "Our policy, Images: the headteacher says yes to every photo."
    )
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    assert isinstance(await stage.as_(ADE).press(stage.card(ADE, draft.post), "Approve"), Done)
    ready = stage.card(LUND, draft.post, READY)
    assert "Approved by: Mrs Yemi Ade and Mrs Ngozi Okafor" in words(ready)


@proves("STEP-HEAD-1", platform="sandbox")
async def test_the_head_alone_is_second_person_and_head(stage: Stage) -> None:
    picture = await photograph(stage)
    draft = await stage.as_(REED).propose("Our new pond.", FACEBOOK, pictures=[picture])
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED


@proves("STEP-HEAD-1", platform="sandbox")
async def test_where_the_head_wrote_it_the_deputy_says_yes(stage: Stage) -> None:
    picture = await photograph(stage)
    draft = await stage.as_(ADE).propose("Our new pond.", FACEBOOK, pictures=[picture])
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert "Miss Priya Shah" in words(shared)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Declined)
    assert isinstance(await stage.as_(SHAH).press(shared, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED
