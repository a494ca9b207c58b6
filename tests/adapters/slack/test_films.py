"""Videos in Slack: brought to one person's direct messages, once, and deleted with their post."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
import structlog

from adapters.playing import Video
from adapters.slack.client import Line, open_line
from adapters.slack.files import Pictures
from adapters.slack.films import Films, NotShown
from adapters.slack.limits import problems
from adapters.slack.modals import words_of
from adapters.slack.render import NO_CAPTIONS, WATCH, WATCH_FIRST, render
from adapters.writing import SAID_IN_IT
from moderation.kernel import BlobId, CorruptStore, PostId, SubjectRef
from moderation.posts.present import PICTURES_UNSEEN
from moderation.views import Media, Picture
from tests.fakes.cards import BLOB, full
from tests.fakes.slack_api import (
    BOT_TOKEN,
    Babbles,
    Broken,
    Drops,
    FakeSlack,
    Fault,
    RateLimited,
    Refuses,
)
from tests.fakes.slack_files import FakeShelf


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.views import Card

POST = PostId("01POST")
SUBJECT = SubjectRef("post", POST)
READY = SubjectRef("ready", POST)
FILM = BlobId("sha256:" + "fa" * 32)
MP4 = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 40
OKAFOR, LUND = "U0OKAFOR01", "U0LUND0001"
UPLOAD, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
NOTE = "A video of 0:04. No automatic check looks inside a video."


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    line: Line
    shelf: FakeShelf = field(default_factory=FakeShelf)
    content: bytes | None = MP4
    kind: str = "video/mp4"
    lost: bool = False

    async def read(self, blob: BlobId) -> Video | None:
        assert blob == FILM
        content = self.content
        return Video(self.kind, len(content), self.pieces) if content is not None else None

    async def pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        assert self.content is not None
        for at in range(start, end, 1000):
            yield self.content[at : min(at + 1000, end)]
            if self.lost:
                raise CorruptStore("a part of a video is missing")

    def films(self) -> Films:
        """As a process that has just started would make it."""
        return Films(self.line.client, self.shelf, self.read, pauses=(0.0, 0.0))

    def standing(self, user: str) -> list[bytes | None]:
        """What somebody finds in their direct messages."""
        place = self.slack.workspace.direct(user).id
        files = self.slack.workspace.files.values()
        return [it.content for it in files if place in it.channels and not it.deleted]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeSlack() as slack:
        for user in (OKAFOR, LUND):
            slack.workspace.add_user(user)
        line = open_line(BOT_TOKEN, slack.api_url)
        yield Desk(slack, line)
        await line.close()
        assert slack.complaints == []


def card(*pictures: Picture) -> Card:
    """The full card with these alone."""
    parts = [Media(pictures) if isinstance(it, Media) else it for it in full().parts]
    return replace(full(), parts=tuple(parts))


def film(alt: str = "Tom: These are our beans.") -> Picture:
    return Picture(blob=FILM, alt=alt, note=NOTE, moves=True)


# -- brought ---------------------------------------------------------------------------------------


async def test_a_video_is_uploaded_once_for_each_who_watches_it(desk: Desk) -> None:
    films = desk.films()
    one, same = await asyncio.gather(*(films.bring(FILM, POST, OKAFOR) for _ in range(2)))
    again = await desk.films().bring(FILM, POST, OKAFOR)
    other = await films.bring(FILM, POST, LUND)
    assert one == same == again != other
    assert desk.standing(OKAFOR) == desk.standing(LUND) == [MP4]
    assert len(desk.slack.called(COMPLETE)) == 2
    assert all(it.arguments["channel_id"].startswith("D") for it in desk.slack.called(COMPLETE))


async def test_a_card_knows_the_videos_of_its_reader_alone(desk: Desk) -> None:
    films = desk.films()
    file = await films.bring(FILM, POST, OKAFOR)
    assert await films.of(card(film()), OKAFOR) == {FILM: file}
    assert await films.of(replace(card(film()), subject=READY), OKAFOR) == {FILM: file}
    assert await films.of(card(film()), LUND) == {}
    assert await films.of(full(), OKAFOR) == {}
    desk.slack.fail("conversations.open", Broken())
    assert await desk.films().of(card(film()), OKAFOR) == {}


async def test_one_that_was_deleted_in_slack_is_brought_anew(desk: Desk) -> None:
    first = await desk.films().bring(FILM, POST, OKAFOR)
    assert not isinstance(first, NotShown)
    desk.slack.workspace.files[first].deleted = True
    second = await desk.films().bring(FILM, POST, OKAFOR)
    assert second != first
    assert desk.standing(OKAFOR) == [MP4]
    assert [it.file for it in desk.shelf.files.values()] == [second]


@pytest.mark.parametrize(
    ("method", "fault", "why"),
    [
        (UPLOAD, Refuses("file_upload_size_restricted"), NotShown.TOO_LARGE),
        (UPLOAD, Refuses("file_uploads_except_images_disabled"), NotShown.NOT_ALLOWED),
        (UPLOAD, Refuses("file_uploads_disabled"), NotShown.NOT_ALLOWED),
        (COMPLETE, Refuses("file_type_not_allowed"), NotShown.NOT_ALLOWED),
        (UPLOAD, RateLimited(), NotShown.NOT_NOW),
        ("upload", Broken(507), NotShown.NOT_NOW),
        ("upload", Drops(), NotShown.NOT_NOW),
        ("upload", Babbles(status=413), NotShown.NOT_NOW),
        (COMPLETE, Broken(), NotShown.NOT_NOW),
        (COMPLETE, Drops(done=True), NotShown.NOT_NOW),
        ("conversations.open", Broken(), NotShown.NOT_NOW),
        ("files.info", Broken(), NotShown.NOT_NOW),
    ],
)
async def test_whatever_fails_is_said_and_tried_anew_when_it_is_pressed_again(
    desk: Desk, method: str, fault: Fault, why: NotShown
) -> None:
    desk.slack.fail(method, fault)
    films = desk.films()
    assert await films.bring(FILM, POST, OKAFOR) is why
    assert await films.of(card(film()), OKAFOR) == {}
    file = await films.bring(FILM, POST, OKAFOR)
    assert await films.of(card(film()), OKAFOR) == {FILM: file}
    # Nothing stands there that nobody knows of.
    assert desk.standing(OKAFOR) == [MP4]


async def test_what_slack_does_not_call_a_video_is_not_shown(desk: Desk) -> None:
    desk.content = b"no video at all"
    assert await desk.films().bring(FILM, POST, OKAFOR) is NotShown.NOT_NOW
    assert await desk.films().of(card(film()), OKAFOR) == {}


async def test_a_slow_one_is_waited_for(desk: Desk) -> None:
    desk.slack.looks_needed(3)
    assert not isinstance(await desk.films().bring(FILM, POST, OKAFOR), NotShown)


async def test_one_that_is_not_here_any_more_is_said(desk: Desk) -> None:
    desk.lost = True
    assert isinstance(await desk.films().bring(FILM, POST, OKAFOR), NotShown)
    assert desk.standing(OKAFOR) == []
    desk.lost, desk.content = False, None
    assert await desk.films().bring(FILM, POST, OKAFOR) is NotShown.LOST


async def test_when_the_post_is_over_it_is_deleted_and_brought_to_nobody(desk: Desk) -> None:
    await desk.films().bring(FILM, POST, OKAFOR)
    await desk.films().bring(FILM, POST, LUND)
    desk.shelf.final.add(SUBJECT)

    async def nothing(_blob: BlobId) -> bytes | None:
        return None

    assert await Pictures(desk.line.client, desk.shelf, nothing).tidy() == 2
    assert desk.standing(OKAFOR) == desk.standing(LUND) == []
    assert await desk.films().bring(FILM, POST, OKAFOR) is NotShown.OVER
    assert await desk.films().of(card(film()), OKAFOR) == {}


async def test_a_quicktime_film_is_named_so_and_nothing_is_told_of_what_it_shows(
    desk: Desk,
) -> None:
    desk.kind, desk.content = "video/quicktime", b"\0\0\0\x14ftypqt  " + bytes(200)
    with structlog.testing.capture_logs() as logs:
        await desk.films().bring(FILM, POST, OKAFOR)
    (file,) = desk.slack.workspace.files.values()
    assert (file.name, file.title) == ("video.mov", "video")
    assert logs == []


async def test_a_card_with_a_video_uploads_no_picture_of_it(desk: Desk) -> None:
    async def preview(blob: BlobId) -> bytes | None:
        assert blob == BLOB
        return b"\x89PNG"

    pictures = Pictures(desk.line.client, desk.shelf, preview, pauses=(0.0,))
    both = card(film(), Picture(blob=BLOB, alt="A fence"))
    assert set(await pictures.of(both)) == {BLOB}
    assert desk.shelf.missing == []


# -- drawn -----------------------------------------------------------------------------------------


def test_nobody_is_offered_to_say_yes_to_a_video_unseen() -> None:
    message = render(card(film()), {})
    assert problems(message.arguments()) == ()
    drawn = str(message.blocks)
    assert WATCH in drawn
    assert WATCH_FIRST in drawn
    assert NOTE in drawn
    assert f"{SAID_IN_IT}" in drawn
    assert "Tom: These are our beans." in drawn
    assert "post.approve" not in drawn


def test_whoever_has_it_in_their_messages_may() -> None:
    drawn = str(render(card(film()), {FILM: "F0FILE00001"}).blocks)
    assert "post.approve" in drawn
    assert WATCH in drawn
    assert WATCH_FIRST not in drawn


def test_a_picture_that_is_missing_beside_it_is_said_as_ever() -> None:
    both = card(film(), Picture(blob=BLOB, alt="A fence"))
    drawn = str(render(both, {FILM: "F0FILE00001"}).blocks)
    assert PICTURES_UNSEEN in drawn
    assert WATCH_FIRST not in drawn
    assert "post.approve" not in drawn


def test_a_card_that_is_over_has_nothing_to_press() -> None:
    over = replace(card(film("")), buttons=(), more=())
    drawn = str(render(over, {}).blocks)
    assert WATCH not in drawn
    assert NO_CAPTIONS in drawn


def test_all_that_is_said_in_a_long_one_can_be_read() -> None:
    long = card(film("Tom: Beans, beans, beans. " * 400 + "The end."))
    message = render(long, {FILM: "F0FILE00001"})
    assert problems(message.arguments()) == ()
    assert message.cut
    assert "Read it all" in str(message.blocks)
    whole = words_of(long)
    assert problems(whole) == ()
    assert "The end." in str(whole["blocks"])
    assert "The end." not in str(message.blocks)
