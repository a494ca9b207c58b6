"""Pictures on cards, and files that somebody hands in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
import structlog
from aiohttp import web
from hypothesis import given, strategies as st

from adapters.slack.chat import SlackChat
from adapters.slack.client import Line, open_line
from adapters.slack.fetching import NotTaken, fetch
from adapters.slack.files import HOSTS, Pictures, is_slacks
from adapters.slack.speaker import Speakers
from adapters.taking_in import Fetched
from moderation.kernel import BlobId, Platform, SubjectRef
from moderation.ports import Conversation, Delivered
from moderation.views import Media, Picture
from tests.fakes.cards import BLOB, full, plain
from tests.fakes.slack_api import (
    BOT_TOKEN,
    Babbles,
    Broken,
    Drops,
    FakeSlack,
    Fault,
    Hangs,
    RateLimited,
    Refuses,
)
from tests.fakes.slack_files import FakeShelf, Held
from tests.fakes.slack_workspace import TEAM


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.views import Card

POST = SubjectRef("post", "01POST")
OTHER_BLOB = BlobId("sha256:" + "ef" * 32)
PNG = b"\x89PNG\r\n\x1a\n a clean picture"
JPEG = b"\xff\xd8\xff another"
OFFICE = Conversation(Platform.SLACK, "C0OFFICE01")
REED = "U0REED0001"


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    line: Line
    shelf: FakeShelf = field(default_factory=FakeShelf)
    previews: dict[BlobId, bytes] = field(default_factory=lambda: {BLOB: PNG, OTHER_BLOB: JPEG})

    async def preview(self, blob: BlobId) -> bytes | None:
        return self.previews.get(blob)

    def pictures(self) -> Pictures:
        """As a process that has just started would make it."""
        return Pictures(self.line.client, self.shelf, self.preview, pauses=(0.0, 0.0))

    def standing(self) -> list[bytes | None]:
        """What is in Slack now."""
        files = self.slack.workspace.files.values()
        return [file.content for file in files if file.complete and not file.deleted]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeSlack() as slack:
        slack.workspace.add_channel(OFFICE.id)
        line = open_line(BOT_TOKEN, slack.api_url)
        yield Desk(slack, line)
        await line.close()
        assert slack.complaints == []


def card(*blobs: BlobId) -> Card:
    """The full card with these pictures alone."""
    shown = Media(tuple(Picture(blob=blob, alt="A choir") for blob in blobs))
    parts = tuple(shown if isinstance(part, Media) else part for part in full().parts)
    return replace(full(), parts=parts)


# -- out -------------------------------------------------------------------------------------------


async def test_a_card_shows_its_pictures_and_can_be_approved(desk: Desk) -> None:
    chat = SlackChat(desk.line.client, desk.pictures().of, Speakers(desk.line.client, team=TEAM))
    assert isinstance(await chat.post(OFFICE, card(BLOB, OTHER_BLOB), "k"), Delivered)
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    shown = [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]
    assert shown == [held.file for held in desk.shelf.files.values()]
    assert "Approve" in str(message.blocks)


async def test_a_picture_is_uploaded_once_and_shared_with_no_channel(desk: Desk) -> None:
    pictures = desk.pictures()
    at_once = await asyncio.gather(*(pictures.show(BLOB, POST) for _ in range(5)))
    again = await desk.pictures().show(BLOB, POST)
    assert set(at_once) == {again}
    assert desk.standing() == [PNG]
    (file,) = desk.slack.workspace.files.values()
    assert file.channels == ()
    (done,) = desk.slack.called("files.completeUploadExternal")
    assert "channel_id" not in done.arguments


async def test_names_in_slack_say_nothing_of_what_is_shown(desk: Desk) -> None:
    await desk.pictures().show(BLOB, POST)
    await desk.pictures().show(OTHER_BLOB, POST)
    names = {(file.name, file.title) for file in desk.slack.workspace.files.values()}
    assert names == {("picture.png", "picture"), ("picture.jpg", "picture")}


async def test_a_picture_is_waited_for_until_slack_has_looked_at_it(desk: Desk) -> None:
    desk.slack.looks_needed(3)
    assert await desk.pictures().show(BLOB, POST) is not None
    assert len(desk.slack.called("files.info")) == 3


async def test_a_slow_picture_is_not_shown_yet_and_not_uploaded_again(desk: Desk) -> None:
    desk.slack.looks_needed(5)
    assert await desk.pictures().of(card(BLOB)) == {}
    assert desk.shelf.missing == [(POST, BLOB)]
    shown = await desk.pictures().show(BLOB, POST)
    assert shown is not None
    assert list(desk.slack.workspace.files) == [shown]


async def test_a_picture_that_never_gets_there_is_replaced_and_leaves_no_copy(desk: Desk) -> None:
    desk.slack.looks_needed(1000)
    assert await desk.pictures().show(BLOB, POST) is None
    assert await desk.pictures().show(BLOB, POST) is None
    assert desk.standing() == [PNG]
    desk.slack.looks_needed(1)
    assert await desk.pictures().show(BLOB, POST) is not None
    assert desk.standing() == [PNG]


STEPS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "fault",
    [
        RateLimited(30),
        Broken(500),
        Broken(500, done=True),
        Drops(done=True),
        Babbles(),
        Babbles(status=403),
        Refuses("missing_scope"),
    ],
    ids=str,
)
async def test_whatever_fails_the_card_goes_out_and_the_picture_comes_later(
    desk: Desk, step: str, fault: Fault
) -> None:
    desk.slack.fail(step, fault)
    first = await desk.pictures().of(card(BLOB))
    if not first:
        assert desk.shelf.missing == [(POST, BLOB)]
    found = await desk.pictures().of(card(BLOB))
    (held,) = desk.shelf.files.values()
    assert found == {BLOB: held.file}
    # Whatever happened on the way, Slack holds one copy, and we know of it.
    assert desk.standing() == [PNG]


async def test_a_slack_that_hangs_costs_the_picture_and_not_the_card(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.files.SHOWING", 0.1)
    desk.slack.fail("files.getUploadURLExternal", Hangs())
    assert await desk.pictures().of(card(BLOB)) == {}
    assert desk.shelf.missing == [(POST, BLOB)]


async def test_a_card_without_its_picture_has_no_approve_button(desk: Desk) -> None:
    desk.previews.clear()
    chat = SlackChat(desk.line.client, desk.pictures().of, Speakers(desk.line.client, team=TEAM))
    assert isinstance(await chat.post(OFFICE, card(BLOB), "k"), Delivered)
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    assert "post.approve" not in str(message.blocks)
    assert desk.shelf.missing == [(POST, BLOB)]


async def test_a_picture_that_was_deleted_in_slack_is_uploaded_anew(desk: Desk) -> None:
    pictures = desk.pictures()
    staff = Speakers(desk.line.client, team=TEAM)
    chat = SlackChat(desk.line.client, pictures.of, staff, refused=pictures.refused)
    answer = await chat.post(OFFICE, card(BLOB, OTHER_BLOB), "k")
    assert isinstance(answer, Delivered)
    lost, stays = (held.file for held in desk.shelf.files.values())
    desk.slack.workspace.files[lost].deleted = True
    await chat.update(OFFICE, answer.ref, card(BLOB, OTHER_BLOB))
    # What the strict server says of a file that isn't there; ours couldn't know.
    desk.slack.complaints.clear()
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    assert "post.approve" not in str(message.blocks)
    assert desk.shelf.missing == [(POST, BLOB)]
    assert [held.file for held in desk.shelf.files.values()] == [stays]
    await chat.update(OFFICE, answer.ref, card(BLOB, OTHER_BLOB))
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    assert "post.approve" in str(message.blocks)


@pytest.mark.parametrize("fault", [Broken(503), RateLimited(9), Refuses("missing_scope")], ids=str)
async def test_where_slack_can_t_be_asked_no_picture_is_given_up(desk: Desk, fault: Fault) -> None:
    pictures = desk.pictures()
    await pictures.of(card(BLOB))
    desk.slack.fail("files.info", fault)
    await pictures.refused(card(BLOB))
    await pictures.refused(card(BLOB))
    assert len(desk.shelf.files) == 1
    assert desk.shelf.missing == []


async def test_a_card_without_pictures_asks_nobody(desk: Desk) -> None:
    assert await desk.pictures().of(plain()) == {}
    assert desk.slack.calls == []


async def test_when_the_post_is_final_nothing_is_shown_and_everything_is_deleted(
    desk: Desk,
) -> None:
    pictures = desk.pictures()
    live = SubjectRef("post", "01LIVE")
    await pictures.of(card(BLOB, OTHER_BLOB))
    await pictures.show(BLOB, live)
    assert await pictures.tidy() == 0
    desk.shelf.final.add(POST)
    assert await pictures.of(card(BLOB, OTHER_BLOB)) == {}
    assert desk.shelf.missing == []
    assert await pictures.tidy() == 2
    assert desk.standing() == [PNG]
    assert [subject for subject, _ in desk.shelf.files] == [live]
    assert await pictures.tidy() == 0


async def test_deleting_goes_on_where_it_was_held_up(desk: Desk) -> None:
    pictures = desk.pictures()
    await pictures.of(card(BLOB, OTHER_BLOB))
    desk.shelf.final.add(POST)
    desk.slack.fail("files.delete", Broken(503), Refuses("file_deleted"))
    assert await pictures.tidy() == 0
    assert len(desk.shelf.files) == 2
    assert await pictures.tidy() == 2
    assert desk.shelf.files == {}


async def test_another_process_s_file_is_taken_instead_of_a_second_one(desk: Desk) -> None:
    theirs = await desk.pictures().show(BLOB, POST)
    assert theirs is not None

    @dataclass(slots=True)
    class Late(FakeShelf):
        """Looks before the other has written, and writes after."""

        async def held(self, *_asked: object) -> dict[BlobId, Held]:
            return {}

    late = Late(files=desk.shelf.files)
    pictures = Pictures(desk.line.client, late, desk.preview, pauses=())
    assert await pictures.show(BLOB, POST) == theirs
    assert desk.standing() == [PNG]


async def test_an_upload_goes_to_slack_or_nowhere(desk: Desk) -> None:
    line = open_line(BOT_TOKEN, desk.slack.api_url)
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="OK")

    async with _server(elsewhere) as base:
        original = line.client.files_getUploadURLExternal

        async def begun(**told: object) -> object:
            answer = await original(**told)  # type: ignore[arg-type]
            return {"file_id": answer["file_id"], "upload_url": f"{base}/upload"}

        line.client.files_getUploadURLExternal = begun  # type: ignore[method-assign,assignment]
        pictures = Pictures(line.client, desk.shelf, desk.preview, pauses=())
        with structlog.testing.capture_logs() as logged:
            assert await pictures.show(BLOB, POST) is None
    await line.close()
    assert asked == []
    assert [it["error"] for it in logged] == ["upload_elsewhere"]


# -- in --------------------------------------------------------------------------------------------


def _handed_in(desk: Desk, content: bytes = PNG, name: str = "IMG_1.png") -> dict[str, object]:
    file = desk.slack.workspace.add_file(content, name=name, mimetype="image/png", by=REED)
    return dict(desk.slack.file_payload(file.id))


async def test_a_file_is_fetched_with_the_bot_s_token(desk: Desk) -> None:
    payload = _handed_in(desk)
    assert await fetch(desk.line.client, payload) == Fetched(PNG, "IMG_1.png")


async def test_a_file_told_by_its_id_alone_is_asked_for(desk: Desk) -> None:
    payload = _handed_in(desk)
    stub = {"id": payload["id"], "file_access": "check_file_info"}
    assert await fetch(desk.line.client, stub) == Fetched(PNG, "IMG_1.png")
    assert await fetch(desk.line.client, {"id": "F0NOTHING01"}) is NotTaken.UNSEEN
    assert await fetch(desk.line.client, {}) is NotTaken.ELSEWHERE


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"is_external": True}, NotTaken.ELSEWHERE),
        ({"mode": "external"}, NotTaken.ELSEWHERE),
        ({"mode": "tombstone"}, NotTaken.GONE),
        ({"mode": "hidden_by_limit"}, NotTaken.GONE),
        ({"size": 40 * 2**20 + 1}, NotTaken.TOO_LARGE),
        ({"url_private_download": "https://evil.example/a.png"}, NotTaken.ELSEWHERE),
        ({"url_private_download": "file:///etc/passwd"}, NotTaken.ELSEWHERE),
        ({"url_private_download": "http://127.0.0.1:1/a.png"}, NotTaken.ELSEWHERE),
        ({"url_private_download": "http://[::1"}, NotTaken.ELSEWHERE),
    ],
    ids=str,
)
async def test_what_isn_t_in_slack_is_not_fetched(
    desk: Desk, changed: dict[str, object], why: NotTaken
) -> None:
    assert await fetch(desk.line.client, _handed_in(desk) | changed) is why


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Broken(500), NotTaken.CANNOT_ASK),
        (Broken(403), NotTaken.CANNOT_ASK),
        (Broken(404), NotTaken.GONE),
        (Babbles(), NotTaken.CANNOT_ASK),
        (RateLimited(1), NotTaken.CANNOT_ASK),
    ],
    ids=str,
)
async def test_what_slack_doesn_t_hand_out_is_said(desk: Desk, fault: Fault, why: NotTaken) -> None:
    payload = _handed_in(desk)
    desk.slack.fail("download", fault)
    assert await fetch(desk.line.client, payload) is why


async def test_a_deleted_file_is_gone(desk: Desk) -> None:
    payload = _handed_in(desk)
    desk.slack.workspace.files[str(payload["id"])].deleted = True
    assert await fetch(desk.line.client, payload) is NotTaken.GONE


async def test_a_larger_file_than_it_says_is_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.fetching.MOST_BYTES", 1000)
    exactly = _handed_in(desk, b"x" * 1000) | {"size": 10}
    assert isinstance(await fetch(desk.line.client, exactly), Fetched)
    larger = _handed_in(desk, b"x" * 1001) | {"size": 10}
    assert await fetch(desk.line.client, larger) is NotTaken.TOO_LARGE


async def test_a_redirect_is_not_followed_and_the_token_goes_nowhere(desk: Desk) -> None:
    tokens: list[str | None] = []

    async def elsewhere(request: web.Request) -> web.Response:
        tokens.append(request.headers.get("Authorization"))
        return web.Response(body=PNG, content_type="image/png")

    async with _server(elsewhere) as base:

        async def away(_request: web.Request) -> web.Response:
            raise web.HTTPFound(f"{base}/a.png")

        async with _server(away) as slack:
            line = open_line(BOT_TOKEN, f"{slack}/api/")
            payload = _handed_in(desk) | {"url_private_download": f"{slack}/files-pri/a.png"}
            assert await fetch(line.client, payload) is NotTaken.CANNOT_ASK
            await line.close()
    assert tokens == []


async def test_no_log_and_no_repr_tells_a_file_s_name(desk: Desk) -> None:
    payload = _handed_in(desk, name="Amelia.png")
    fetched = await fetch(desk.line.client, payload)
    desk.slack.fail("download", Broken(500))
    with structlog.testing.capture_logs() as logged:
        await fetch(desk.line.client, payload)
    assert logged
    assert "Amelia" not in repr((fetched, logged))


@given(
    host=st.sampled_from(sorted(HOSTS)),
    path=st.from_regex(r"/[a-zA-Z0-9._/-]{0,30}", fullmatch=True),
)
def test_slack_s_own_hosts_are_believed_over_https_alone(host: str, path: str) -> None:
    api = "https://slack.com/api/"
    assert is_slacks(f"https://{host}{path}", api)
    for address in (
        f"http://{host}{path}",
        f"https://{host}:8443{path}",
        f"https://{host}.evil.example{path}",
        f"https://evil.example/{host}{path}",
        f"https://evil.example#{host}{path}",
        f"https://{host}@evil.example{path}",
        f"https://evil.example@{host}{path}",
        f"https://evil-{host}{path}",
        f"//{host}{path}",
        f"{host}{path}",
    ):
        assert not is_slacks(address, api)


@given(st.text())
def test_no_address_breaks_the_judgement(address: str) -> None:
    assert not is_slacks(address, "https://slack.com/api/")


class _server:  # noqa: N801 -- used like a function
    """A loopback server with one handler for everything; entering gives its address."""

    def __init__(self, handler: object) -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", handler)  # type: ignore[arg-type]
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aexit__(self, *_why: object) -> None:
        await self._runner.cleanup()
