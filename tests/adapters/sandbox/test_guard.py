"""Who may ask: this start's own page, on this computer, and nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.sandbox import guard
from adapters.sandbox.guard import Guard


if TYPE_CHECKING:
    from tests.adapters.sandbox.page import Page


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
