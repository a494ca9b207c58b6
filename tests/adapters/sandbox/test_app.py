from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from adapters.sandbox import app, guard
from adapters.sandbox.app import build
from adapters.sandbox.chat import SandboxChat
from adapters.sandbox.guard import Guard
from moderation.kernel import AccountId, PostId, PupilKey
from moderation.posts import commands as ask
from tests.fakes.chat import FakeClock, FakeIds, FakeJournal
from tests.fakes.door import FakeDoor, painting


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiohttp import ClientResponse

NO_CHANGE: Mapping[str, object] = {}
PICTURE = painting(8, 6)


@dataclass
class Page:
    """The page as a browser has it after opening it once."""

    client: TestClient[web.Request, web.Application]
    door: FakeDoor
    chat: SandboxChat

    @property
    def origin(self) -> str:
        return str(self.client.make_url("/")).rstrip("/")

    def rebuild(self) -> web.Application:
        """The same page once more, to be mounted elsewhere."""
        return _site(self.door, self.chat)

    async def get(self, path: str, **query: str) -> ClientResponse:
        return await self.client.get(path, params=query)

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        response = await self.client.post(path, json=body, headers={"Origin": self.origin})
        assert response.content_type == "application/json"
        said: dict[str, Any] = await response.json()
        return said

    async def view(self, who: str = "reed", channel: str = "") -> dict[str, Any]:
        response = await self.get("/view", **{"as": who, "channel": channel})
        said: dict[str, Any] = await response.json()
        return said

    async def propose(self, seat: str = "reed", **changes: object) -> dict[str, Any]:
        form = {
            "as": seat,
            "post": "01NEW",
            "seen": 0,
            "accounts": ["oakfield-facebook"],
            "text": "Our choir sings on Friday.",
            "pictures": [],
            "who": "not_said",
            "pupils": [],
            "goes_out": "",
        }
        return await self.post("/propose", **(form | changes))

    async def press(
        self, who: str, verb: str, *, intent: Mapping[str, object] = NO_CHANGE, **more: object
    ) -> dict[str, Any]:
        carried = {"v": 1, "verb": verb, "id": "01NEW", "rev": 1, **intent}
        return await self.post("/do", **{"as": who, "intent": carried, **more})

    async def upload(self) -> dict[str, Any]:
        response = await self.client.post(
            "/upload", params={"as": "reed", "name": "field.png"}, data=PICTURE
        )
        said: dict[str, Any] = await response.json()
        return said


def _site(door: FakeDoor, chat: SandboxChat) -> web.Application:
    return build(
        door,
        chat,
        clock=FakeClock(),
        ids=FakeIds(500),
        zone=ZoneInfo("Europe/London"),
        title="Fernhill Learning Trust",
    )


async def _page(*, opened: bool = True) -> Page:
    chat = await SandboxChat.open(FakeJournal(), FakeClock(), FakeIds())
    door = FakeDoor(chat)
    client = TestClient(TestServer(_site(door, chat)), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    if opened:
        assert (await client.get("/")).status == 200
    return Page(client, door, chat)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    made = await _page()
    yield made
    await made.client.close()


@pytest.fixture
async def stranger() -> AsyncIterator[Page]:
    """A program that never opened the page."""
    made = await _page(opened=False)
    yield made
    await made.client.close()


# -- who may ask ----------------------------------------------------------------------------------


async def test_the_page_opens_with_its_names_and_its_rules_for_the_browser(page: Page) -> None:
    response = await page.get("/")
    html = await response.text()
    for name in (
        "You are",
        "Account",
        "Text",
        "Pictures",
        "Who is in it",
        "Goes out",
        "Command",
    ):
        assert re.search(rf"<label[^>]*>{name}</label>", html), name
    for region in ("Account channel", "Private messages", "My drafts"):
        assert re.search(rf'<h2 id="[a-z-]+">{region}</h2>', html), region
    assert 'role="status" aria-label="Status"' in html
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", html)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "no-store"


async def test_the_token_is_out_of_reach_of_scripts_and_other_sites(stranger: Page) -> None:
    response = await stranger.get("/")
    (cookie,) = response.headers.getall("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    assert len(token) >= 32
    assert token not in await response.text()
    assert token not in repr(Guard(token))


@pytest.mark.parametrize("path", ["/view?as=reed", "/stream", "/queue?as=reed", "/media/abc"])
async def test_reading_needs_this_starts_token(stranger: Page, path: str) -> None:
    response = await stranger.get(path)
    assert response.status == 403
    assert "reload" in (await response.json())["sentences"][0]


@pytest.mark.parametrize("path", ["/do", "/propose", "/preview", "/upload", "/command"])
async def test_asking_needs_this_starts_token(stranger: Page, path: str) -> None:
    response = await stranger.client.post(path, json={"as": "reed"})
    assert response.status == 403
    assert (await response.json())["sentences"] == [guard.OLD]
    assert not stranger.door.asked


async def test_a_token_of_an_earlier_start_is_refused(page: Page) -> None:
    page.client.session.cookie_jar.clear()
    name = f"schoolgate_{page.client.port}"
    response = await page.client.get("/view?as=reed", cookies={name: "x" * 43})
    assert response.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_another_page_is_refused_in_a_sentence(page: Page, headers: dict[str, str]) -> None:
    for path in ("/do", "/propose", "/upload", "/command"):
        response = await page.client.post(path, json={"as": "reed"}, headers=headers)
        assert response.status == 403
        assert (await response.json())["sentences"] == [guard.ELSEWHERE]
    assert not page.door.asked


async def test_another_page_may_not_read_either(page: Page) -> None:
    response = await page.client.get(
        "/view?as=reed", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    )
    assert response.status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "10.0.0.1"])
async def test_a_foreign_host_name_is_refused(page: Page, host: str) -> None:
    for path in ("/", "/view?as=reed", "/static/page.css"):
        response = await page.client.get(path, headers={"Host": host})
        assert response.status in {400, 403}
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:9000", "[::1]:8080"])
async def test_this_computers_own_names_are_good(page: Page, host: str) -> None:
    assert (await page.client.get("/", headers={"Host": host})).status == 200


class _From:
    """A transport whose other end is elsewhere."""

    def __init__(self, peer: object) -> None:
        self.peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return self.peer if name == "peername" else default


@pytest.mark.parametrize(
    ("peer", "ours"),
    [
        (("127.0.0.1", 5), True),
        (("127.8.9.1", 5), True),
        (("::1", 5, 0, 0), True),
        (("::ffff:127.0.0.1", 5, 0, 0), True),
        ("", True),
        (("192.168.1.20", 5), False),
        (("::ffff:10.0.0.1", 5, 0, 0), False),
        (("fe80::1%eth0", 5, 0, 2), False),
        (("nonsense", 5), False),
    ],
    ids=str,
)
def test_only_this_computer_is_served(peer: object, ours: bool) -> None:  # noqa: FBT001
    request = make_mocked_request("GET", "/", headers={"Host": "localhost"}, transport=_From(peer))
    assert (Guard().objection(request) == guard.AWAY) is not ours


# -- proposing and deciding -----------------------------------------------------------------------


async def test_a_pupils_name_is_stopped_corrected_and_approved_by_somebody_else(
    page: Page,
) -> None:
    stopped = await page.propose(text="Well done Amelia Okonjo!")
    assert stopped["outcome"] == "stopped"
    assert stopped["marks"] == [[10, 23, "stopped"]]
    assert "CARD-NAME-1" in stopped["findings"]
    view = await page.view()
    assert "<mark" in view["lists"]["drafts"][0]["html"]
    assert not view["lists"]["channel"]

    corrected = await page.propose(text="Well done, choir!", seen=stopped["seen"])
    assert corrected["outcome"] == "done"
    assert corrected["post"] != "01NEW"
    assert not (await page.view())["lists"]["drafts"]

    own = await page.press("reed", "post.approve", intent={"rev": 2})
    assert own["outcome"] == "declined"
    assert "somebody else" in own["sentences"][0]

    lund = await page.view("lund")
    assert lund["queue"] == 1
    assert "Approve" in lund["lists"]["channel"][0]["html"]
    said = await page.press("lund", "post.approve", intent={"rev": 2})
    assert said["outcome"] == "done"
    ready = (await page.view())["lists"]["private"][-1]["html"]
    assert 'data-copy="Well done, choir!"' in ready


async def test_pressing_twice_asks_once(page: Page) -> None:
    await page.propose()
    first = await page.press("lund", "post.approve")
    again = await page.press("lund", "post.approve")
    assert (first["outcome"], again["outcome"]) == ("done", "again")


async def test_a_form_sent_twice_by_a_nervous_hand_is_one_post(page: Page) -> None:
    answers = await asyncio.gather(*(page.propose() for _ in range(3)))
    assert sorted(answer["outcome"] for answer in answers) == ["again", "again", "done"]
    assert len(page.door.posts) == 1


async def test_a_stopped_draft_sent_again_stays_in_the_form(page: Page) -> None:
    """The answer to the first try was lost on its way; the words must not be."""
    first = await page.propose(text="Well done Amelia Okonjo!")
    again = await page.propose(text="Well done Amelia Okonjo!")
    assert (first["outcome"], again["outcome"]) == ("stopped", "stopped")
    assert again["seen"] == first["seen"]
    assert again["marks"] == first["marks"]


async def test_the_reason_of_a_form_reaches_the_command(page: Page) -> None:
    await page.propose()
    await page.press(
        "lund", "post.request_changes", values={"reason": "Which Friday?"}, request="a" * 12
    )
    command, by, key = page.door.asked[-1]
    assert command == ask.RequestChanges(post=PostId("01NEW"), seen=1, reason="Which Friday?")
    assert by == "lund"
    assert key.endswith("a" * 12)


async def test_a_button_of_a_post_that_does_not_exist_is_answered(page: Page) -> None:
    said = await page.press("lund", "post.approve", intent={"id": "01NONE"})
    assert said == {
        "outcome": "declined",
        "sentences": ["There is no such post. Nothing changed."],
    }
    for verb in ("post.open", "post.history", "post.revise"):
        said = await page.press("lund", verb, intent={"id": "01NONE"})
        assert said["outcome"] == "declined"
        assert said["sentences"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"as": "reed"}'])
async def test_a_malformed_payload_is_answered_in_a_sentence(page: Page, body: bytes) -> None:
    for path in ("/do", "/propose", "/command"):
        response = await page.client.post(path, data=body)
        assert response.status in {200, 400}
        assert (await response.json())["sentences"]
    assert not page.door.asked


async def test_somebody_unknown_is_asked_who_they_are(page: Page) -> None:
    for answer in (
        await page.propose("nobody"),
        await page.press("", "post.approve"),
        await page.view("mallory"),
    ):
        assert answer["sentences"] == [app.NOBODY]


async def test_a_draft_opens_in_the_form_as_it_was(page: Page) -> None:
    picture = await page.upload()
    attached = {"blob": picture["blob"], "alt": "Our field", "name": "field.png"}
    await page.propose(
        text="Well done Amelia Okonjo!",
        pictures=[attached],
        who="these",
        pupils=["oak1"],
        goes_out="2026-12-01T08:00",
    )
    said = await page.press("reed", "post.revise")
    assert said["outcome"] == "edit"
    draft = said["draft"]
    assert (draft["text"], draft["seen"], draft["who"]) == ("Well done Amelia Okonjo!", 1, "these")
    assert draft["accounts"] == [AccountId("oakfield-facebook")]
    assert draft["goes_out"] == "2026-12-01T08:00"
    assert draft["pupils"] == [["oak1", "Poppy A. · Y4 · 4B"]]
    assert draft["pictures"] == [{**attached, "url": picture["url"]}]


async def test_words_are_judged_while_they_are_written_and_nothing_is_kept(page: Page) -> None:
    said = await page.post(
        "/preview", **{"as": "reed", "post": "01NEW", "accounts": [], "text": "Dear Poppy"}
    )
    assert said["marks"] == [[5, 10, "stopped"]]
    assert not page.door.posts
    bad = await page.post("/preview", **{"as": "reed", "text": 7})
    assert bad["marks"] == []


# -- pictures and pupils --------------------------------------------------------------------------


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


# -- the command box, the queue, history ----------------------------------------------------------


async def _typed(page: Page, line: str, who: str = "reed") -> dict[str, Any]:
    return await page.post("/command", **{"as": who, "line": line})


async def test_channels_lists_the_accounts(page: Page) -> None:
    said = await _typed(page, "/channels insta")
    assert said["outcome"] == "show"
    assert "Instagram · Oakfield Primary" in said["html"]
    assert "Facebook" not in said["html"]


async def test_all_posts_are_paused_and_started_as_typed(page: Page) -> None:
    assert "Posts go out as usual" in (await _typed(page, "/schoolgate pause"))["html"]
    said = await _typed(page, "/schoolgate pause A flood.", who="ade")
    assert (said["outcome"], said["sentences"]) == ("done", ["Posts are paused."])
    await _typed(page, "/schoolgate start", who="ade")
    assert page.door.held == [("pause", "A flood.", "ade"), ("start", "", "ade")]


async def test_a_concern_is_written_in_the_panel_and_sent(page: Page) -> None:
    form = await _typed(page, "/report It worries me.")
    assert form["open"]
    assert "ring 999" in form["html"]
    assert "It worries me." in form["html"]
    send = {"v": 1, "verb": "report.send", "id": "01REPORT", "rev": 0}
    sent = await page.post("/do", **{"as": "reed", "intent": send, "values": {"words": "Words."}})
    assert sent["outcome"] == "done"
    assert "ring 999" in " ".join(sent["sentences"])
    assert "Your report" in sent["html"]
    read = send | {"verb": "report.read"}
    mine = await page.post("/do", **{"as": "reed", "intent": read})
    assert "Words." in mine["html"]
    theirs = await page.post("/do", **{"as": "lund", "intent": read})
    assert theirs["outcome"] == "declined"
    assert "Words." not in str(theirs)


async def test_other_commands(page: Page) -> None:
    assert "/channels" in (await _typed(page, "/help"))["html"]
    for who, name in (("reed", "Sam Reed"), ("ade", "Mrs Yemi Ade")):
        assert name in (await _typed(page, "/whoami", who=who))["html"]
    assert (await _typed(page, "/queue"))["outcome"] == "queue"
    assert await _typed(page, "Our fair is on Friday") == {
        "sentences": [],
        "outcome": "compose",
        "words": "Our fair is on Friday",
    }
    wrong = await _typed(page, "/channel")
    assert wrong["outcome"] == "declined"
    assert "/channels" in wrong["sentences"][0]


async def test_another_page_of_a_listing(page: Page) -> None:
    said = await page.press("reed", "list.page", intent={"id": "01LIST", "arg": "2"})
    assert "Page 2 of 01LIST" in said["html"]


async def test_the_queue_shows_one_after_the_other(page: Page) -> None:
    empty = await (await page.get("/queue", **{"as": "lund"})).json()
    assert empty["left"] == 0
    assert "Nothing waiting for you" in empty["html"]
    await page.propose(post="01A", text="First")
    await page.propose(post="01B", text="Second")
    first = await (await page.get("/queue", **{"as": "lund"})).json()
    assert (first["left"], first["post"]) == (2, "01A")
    assert "Approve and next" in first["html"]
    second = await (await page.get("/queue", **{"as": "lund", "after": "01A"})).json()
    assert second["post"] == "01B"
    around = await (await page.get("/queue", **{"as": "lund", "after": "01B"})).json()
    assert around["post"] == "01A"


async def test_leaving_one_for_later_opens_the_one_behind_it(page: Page) -> None:
    said = await page.press("lund", "queue.next", intent={"id": "01A", "arg": "01A"})
    assert (said["outcome"], said["after"]) == ("queue", "01A")


async def test_who_is_in_the_picture_is_told_to_an_approver_alone(page: Page) -> None:
    picture = await page.upload()
    await page.propose(
        pictures=[{"blob": picture["blob"], "alt": "Our field"}], who="these", pupils=["oak1"]
    )
    assert "Poppy" in (await page.press("lund", "post.who"))["html"]
    assert (await page.press("diaz", "post.who"))["sentences"] == [app.NOT_HERE]


async def test_history_says_who_and_when(page: Page) -> None:
    await page.propose()
    said = await page.press("lund", "post.history")
    assert "Version 1 by Sam Reed, today 15:20" in said["html"]
    refused = await page.press("diaz", "post.history")
    assert refused["sentences"] == [app.NOT_HERE]


# -- who sees what --------------------------------------------------------------------------------


async def test_private_messages_are_those_of_the_seat_alone(page: Page) -> None:
    await page.propose()
    await page.press("lund", "post.approve")
    assert (await page.view("reed"))["lists"]["private"]
    assert not (await page.view("diaz"))["lists"]["private"]


async def test_a_channel_that_a_seat_may_not_read_is_not_shown(page: Page) -> None:
    await page.propose()
    view = await page.view("price", "channel:oakfield-facebook")
    assert view["channel"] == "channel:millbrook-facebook"
    assert not view["lists"]["channel"]
    private = await page.view("diaz", "person:reed")
    assert private["channel"] != "person:reed"


async def test_a_fault_is_a_sentence_with_a_number_and_the_log_quotes_nothing(page: Page) -> None:
    page.door.broken = True
    with structlog.testing.capture_logs() as lines:
        response = await page.client.post(
            "/do",
            json={
                "as": "lund",
                "intent": {"v": 1, "verb": "post.approve", "id": "01NEW", "rev": 1},
            },
        )
    assert response.status == 500
    said = (await response.json())["sentences"][0]
    (line,) = lines
    assert line["request"] in said
    assert "Amelia" not in said
    assert "Traceback" not in await response.text()


# -- live -----------------------------------------------------------------------------------------


async def _event(response: ClientResponse) -> dict[str, str]:
    async with asyncio.timeout(5):
        while True:
            line = (await response.content.readline()).decode()
            if line.startswith("data: "):
                found: dict[str, str] = json.loads(line.removeprefix("data: "))
                return found


async def test_a_change_reaches_the_page_at_once(page: Page) -> None:
    stream = await page.get("/stream")
    assert stream.content_type == "text/event-stream"
    assert await stream.content.readline() == b"retry: 1000\n"
    await page.propose()
    first = await _event(stream)
    while first["conversation"] != "channel:oakfield-facebook":
        first = await _event(stream)
    assert first["state"] == "Waiting for a second yes"
    stream.close()


async def test_a_silent_stream_shows_signs_of_life(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "HEARTBEAT", 0.01)
    stream = await page.get("/stream")
    async with asyncio.timeout(5):
        while not (await stream.content.readline()).startswith(b": still here"):
            pass
    stream.close()


async def test_stopping_does_not_wait_for_open_pages() -> None:
    page = await _page()
    stream = await page.get("/stream")
    await stream.content.readline()
    async with asyncio.timeout(5):
        await page.client.server.close()
        while await stream.content.readline():
            pass
    await page.client.close()


async def test_the_page_works_below_a_prefix(page: Page) -> None:
    html = await (await page.get("/")).text()
    assert not re.findall(r'(?:src|href|action)="/', html)
    root = web.Application()
    root.add_subapp("/sandbox/", page.rebuild())
    client = TestClient(TestServer(root), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    response = await client.get("/sandbox/")
    assert "Content-Security-Policy" in response.headers
    assert (await client.get("/sandbox/static/page.css")).status == 200
    assert (await client.get("/sandbox/view?as=reed")).status == 200
    assert (await client.get("/sandbox/view?as=reed", headers={"Host": "evil"})).status == 403
    await client.close()


async def test_what_is_not_there_is_not_found(page: Page) -> None:
    for path in ("/nowhere", "/static/../app.py", "/static/%2e%2e/app.py", "/static/"):
        response = await page.get(path)
        assert response.status in {403, 404}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
