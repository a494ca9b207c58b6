"""Writing a post and deciding on it, with everything that a hand does twice or wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.sandbox import app
from moderation.kernel import AccountId, PostId
from moderation.posts import commands as ask
from tests.parity import shows


if TYPE_CHECKING:
    from tests.adapters.sandbox.page import Page


@shows("propose-form", "stopped", "own-yes", "approve", on="sandbox")
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


@shows("once", on="sandbox")
async def test_pressing_twice_asks_once(page: Page) -> None:
    await page.propose()
    first = await page.press("lund", "post.approve")
    again = await page.press("lund", "post.approve")
    assert (first["outcome"], again["outcome"]) == ("done", "again")


async def test_a_form_sent_twice_by_a_nervous_hand_is_one_post(page: Page) -> None:
    answers = await asyncio.gather(*(page.propose() for _ in range(3)))
    assert sorted(answer["outcome"] for answer in answers) == ["again", "again", "done"]
    assert len(page.door.posts) == 1


async def test_other_words_under_the_same_id_correct_what_was_saved(page: Page) -> None:
    """Whoever was told to wait and corrects the words finds the corrected ones."""
    await page.propose()
    said = await page.propose(text="Our choir sings on Saturday.")
    assert said["outcome"] == "done"
    assert [post.content.text for post in page.door.posts.values()] == [
        "Our choir sings on Saturday."
    ]
    # And back: that the first words were sent before doesn't make them the ones that stand.
    assert (await page.propose())["outcome"] == "done"
    assert page.door.posts["01NEW"].content.text == "Our choir sings on Friday."


async def test_nobody_elses_correction_is_written_over(page: Page) -> None:
    await page.propose()
    await page.propose("lund", text="Our choir sings in the hall.", seen=1)
    said = await page.propose(text="Our choir sings on Saturday.")
    assert said["outcome"] == "declined"
    assert 'data-subject="01NEW"' in said["html"]
    assert page.door.posts["01NEW"].content.text == "Our choir sings in the hall."


async def test_a_form_sent_again_with_another_reason_is_not_said_to_be_done(page: Page) -> None:
    await page.propose()
    request = "a" * 12
    for reason, outcome in (("Which day?", "done"), ("Which Friday?", "done")):
        said = await page.press(
            "lund", "post.request_changes", values={"reason": reason}, request=request
        )
        assert said["outcome"] == outcome
    again = await page.press(
        "lund", "post.request_changes", values={"reason": "Which day?"}, request=request
    )
    assert again["outcome"] == "again"


async def test_a_refusal_names_its_field(page: Page) -> None:
    page.door.wrong = "url"
    await page.propose()
    said = await page.press("lund", "post.approve", intent={"id": "01NONE"})
    assert said["field"] == "url"


async def test_a_stopped_draft_sent_again_stays_in_the_form(page: Page) -> None:
    """The answer to the first try was lost on its way; the words must not be."""
    first = await page.propose(text="Well done Amelia Okonjo!")
    again = await page.propose(text="Well done Amelia Okonjo!")
    assert (first["outcome"], again["outcome"]) == ("stopped", "stopped")
    assert again["seen"] == first["seen"]
    assert again["marks"] == first["marks"]


@shows("reason", on="sandbox")
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


@shows("stranger", on="sandbox")
async def test_somebody_unknown_is_asked_who_they_are(page: Page) -> None:
    for answer in (
        await page.propose("nobody"),
        await page.press("", "post.approve"),
        await page.view("mallory"),
    ):
        assert answer["sentences"] == [app.NOBODY]


@shows("revise", on="sandbox")
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
    assert draft["pictures"] == [{**attached, "url": picture["url"], "moves": False}]


async def test_words_are_judged_while_they_are_written_and_nothing_is_kept(page: Page) -> None:
    said = await page.post(
        "/preview", **{"as": "reed", "post": "01NEW", "accounts": [], "text": "Dear Poppy"}
    )
    assert said["marks"] == [[5, 10, "stopped"]]
    assert not page.door.posts
    bad = await page.post("/preview", **{"as": "reed", "text": 7})
    assert bad["marks"] == []
