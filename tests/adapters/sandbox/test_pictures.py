"""Pictures, and who is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from adapters.sandbox import app
from bot.web import IN_PARTS
from moderation.checks.model import Pictured, Who
from moderation.kernel import PersonId, PupilKey
from moderation.posts import commands as ask
from tests.adapters.sandbox.page import PICTURE, Page, site
from tests.parity import shows


if TYPE_CHECKING:
    import pytest


async def test_a_picture_is_shown_under_an_address_nobody_can_guess(page: Page) -> None:
    picture = await page.upload()
    assert re.fullmatch(r"media/[0-9a-f]{32}", picture["url"])
    response = await page.get(f"/{picture['url']}")
    assert (response.status, response.content_type) == (200, "image/png")
    assert await response.read() == PICTURE
    assert response.headers["Cache-Control"] == "no-store"
    assert (await page.get("/media/" + "0" * 32)).status == 404
    page.door.blobs.clear()
    assert (await page.get(f"/{picture['url']}")).status == 404


async def test_one_persons_address_is_not_anothers(page: Page) -> None:
    picture = await page.upload()
    await page.propose(pictures=[{"blob": picture["blob"], "alt": "Our field"}], who="nobody")
    html = (await page.view("lund", "channel:oakfield-facebook"))["lists"]["channel"][0]["html"]
    (url,) = set(re.findall(r'src="(media/[0-9a-f]{32})"', html))
    assert url != picture["url"]
    assert (await page.get(f"/{url}")).status == 200


async def test_what_is_no_picture_is_said_and_never_served(page: Page) -> None:
    response = await page.client.post(
        "/upload", params={"as": "reed", "name": "<b>.png"}, data=b"<html>"
    )
    assert (await response.json())["outcome"] == "declined"
    picture = await page.upload()
    page.door.blobs[picture["blob"]] = b"<html><script>alert(1)</script>"
    assert (await page.get(f"/{picture['url']}")).status == 404


async def test_a_picture_that_is_too_large_is_said(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LARGEST_PICTURE", 20)
    said = await page.upload()
    assert said == {"outcome": "declined", "sentences": [app.TOO_LARGE]}


@shows("pupils", on="sandbox")
async def test_pupils_are_found_by_class_or_by_three_letters(page: Page) -> None:
    query = {"as": "reed", "accounts": "oakfield-facebook"}
    classes = await (await page.get("/classes", **query)).json()
    assert classes["classes"][0] == ["4B", "Class 4B, 4 pupils"]
    whole = await (await page.get("/pupils", **query, form="4B")).json()
    assert len(whole["pupils"]) == 4
    found = await (await page.get("/pupils", **query, words="ame")).json()
    assert found["pupils"] == [["oak4", "Amelia O. · Y4 · 4B"]]
    supply = await (await page.get("/pupils", **(query | {"as": "diaz"}), words="ame")).json()
    assert supply["pupils"] == []
    assert supply["sentences"]


async def test_declared_pupils_reach_the_command(page: Page) -> None:
    picture = await page.upload()
    said = await page.propose(
        pictures=[{"blob": picture["blob"], "alt": "Our field"}], who="these", pupils=["oak2"]
    )
    assert said["outcome"] == "stopped"
    assert "STEP-CONS-1" in said["findings"]
    command = page.door.asked[-1][0]
    assert isinstance(command, ask.Propose)
    assert command.content.pictured.pupils == {PupilKey("oak2")}


async def test_colleagues_are_found_by_name_and_reach_the_command(page: Page) -> None:
    query = {"as": "reed", "accounts": "oakfield-facebook"}
    found = await (await page.get("/colleagues", **query, words="mrs ng")).json()
    assert found["staff"] == [["okafor", "Mrs Ngozi Okafor · staff"]]
    assert (await (await page.get("/colleagues", **query)).json())["staff"] == []
    picture = await page.upload()
    said = await page.propose(
        pictures=[{"blob": picture["blob"], "alt": "Our field"}], who="nobody", staff=["okafor"]
    )
    assert said["outcome"] == "done"
    command = page.door.asked[-1][0]
    assert isinstance(command, ask.Propose)
    assert command.content.pictured == Pictured(Who.NOBODY, staff=frozenset({PersonId("okafor")}))
    forged = await page.propose(
        pictures=[{"blob": picture["blob"], "alt": "Our field"}], who="nobody", staff="okafor"
    )
    assert forged["outcome"] == "declined"


VIDEO = b"\0\0\0\x18ftypisom" + bytes(200) + b"mdat" + bytes(range(256)) * 8


async def sent_video(page: Page, content: bytes = VIDEO) -> dict[str, Any]:
    response = await page.client.post(
        "/upload", params={"as": "reed", "name": "field.mp4"}, data=content
    )
    said: dict[str, Any] = await response.json()
    return said


@shows("video", on="sandbox")
async def test_a_video_comes_in_and_is_played_in_pieces(page: Page) -> None:
    video = await sent_video(page)
    assert (video["outcome"], video["moves"]) == ("done", True)
    whole = await page.get(f"/{video['url']}")
    assert (whole.status, whole.content_type) == (200, "video/mp4")
    assert (whole.headers["Accept-Ranges"], whole.headers["Cache-Control"]) == ("bytes", "no-store")
    assert await whole.read() == VIDEO
    for asked, start, end in (
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(VIDEO)),
        ("bytes=-5", len(VIDEO) - 5, len(VIDEO)),
        ("bytes=10-99999999", 10, len(VIDEO)),
    ):
        piece = await page.client.get(f"/{video['url']}", headers={"Range": asked})
        assert piece.status == 206
        assert piece.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(VIDEO)}"
        assert await piece.read() == VIDEO[start:end]
    beyond = await page.client.get(f"/{video['url']}", headers={"Range": "bytes=999999-"})
    assert beyond.status == 416
    odd = await page.client.get(f"/{video['url']}", headers={"Range": "lines=1-2"})
    assert (odd.status, await odd.read()) == (200, VIDEO)


async def test_a_video_that_cannot_be_used_is_said(page: Page) -> None:
    said = await sent_video(page, b"\0\0\0\x18ftypisom" + bytes(99))
    assert (said["outcome"], said["sentences"]) == ("declined", ["This video is damaged."])


async def test_a_still_picture_in_the_boxes_of_a_video_goes_the_way_of_pictures(page: Page) -> None:
    said = await sent_video(page, b"\0\0\0\x18ftypheic" + bytes(99))
    assert said["sentences"] == ["field.mp4 is no picture that I can read."]


async def test_the_page_may_play_its_own_videos_and_no_others(page: Page) -> None:
    response = await page.get("/")
    assert "media-src 'self';" in response.headers["Content-Security-Policy"]


async def test_the_server_lets_a_long_video_through_to_the_page(page: Page) -> None:
    assert IN_PARTS in site(page.door, page.chat).router
