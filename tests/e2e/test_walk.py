"""The main job, end to end: a post is stopped, corrected, approved by a second person, ready."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.adapters.videos.films import from_a_telephone
from tests.e2e.sandbox import (
    A_PUPIL,
    AUTHOR,
    HEAD,
    HIS_CLASS,
    NO_PERMISSION,
    OTHER_SECOND,
    PICTURE,
    SECOND,
    unique,
)
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

MOST_WAITING = 200
"""So that a queue that never ends fails its test instead of going on."""


@shows("propose-form", "stopped", "confirm", "approve", on="sandbox")
@proves("STEP-MOD-1", "CARD-NAME-1", "MET-MOD-1", platform="sandbox")
def test_from_the_first_word_to_ready_to_post(sandbox: Sandbox) -> None:
    words = unique("and the choir, what a concert!")
    corrected = f"Well done to our singers {words}"

    sandbox.be(AUTHOR)
    sandbox.write(f"Well done to {A_PUPIL} {words}", at_once=True)
    sandbox.propose()
    expect(sandbox.status).to_contain_text(re.compile(r"can.t go out|stopped", re.IGNORECASE))
    judged = sandbox.page.get_by_role("group", name="What the checks say")
    expect(judged).to_contain_text("This can't go out yet")
    expect(judged).to_contain_text(A_PUPIL)
    expect(judged).to_contain_text("CARD-NAME-1")
    preview = sandbox.page.get_by_role("group", name="How it will look")
    expect(preview.locator("mark")).to_have_text([re.compile(A_PUPIL)])
    draft = sandbox.card(sandbox.drafts, words)
    expect(draft.locator("mark").first).to_contain_text(A_PUPIL)
    expect(sandbox.text).to_have_value(f"Well done to {A_PUPIL} {words}")

    sandbox.text.fill(corrected)
    expect(preview.locator("mark")).to_have_count(0)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    expect(sandbox.card(sandbox.drafts, words)).to_have_count(0)

    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    expect(card).to_contain_text("Waiting for a second yes")
    sandbox.press(card, "Approve")
    expect(sandbox.status).to_contain_text("somebody else needs to say yes")
    expect(card).to_contain_text("Waiting for a second yes")

    sandbox.be(SECOND)
    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    sandbox.press(card, "Approve")
    expect(card).to_contain_text(re.compile("Approved|Ready to post"))
    expect(card.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    sandbox.be(AUTHOR)
    sandbox.tab("Messages")
    ready = sandbox.private.get_by_role("article").filter(
        has=sandbox.button("Copy the text"), has_text=words
    )
    expect(ready).to_contain_text("Ready to post")
    sandbox.button("Copy the text", ready).click()
    expect(sandbox.status).to_contain_text("Copied")
    assert sandbox.page.evaluate("navigator.clipboard.readText()") == corrected

    sandbox.tab("Channel")
    told = sandbox.read_history(sandbox.card(sandbox.channel, words))
    for name in ("Sam Reed", "Lund"):
        expect(told).to_contain_text(name)
    expect(told).to_contain_text(re.compile(r"\d\d:\d\d"))


@proves("STEP-CONS-1", platform="sandbox")
def test_a_picture_of_a_pupil_without_permission_is_stopped(sandbox: Sandbox) -> None:
    words = unique("Our gardeners at work.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    page = sandbox.page
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    describe = page.get_by_label("Describe picture 1", exact=True)
    describe.fill("Children dig a flower bed under a clear sky")
    who = page.get_by_label("Who is in it", exact=True)
    for choice in ("No pupils", "No pupil can be recognised"):
        expect(who.get_by_role("option", name=choice, exact=True)).to_have_count(1)
    whole_class = who.get_by_role("option").filter(has_text=HIS_CLASS)
    who.select_option(value=whole_class.get_attribute("value"))
    chips = page.get_by_role("list", name="Pupils in it")
    child = chips.get_by_role("button", name=re.compile(f"Remove {NO_PERMISSION}"))
    expect(child).to_be_visible()
    expect(page.locator("#chips-title")).to_contain_text(re.compile(r"^1A: \d+ children$"))
    sandbox.propose()
    judged = page.get_by_role("group", name="What the checks say")
    expect(judged).to_contain_text("This can't go out yet")
    expect(judged).to_contain_text("permission")
    expect(judged).to_contain_text("STEP-CONS-1")
    expect(sandbox.card(sandbox.drafts, words)).to_be_visible()

    # Whoever may not be shown is marked, and is taken out with one press.
    expect(child).to_contain_text("no permission")
    page.get_by_role("button", name=re.compile("^Take (this one|these .+) out$")).click()
    expect(child).to_have_count(0)
    expect(page.locator("#judged")).not_to_contain_text("permission to put")
    sandbox.button("Take all out").click()
    expect(chips.get_by_role("button")).to_have_count(0)
    sandbox.propose()
    expect(sandbox.status).to_contain_text("Please say who is in the picture.")
    expect(page.get_by_text("Please name at least one pupil")).to_be_visible()

    # All but this class: nobody in the picture can be recognised after all.
    who.select_option("not_recognisable")
    expect(chips.get_by_role("button")).to_have_count(0)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(HEAD)
    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    expect(card.get_by_role("img")).to_have_attribute(
        "alt", "Children dig a flower bed under a clear sky"
    )
    expect(card.get_by_role("img")).not_to_have_js_property("naturalWidth", 0)
    sandbox.press(card, "Approve")
    expect(card).to_contain_text(re.compile("Approved|Ready to post"))


def test_a_pupil_is_found_by_three_letters_and_taken_out_again(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.write(unique("Our gardeners."))
    page = sandbox.page
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    find = page.get_by_label("Find a pupil", exact=True)
    find.fill(NO_PERMISSION[:2])
    expect(page.get_by_text("Three letters or more, please.")).to_be_visible()
    find.fill(NO_PERMISSION[:3])
    page.get_by_role("button", name=re.compile(f"^{NO_PERMISSION} ")).click()
    chip = page.get_by_role("button", name=re.compile(f"^Remove {NO_PERMISSION} "))
    expect(page.get_by_label("Who is in it", exact=True)).to_have_value("these")
    chip.click()
    expect(chip).to_have_count(0)
    sandbox.button("Remove picture 1").click()
    expect(page.get_by_label("Who is in it", exact=True)).to_be_hidden()


@shows("colleagues", on="sandbox")
def test_a_colleague_is_found_by_name_and_is_on_the_card(sandbox: Sandbox) -> None:
    words = unique("Our new shed.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    page = sandbox.page
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    page.get_by_label("Describe picture 1", exact=True).fill("Two grown-ups paint a shed")
    page.get_by_label("Who is in it", exact=True).select_option("nobody")
    find = page.get_by_label("Find a colleague", exact=True)
    find.fill("xyz")
    expect(page.get_by_text("Nobody else by that name.")).to_be_visible()
    for name in ("Lund", "Bell"):
        find.fill(name)
        page.get_by_role("button", name=re.compile(f"^M.* {name} · ")).click()
    chips = page.get_by_role("list", name="Colleagues in it").get_by_role("button")
    expect(chips).to_have_count(2)
    page.reload()
    sandbox.tab("Write")
    expect(chips).to_have_count(2)
    chips.filter(has_text="Bell").click()
    expect(chips).to_have_count(1)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    expect(chips).to_have_count(0)
    sandbox.be(HEAD)
    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    expect(card).to_contain_text("No pupils; colleagues: Mr Erik Lund")


@shows("reason", on="sandbox")
def test_changes_are_asked_for_with_a_reason_and_the_author_sees_it(sandbox: Sandbox) -> None:
    words = unique("The fair opens on Friday.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(OTHER_SECOND)
    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    sandbox.button("Request changes", card).click()
    expect(card).to_contain_text("Facts only, please.")
    sandbox.button("Request changes", card.locator("form:visible")).click()
    wrong = card.get_by_text("Please say it in a few words first.")
    expect(wrong).to_be_visible()
    expect(card.get_by_role("textbox")).to_be_focused()
    card.get_by_role("textbox").fill("Which")
    expect(wrong).to_have_count(0)
    sandbox.button("Back", card).click()
    sandbox.press(card, "Request changes", reason="Which Friday?")
    expect(sandbox.button("Approve", card)).to_have_count(0)

    sandbox.be(AUTHOR)
    sandbox.tab("Write")
    draft = sandbox.card(sandbox.drafts, words)
    expect(draft).to_contain_text("Which Friday?")
    draft.get_by_role("button", name=re.compile("Change it|Correct it")).click()
    expect(sandbox.text).to_have_value(words)
    sandbox.text.fill(f"{words} That is 4 December.")
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    expect(sandbox.card(sandbox.drafts, words)).to_have_count(0)


def test_a_draft_is_cancelled(sandbox: Sandbox) -> None:
    words = unique(f"{A_PUPIL} won.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.propose()
    draft = sandbox.card(sandbox.drafts, words)
    sandbox.press(draft, "Cancel my draft")
    expect(sandbox.drafts.get_by_role("article").filter(has_text=words)).to_have_count(0)


@shows("queue", on="sandbox")
def test_the_queue_goes_from_one_to_the_next(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    both = [unique("Bake sale at three."), unique("Reading week begins.")]
    for words in both:
        sandbox.write(words)
        sandbox.propose()
        expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    seen = set()
    sandbox.page.get_by_role("button", name=re.compile("^My queue")).click()
    # What the tests before this one left waiting stands in front of both.
    for _ in range(MOST_WAITING):
        card = sandbox.panel.get_by_role("article")
        expect(card).to_have_count(1)
        slot = card.get_attribute("data-subject")
        approve = card.get_by_role("button", name=re.compile("^Approve"))
        # One card is just put in the place of another: what is looked at has to stand there.
        empty = card.get_by_text("Nothing waiting for you")
        expect(approve.or_(empty).first).to_be_visible()
        if approve.count() == 0:
            break
        seen |= {words for words in both if words in card.inner_text()}
        sandbox.press(card, approve.first.inner_text())
        expect(card).not_to_have_attribute("data-subject", slot or "")
    assert seen == set(both)
    expect(sandbox.panel).to_contain_text("Nothing waiting for you")
    sandbox.page.keyboard.press("Escape")
    expect(sandbox.panel).to_be_hidden()


@shows("channels", on="sandbox")
@proves("AUR-REG-1", platform="sandbox")
def test_channels_lists_the_accounts(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.command("/channels")
    expect(sandbox.panel).to_contain_text("Oakfield PE and Sport")
    expect(sandbox.panel).to_contain_text("Instagram")
    sandbox.command("/channels instagram")
    expect(sandbox.panel).not_to_contain_text("Oakfield PE and Sport")
    expect(sandbox.panel).to_contain_text("Instagram")


@shows("help", on="sandbox")
def test_an_unknown_command_is_answered_kindly(sandbox: Sandbox) -> None:
    sandbox.command("/channel")
    expect(sandbox.status).to_contain_text("Did you mean /channels?")
    expect(sandbox.page.get_by_label("Command", exact=True)).to_have_value("/channel")
    sandbox.command("/help")
    expect(sandbox.panel).to_contain_text("/queue")
    expect(sandbox.status).to_have_text("")
    sandbox.command("/nonsense")
    expect(sandbox.status).to_contain_text("Type /help")
    expect(sandbox.status).not_to_contain_text("Did you mean")
    sandbox.command("Our fair is on Friday")
    expect(sandbox.text).to_have_value("Our fair is on Friday")


def test_hostile_words_stay_words(sandbox: Sandbox) -> None:
    hostile = unique("<img src=x onerror=alert(1)> <b>bold</b> \N{RIGHT-TO-LEFT OVERRIDE}drawkcab")
    sandbox.be(AUTHOR)
    sandbox.write(hostile)
    sandbox.propose()
    expect(sandbox.page.get_by_role("status", name="Status")).not_to_contain_text("Propose")
    number = re.search(r"no\. \d+", hostile)
    assert number is not None
    sandbox.tab("Channel")
    card = sandbox.page.get_by_role("article", include_hidden=True).filter(has_text=number[0]).first
    expect(card).to_contain_text("<img src=x onerror=alert(1)>")
    expect(card).to_contain_text("U+202E")
    assert card.locator("blockquote img, blockquote b").count() == 0


def test_a_picture_is_not_sent_before_somebody_says_who_is_in_it(sandbox: Sandbox) -> None:
    words = unique("Our gardeners.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    page = sandbox.page
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    expect(page.get_by_text("1 picture chosen.")).to_be_visible()
    sandbox.propose()
    expect(page.get_by_text("Please say who is in it: choose one of these.")).to_be_visible()
    expect(page.get_by_label("Who is in it", exact=True)).to_be_focused()
    expect(sandbox.text).to_have_value(words)
    expect(sandbox.drafts.get_by_role("article").filter(has_text=words)).to_have_count(0)


def test_older_drafts_are_folded_and_can_be_cancelled(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    older, newer = unique(f"{A_PUPIL} sang."), unique(f"{A_PUPIL} danced.")
    for words in (older, newer):
        sandbox.write(words)
        sandbox.propose()
        expect(sandbox.card(sandbox.drafts, words)).to_be_visible()
        sandbox.button("Start a new one").click()
    expect(sandbox.card(sandbox.drafts, newer).locator("blockquote")).to_be_visible()
    folded = sandbox.card(sandbox.drafts, older)
    expect(folded.locator("blockquote")).to_be_hidden()
    folded.locator("summary").first.click()
    expect(folded.locator("blockquote")).to_be_visible()
    for words in (older, newer):
        sandbox.press(sandbox.card(sandbox.drafts, words), "Cancel my draft")
        expect(sandbox.drafts.get_by_role("article").filter(has_text=words)).to_have_count(0)


def test_ones_own_new_card_is_in_view(sandbox: Sandbox) -> None:
    words = unique("Our own card comes into view.")
    sandbox.be(AUTHOR)
    sandbox.channel.locator(".scroll").evaluate("pane => (pane.scrollTop = 0)")
    sandbox.write(words)
    sandbox.propose()
    sandbox.tab("Channel")
    expect(sandbox.card(sandbox.channel, words)).to_be_in_viewport()


def test_a_request_for_a_yes_asks_no_longer_once_it_is_answered(sandbox: Sandbox) -> None:
    words = unique("The choir sings on Friday.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(OTHER_SECOND)
    sandbox.tab("Messages")
    asked = sandbox.private.get_by_role("article").filter(has_text=words)
    expect(asked).to_contain_text("Please say yes or no")
    subject = asked.get_attribute("data-subject")
    sandbox.be(HEAD)
    expect(sandbox.private.locator(f"[data-subject='{subject}']")).to_have_count(0)
    sandbox.be(SECOND)
    sandbox.tab("Channel")
    sandbox.press(sandbox.card(sandbox.channel, words), "Approve")
    sandbox.be(OTHER_SECOND)
    sandbox.tab("Messages")
    mine = sandbox.private.locator(f"[data-subject='{subject}']")
    expect(mine).to_contain_text("Nothing is asked of you here.")
    expect(mine.get_by_role("button", name="Approve", exact=True)).to_have_count(0)


def test_a_marked_link_can_be_opened(sandbox: Sandbox) -> None:
    words = unique("Tickets: https://tickets.example/concert")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.propose()
    sandbox.be(SECOND)
    sandbox.tab("Channel")
    link = sandbox.card(sandbox.channel, words).get_by_role("link")
    expect(link).to_have_attribute("href", "https://tickets.example/concert")
    expect(link).to_have_attribute("rel", "noreferrer noopener")


@proves("HARM-VID-1", platform="sandbox")
def test_a_video_is_played_captioned_and_watched(sandbox: Sandbox) -> None:
    words = unique("Our beans are up.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    page = sandbox.page
    content = from_a_telephone().made()
    page.get_by_label("Pictures", exact=True).set_input_files(
        {"name": "beans.mp4", "mimeType": "video/mp4", "buffer": content}
    )
    said = page.get_by_label("What is said in video 1", exact=True)
    said.fill("Nobody speaks.")
    expect(sandbox.status).to_contain_text("No automatic check looks inside a video.")
    expect(page.locator("#thumbs video")).to_have_attribute("src", re.compile("^media/"))
    page.get_by_label("Who is in it", exact=True).select_option("nobody")
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(HEAD)
    sandbox.tab("Channel")
    card = sandbox.card(sandbox.channel, words)
    expect(card.locator("video")).to_have_attribute("controls", "")
    expect(card).to_contain_text("A video of 0:04. No automatic check looks inside a video.")
    expect(card).to_contain_text("Nobody speaks.")
    sandbox.press(card, "Approve")
    expect(card).to_contain_text(re.compile("Approved|Ready to post"))
