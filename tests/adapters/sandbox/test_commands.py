"""The command box, the queue and a post's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters import sentences
from tests.parity import shows


if TYPE_CHECKING:
    from tests.adapters.sandbox.page import Page


async def _typed(page: Page, line: str, who: str = "reed") -> dict[str, Any]:
    return await page.post("/command", **{"as": who, "line": line})


@shows("channels", on="sandbox")
async def test_channels_lists_the_accounts(page: Page) -> None:
    said = await _typed(page, "/channels insta")
    assert said["outcome"] == "show"
    assert "Instagram · Oakfield Primary" in said["html"]
    assert "Facebook" not in said["html"]


@shows("pause", on="sandbox")
async def test_all_posts_are_paused_and_started_as_typed(page: Page) -> None:
    assert "Posts go out as usual" in (await _typed(page, "/schoolgate pause"))["html"]
    said = await _typed(page, "/schoolgate pause A flood.", who="ade")
    assert (said["outcome"], said["sentences"]) == ("done", ["Posts are paused."])
    await _typed(page, "/schoolgate start", who="ade")
    assert page.door.held == [("pause", "A flood.", "ade"), ("start", "", "ade")]


@shows("away", on="sandbox")
async def test_somebody_is_away_and_back_as_typed(page: Page) -> None:
    said = await _typed(page, "/schoolgate away until Friday", who="lund")
    assert (said["outcome"], said["sentences"]) == ("done", ["Noted."])
    await _typed(page, "/schoolgate back", who="lund")
    assert page.door.held == [("away", "until Friday", "lund"), ("back", "", "lund")]


@shows("names", on="sandbox")
async def test_names_are_listed_and_asked_for_as_typed(page: Page) -> None:
    assert "Names that aren&#39;t pupils&#39;" in (await _typed(page, "/schoolgate names"))["html"]
    said = await _typed(page, "/schoolgate names add Jo Example visitor", who="lund")
    assert (said["outcome"], said["sentences"]) == ("done", ["Noted."])
    assert page.door.held == [("names", "add Jo Example visitor", "lund")]


@shows("report", on="sandbox")
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


@shows("photos", on="sandbox")
async def test_who_may_not_be_shown_stands_in_the_panel_until_its_time_is_over(page: Page) -> None:
    said = await _typed(page, "/schoolgate photos 4b")
    assert said["outcome"] == "show"
    assert "refused" in said["html"]
    # What the page says when it takes the list away, and in how many seconds.
    assert said["sentences"] == [sentences.OUTDATED]
    assert said["lasts"] > 0
    unknown = await _typed(page, "/schoolgate photos 9Z")
    assert unknown["outcome"] == "declined"
    assert "html" not in unknown


async def test_another_page_of_a_listing(page: Page) -> None:
    said = await page.press("reed", "list.page", intent={"id": "01LIST", "arg": "2"})
    assert "Page 2 of 01LIST" in said["html"]


@shows("queue", on="sandbox")
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
    assert (await page.press("diaz", "post.who"))["sentences"] == [sentences.NOT_HERE]


async def test_history_says_who_and_when(page: Page) -> None:
    await page.propose()
    said = await page.press("lund", "post.history")
    assert "Version 1 by Sam Reed, today 15:20" in said["html"]
    refused = await page.press("diaz", "post.history")
    assert refused["sentences"] == [sentences.NOT_HERE]
