"""The page itself: its names, its keyboard, its sizes, and that nothing jumps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from adapters.sentences import NOT_YET
from tests.e2e import axe
from tests.e2e.sandbox import A_PUPIL, AUTHOR, PICTURE, SECOND, Sandbox, unique


if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.e2e

TRIES = 5
LOOKED = 30_000
"""Milliseconds until a picture was looked at, on a machine with much to do."""


def test_everything_has_the_name_that_it_is_known_by(sandbox: Sandbox) -> None:
    page = sandbox.page
    sandbox.be(AUTHOR)
    sandbox.tab("Write")
    for label in ("You are", "Account", "Text", "Pictures", "Goes out", "Command"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    expect(sandbox.drafts).to_be_visible()
    expect(sandbox.button("Propose")).to_be_visible()
    page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    expect(page.get_by_label("Describe picture 1", exact=True)).to_be_visible(timeout=LOOKED)
    expect(page.get_by_label("Who is in it", exact=True)).to_be_visible()
    sandbox.tab("Channel")
    expect(sandbox.channel).to_be_visible()
    sandbox.tab("Messages")
    expect(sandbox.private).to_be_visible()
    assert sandbox.page.get_by_role("heading", level=1).count() == 1
    for card in page.get_by_role("article", include_hidden=True).all():
        assert card.get_attribute("aria-labelledby")


def test_a_part_is_chosen_by_face_as_well(sandbox: Sandbox) -> None:
    face = sandbox.page.get_by_role("button", name=re.compile("^Mr Lund"))
    face.click()
    expect(sandbox.you).to_have_value(SECOND)
    expect(face).to_have_attribute("aria-pressed", "true")
    expect(sandbox.status).to_contain_text("Lund")


def test_what_is_written_survives_another_part_and_a_reload(sandbox: Sandbox) -> None:
    words = unique("Half a thought about the fair")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.be(SECOND)
    expect(sandbox.text).to_have_value("")
    sandbox.be(AUTHOR)
    expect(sandbox.text).to_have_value(words)
    sandbox.page.reload()
    expect(sandbox.you).to_have_value(AUTHOR)
    expect(sandbox.text).to_have_value(words)


def test_whoever_is_played_is_in_view_and_a_command_that_is_done_is_gone(sandbox: Sandbox) -> None:
    sandbox.be("quinn")
    face = sandbox.page.get_by_role("button", name=re.compile("^Dr Quinn"))
    expect(face).to_be_in_viewport(ratio=0.9)
    line = sandbox.page.get_by_label("Command", exact=True)
    for command, answer in (("pause A try", "are paused"), ("start", "go out again")):
        sandbox.command(f"/schoolgate {command}")
        expect(sandbox.status).to_contain_text(answer)
        expect(line).to_have_value("")


def test_words_that_are_not_proposed_yet_are_never_written_over(sandbox: Sandbox) -> None:
    sandbox.be(SECOND)
    sandbox.write(unique(f"Well done {A_PUPIL} for a tidy classroom!"))
    sandbox.propose()
    expect(sandbox.status).to_contain_text("This can't go out yet")
    sandbox.command("A first line")
    expect(sandbox.text).to_have_value("A first line")  # the stopped one is among the drafts
    sandbox.command("A second line")
    expect(sandbox.status).to_contain_text("They stay")
    expect(sandbox.text).to_have_value("A first line")
    expect(sandbox.page.get_by_label("Command", exact=True)).to_have_value("A second line")
    sandbox.button("Change it", sandbox.drafts.get_by_role("article").first).click()
    expect(sandbox.status).to_contain_text("They stay")
    expect(sandbox.text).to_have_value("A first line")
    sandbox.text.fill("")
    sandbox.command("A second line")
    expect(sandbox.text).to_have_value("A second line")


def test_a_try_whose_answer_is_lost_is_the_same_post_the_second_time(sandbox: Sandbox) -> None:
    words = unique("Sent over a bad line.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}")["post"])
        if len(sent) == 1:
            route.fetch()
            route.fulfill(body="the line went dead")
        else:
            route.continue_()

    sandbox.page.route("**/propose", lose)
    sandbox.propose()
    expect(sandbox.status).to_contain_text("Your words are still here: please press again.")
    expect(sandbox.text).to_have_value(words)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    assert sent[0] == sent[1]
    sandbox.tab("Channel")
    expect(sandbox.channel.get_by_role("article").filter(has_text=words)).to_have_count(1)


def test_words_corrected_while_it_is_slow_are_the_ones_that_are_saved(sandbox: Sandbox) -> None:
    hasty, corrected = unique("The fair is on Saturday."), unique("The fair is on Sunday.")
    sandbox.be(AUTHOR)
    sandbox.write(hasty)

    def slow(route: Route) -> None:
        route.fetch()
        said = json.dumps({"outcome": "failed", "sentences": [NOT_YET]})
        route.fulfill(body=said, content_type="application/json")

    sandbox.page.route("**/propose", slow, times=1)
    sandbox.propose()
    expect(sandbox.status).to_contain_text("it counts once")
    # Whoever looks elsewhere meanwhile finds their words again, and still proposes one post.
    sandbox.be(SECOND)
    sandbox.be(AUTHOR)
    expect(sandbox.text).to_have_value(hasty)
    sandbox.text.fill(corrected)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.tab("Channel")
    expect(sandbox.channel.get_by_role("article").filter(has_text=corrected)).to_have_count(1)
    expect(sandbox.channel.get_by_role("article").filter(has_text=hasty)).to_have_count(0)


def test_a_refused_form_stays_open_with_what_was_typed(sandbox: Sandbox) -> None:
    words = unique("Posted somewhere.")
    sandbox.be(AUTHOR)
    sandbox.write(words, at_once=True)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    sandbox.tab("Channel")
    sandbox.press(sandbox.card(sandbox.channel, words), "Approve")
    sandbox.be("bell")
    sandbox.tab("Messages")
    card = sandbox.card(sandbox.private, words)
    sandbox.button("I've posted it", card).click()
    box = card.get_by_role("textbox")
    box.fill("not a url")
    card.get_by_role("button", name="I've posted it", exact=True).last.click()
    expect(sandbox.status).to_contain_text("isn't a web address")
    expect(box).to_have_value("not a url")
    expect(box).to_have_accessible_description(re.compile("isn't a web address"))
    expect(box).to_be_focused()


def test_the_preview_follows_the_words_and_counts_them(sandbox: Sandbox) -> None:
    sandbox.be(SECOND)
    sandbox.write("Race day! \N{RUNNER} #OakfieldRuns", "oakfield-x")
    preview = sandbox.page.get_by_role("group", name="How it will look")
    expect(preview).to_contain_text("Race day!")
    expect(preview).to_contain_text("Oakfield PE and Sport")
    left = 280 - len("Race day! \N{RUNNER} #OakfieldRuns")
    expect(sandbox.page.get_by_text(f"{left} characters left")).to_be_visible()
    sandbox.text.fill("x" * 281)
    expect(sandbox.page.get_by_text("1 character too many")).to_be_visible()


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_post_is_written_and_approved_by_keyboard_alone(sandbox: Sandbox) -> None:
    page = sandbox.page
    words = unique("Typed without a mouse.")
    sandbox.be(AUTHOR)
    sandbox.text.focus()
    page.keyboard.type(words)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Propose":
            break
    page.keyboard.press("Enter")
    expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    card = sandbox.card(sandbox.channel, words)
    sandbox.button("Request changes", card).focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Which one?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sandbox.button("Approve", card)).to_have_count(0)
    outline = page.evaluate(
        "() => { document.querySelector('#queue').focus();"
        " return getComputedStyle(document.querySelector('#queue')).outlineStyle }"
    )
    assert outline != "none"


def test_a_change_arrives_by_itself_and_nothing_jumps(sandbox: Sandbox, browser: Browser) -> None:
    for number in range(4):
        sandbox.be(AUTHOR)
        sandbox.write(unique(f"One of several, {number}"))
        sandbox.propose()
        expect(sandbox.text).to_have_value("")
    watching = browser.new_context(viewport=sandbox.page.viewport_size, locale="en-GB")
    other = Sandbox(watching.new_page(), sandbox.site, phone=sandbox.phone)
    other.open()
    other.be(SECOND)
    other.tab("Channel")
    scroller = other.channel.get_by_role("group", name="Cards in this channel")
    scroller.evaluate("pane => { pane.scrollTop = 0 }")
    before = scroller.evaluate("pane => pane.scrollTop")
    words = unique("Just now")
    sandbox.write(words)
    sandbox.propose()
    expect(other.card(other.channel, words)).to_be_attached()
    assert scroller.evaluate("pane => pane.scrollTop") == before
    watching.close()


def test_a_form_that_is_being_filled_in_is_not_taken_away(
    sandbox: Sandbox, browser: Browser
) -> None:
    words = unique("Two people look at once.")
    sandbox.be(AUTHOR)
    sandbox.write(words)
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    watching = browser.new_context(viewport=sandbox.page.viewport_size, locale="en-GB")
    other = Sandbox(watching.new_page(), sandbox.site, phone=sandbox.phone)
    other.open()
    other.be(SECOND)
    other.tab("Channel")
    card = other.card(other.channel, words)
    other.button("Reject", card).click()
    card.get_by_role("textbox").fill("I am still typing")
    sandbox.be("okafor")
    sandbox.tab("Channel")
    sandbox.press(sandbox.card(sandbox.channel, words), "Approve")
    expect(card).to_contain_text("This has changed meanwhile")
    expect(card.get_by_role("textbox")).to_have_value("I am still typing")
    other.button("Back", card).click()
    expect(other.button("Approve", card)).to_have_count(0)
    watching.close()


def test_nothing_is_wider_than_the_screen_and_targets_are_large(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.write(unique(f"Well done {A_PUPIL}! https://a-very-long-address.example/{'x' * 90}"))
    sandbox.propose()
    for tab in ("Write", "Channel", "Messages"):
        sandbox.tab(tab)
        wide = sandbox.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        small = sandbox.page.evaluate(
            """() => [...document.querySelectorAll(
                 'button, select, textarea, summary, input:not([type=checkbox])')]
               .map(item => [item, item.getBoundingClientRect()])
               .filter(([item, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
               .map(([item, box]) => `${item.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
        )
        assert small == []


def test_many_drafts_scroll_in_their_pane_and_never_the_page(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    for _ in range(4):
        words = unique(f"Well done {A_PUPIL} for a tidy coat peg!")
        sandbox.write(words)
        sandbox.propose()
        expect(sandbox.card(sandbox.drafts, words)).to_be_attached()
        sandbox.button("Start a new one").click()
    higher = sandbox.page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert higher <= 0


def test_messages_count_until_somebody_has_them_in_front_of_them(sandbox: Sandbox) -> None:
    """Whoever sits down at the demo has few, whatever a month has brought."""
    count = sandbox.page.locator('[data-count="private"]')
    for person in ("reed", SECOND, "bell", "ade"):
        sandbox.be(person)
        waiting = count.text_content() or "0"
        assert int(waiting) < 10
    if not sandbox.phone:
        return
    sandbox.be(AUTHOR)
    sandbox.write(unique("The hedgehogs have woken up"))
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    expect(count).to_be_visible()
    # One that comes between two looks is counted rightly: then everything is read once more.
    for _ in range(TRIES):
        sandbox.tab("Messages")
        expect(count).to_be_hidden()
        sandbox.page.reload()
        expect(sandbox.you).to_have_value(SECOND)
        expect(sandbox.card(sandbox.channel, "The hedgehogs have woken up")).to_be_attached()
        if count.is_hidden():
            break
    expect(count).to_be_hidden()


def test_a_panels_buttons_are_inside_it(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.write(unique("The weathercock turns again"))
    sandbox.propose()
    expect(sandbox.text).to_have_value("")
    sandbox.be(SECOND)
    sandbox.page.get_by_role("button", name=re.compile("^My queue")).click()
    expect(sandbox.panel).to_contain_text("My queue")
    inside = sandbox.page.evaluate(
        """() => {
          const [panel, dock] = ['#panel', '.dock'].map(
            name => document.querySelector(name).getBoundingClientRect());
          const close = document.querySelector('[data-close-panel]').getBoundingClientRect();
          return close.right <= panel.right - 8 && panel.bottom <= dock.top;
        }"""
    )
    assert inside


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(sandbox: Sandbox, scheme: str) -> None:
    sandbox.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sandbox.be(AUTHOR)
    sandbox.write(unique(f"Well done {A_PUPIL}!"))
    sandbox.page.get_by_label("Pictures", exact=True).set_input_files(PICTURE)
    expect(sandbox.page.get_by_label("Describe picture 1", exact=True)).to_be_visible()
    sandbox.page.get_by_label("Who is in it", exact=True).select_option("nobody")
    sandbox.propose()
    expect(sandbox.drafts.locator("mark").first).to_be_attached()
    for tab in ("Write", "Channel", "Messages"):
        sandbox.tab(tab)
        assert axe.violations(sandbox.page) == []
    sandbox.command("/channels")
    expect(sandbox.panel).to_be_visible()
    assert axe.violations(sandbox.page) == []


def test_an_example_is_tried_with_one_press_and_nobodys_words_give_way(sandbox: Sandbox) -> None:
    sandbox.be(AUTHOR)
    sandbox.tab("Write")
    examples = sandbox.page.locator("#examples")

    def choose(name: str) -> None:
        examples.get_by_text("Try an example").click()
        examples.get_by_role("button", name=name).click()

    choose("A pupil's full name")
    expect(sandbox.text).to_have_value(re.compile(A_PUPIL))
    expect(sandbox.page.get_by_role("group", name="What the checks say")).to_contain_text(A_PUPIL)
    choose("Nothing at all")
    expect(sandbox.text).to_have_value(re.compile("harvest assembly"))
    sandbox.text.fill("Words of my own")
    choose("A short link")
    expect(sandbox.text).to_have_value("Words of my own")
    expect(sandbox.status).to_contain_text("They stay")
