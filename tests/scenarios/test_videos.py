"""A video from the form to the people who post it, with the whole application behind the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.door import Declined, Done, Uploaded
from moderation.checks.model import Purpose, Status, Who
from moderation.posts.model import READY, State
from moderation.views import Media
from tests.adapters.videos import films
from tests.fakes.trust import (
    ADE,
    AMELIA,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    OAK,
    OKAFOR,
    REED,
    consent,
)
from tests.proves import proves
from tests.scenarios.stage import Picture, Stage, findings, said, words


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import BlobId, PersonId
    from moderation.views import Card, Picture as Shown
    from tests.applications import Applications

SAID = "Tom: These are our beans."


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()


async def coming(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def filmed(stage: Stage, alt: str = SAID, content: bytes = b"") -> Picture:
    sent = coming(content or films.from_a_telephone().made())
    kept = await stage.door.upload_video(sent, by=stage.as_(REED).by)
    assert isinstance(kept, Uploaded)
    assert kept.note == (
        "A video of 0:04. No automatic check looks inside a video. "
        "Where, when and with what it was taken has been removed from the file."
    )
    return Picture(kept.blob, alt)


async def played(stage: Stage, blob: BlobId, person: PersonId) -> bytes:
    video = await stage.door.video(blob, by=stage.as_(person).by)
    assert video is not None
    assert video.media_type == "video/mp4"
    return b"".join([piece async for piece in video.read(0, video.size)])


def shown(card: Card) -> Shown:
    [media] = [part for part in card.parts if isinstance(part, Media)]
    [one] = media.pictures
    return one


@proves("HARM-VID-1", platform="sandbox")
async def test_a_video_is_watched_by_everybody_who_says_yes_and_goes_out_wiped(
    stage: Stage,
) -> None:
    video = await filmed(stage)
    draft = await stage.as_(REED).propose("Our beans!", FACEBOOK, pictures=[video])
    assert isinstance(draft.answer, Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    one = shown(shared)
    assert (one.moves, one.alt) == (True, SAID)
    assert one.note == "A video of 0:04. No automatic check looks inside a video."
    assert one.blob is not None
    assert films.SECRET not in await played(stage, one.blob, OKAFOR)

    unwatched = await stage.as_(OKAFOR).press_unticked(shared, "Approve")
    assert isinstance(unwatched, Declined)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    # The headteacher is asked as for a picture, and watches it as well.
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press_unticked(shared, "Approve"), Declined)
    assert isinstance(await stage.as_(ADE).press(shared, "Approve"), Done)

    released = await stage.post(draft.post)
    assert released.state is State.RELEASED
    ready = shown(stage.card(BELL, draft.post, READY))
    assert ready.blob == one.blob
    assert len(released.approvals) == 2


@proves("HARM-VID-1", platform="sandbox")
async def test_a_video_without_captions_does_not_go_out(stage: Stage) -> None:
    video = await filmed(stage, alt="")
    draft = await stage.as_(REED).propose("Our beans!", FACEBOOK, pictures=[video])
    mine = stage.card(REED, draft.post)
    assert mine.state == "This can't go out yet"
    assert "HARM-VID-1" in {line.clause for line in findings(mine).lines}
    assert "This video has no captions." in words(mine)

    corrected = await stage.as_(REED).revise(
        draft.post, "Our beans!", pictures=[replace(video, alt="Nobody speaks.")]
    )
    assert isinstance(corrected.answer, Done)
    assert not corrected.answer.stopped


@proves("HARM-VID-1", platform="sandbox")
async def test_a_child_who_may_be_photographed_may_not_be_filmed_for_that(stage: Stage) -> None:
    video = await filmed(stage)
    reed = stage.as_(REED)
    draft = await reed.propose(
        "Our beans!", FACEBOOK, pictures=[video], who=Who.THESE, pupils=[AMELIA]
    )
    mine = stage.card(REED, draft.post)
    assert mine.state == "This can't go out yet"
    assert "on Facebook in a video: A.K., Year 4." in words(mine)

    async with stage.application.units.write() as unit:
        said_yes = replace(consent(AMELIA, Status.GRANTED), purpose=Purpose.VIDEO)
        await unit.rolls.save_consents(OAK, (said_yes,))
        await unit.commit()
    corrected = await reed.revise(draft.post, "Our beans are up!")
    assert isinstance(corrected.answer, Done)
    assert not corrected.answer.stopped


async def test_the_form_knows_a_video_again(stage: Stage) -> None:
    video = await filmed(stage)
    draft = await stage.as_(REED).propose("Our beans!", FACEBOOK, pictures=[video])

    found = await stage.door.draft(draft.post, by=stage.as_(REED).by)

    assert found is not None
    assert found.videos == {video.blob}
    assert films.SECRET not in await played(stage, video.blob, REED)


async def test_a_video_that_cannot_be_used_is_said_in_words(stage: Stage) -> None:
    cut = coming(films.from_a_telephone().made()[:-1])

    answer = await stage.door.upload_video(cut, by=stage.as_(REED).by)

    assert isinstance(answer, Declined)
    assert said(answer).startswith("This video is damaged, or its end is missing.")
