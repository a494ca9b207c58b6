"""Videos that somebody hands to Slack: they come in pieces, and end early in words."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack.client import Line, open_line
from adapters.slack.fetching import CHUNK, NotTaken, fetch
from adapters.taking_in import LARGEST_VIDEO, BrokeOff, Fetched, Moving
from tests.fakes.slack_api import BOT_TOKEN, BreaksOff, FakeSlack


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEAD = b"\0\0\0\x18ftypisom"
FILM = HEAD + bytes(range(256)) * 2000
REED = "U0REED0001"


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    line: Line

    def file(self, content: bytes = FILM, mimetype: str = "video/mp4") -> dict[str, Any]:
        made = self.slack.workspace.add_file(content, name="b.mp4", mimetype=mimetype, by=REED)
        return dict(self.slack.file_payload(made.id))

    async def fetch(self, file: dict[str, Any]) -> Fetched | Moving | NotTaken:
        return await fetch(self.line.client, file)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeSlack() as slack:
        line = open_line(BOT_TOKEN, slack.api_url)
        yield Desk(slack, line)
        await line.close()
        assert slack.complaints == []


async def test_a_video_comes_in_pieces(desk: Desk) -> None:
    got = await desk.fetch(desk.file())
    assert isinstance(got, Moving)
    assert got.name == "b.mp4"
    pieces = [piece async for piece in got.pieces]
    assert b"".join(pieces) == FILM
    assert max(map(len, pieces)) <= CHUNK
    assert "b.mp4" not in repr(got)


async def test_it_is_known_by_its_first_bytes_whatever_slack_calls_it(desk: Desk) -> None:
    unnamed = await desk.fetch(desk.file(mimetype=""))
    assert isinstance(unnamed, Moving)
    await unnamed.pieces.aclose()
    still = desk.file(b"\0\0\0\x18ftypheic" + bytes(99), mimetype="image/heic")
    assert isinstance(await desk.fetch(still), Fetched)
    # Whoever looks inside it says that it is none.
    claimed = await desk.fetch(desk.file(b"x"))
    assert isinstance(claimed, Moving)
    assert [piece async for piece in claimed.pieces] == [b"x"]


async def test_one_that_is_too_large_is_refused_before_it_is_fetched(desk: Desk) -> None:
    large = desk.file() | {"size": LARGEST_VIDEO + 1}
    assert await desk.fetch(large) is NotTaken.VIDEO_TOO_LARGE
    picture = desk.file(mimetype="image/png") | {"size": LARGEST_VIDEO}
    assert await desk.fetch(picture) is NotTaken.TOO_LARGE


async def test_a_download_that_breaks_off_is_said(desk: Desk) -> None:
    desk.slack.fail("download", BreaksOff())
    got = await desk.fetch(desk.file())
    assert isinstance(got, Moving)
    with pytest.raises(BrokeOff, match="broke off"):
        async for _ in got.pieces:
            pass


async def test_a_picture_that_breaks_off_is_asked_for_again(desk: Desk) -> None:
    desk.slack.fail("download", BreaksOff())
    picture = desk.file(b"\x89PNG" + bytes(500_000), mimetype="image/png")
    assert await desk.fetch(picture) is NotTaken.CANNOT_ASK


async def test_whoever_wants_no_more_of_it_ends_it(desk: Desk) -> None:
    got = await desk.fetch(desk.file())
    assert isinstance(got, Moving)
    async with aclosing(got.pieces) as pieces:
        assert FILM.startswith(await anext(pieces))
    assert [piece async for piece in got.pieces] == []
