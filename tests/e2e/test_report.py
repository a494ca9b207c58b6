"""A concern is reported, read and taken on, with a mouse and with a keyboard, on both sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.sandbox import AUTHOR, unique
from tests.proves import proves


if TYPE_CHECKING:
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

LEAD = "novak"
EMERGENCY = "If a child is in danger now, ring 999."


@proves("HARM-DSL-1", platform="sandbox")
def test_from_a_worry_to_somebody_who_has_it(sandbox: Sandbox) -> None:
    words = unique("A comment under our post says that somebody is afraid to go home.")
    page, panel = sandbox.page, sandbox.panel

    sandbox.be(AUTHOR)
    sandbox.tab("Messages")
    sandbox.button("Report a concern").click()
    box = panel.get_by_label("What worries you?", exact=True)
    expect(box).to_be_focused()
    expect(panel.get_by_text(EMERGENCY).first).to_be_visible()
    box.fill(words)
    panel.get_by_label("A child may be in danger now", exact=True).check()
    panel.get_by_label("Where you saw it", exact=True).fill("https://social.example/p/7")
    about = panel.get_by_role("group", name="Is it about somebody who works here?")
    about.get_by_label("Mr Erik Lund, staff", exact=True).check()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    sandbox.button("Send it privately", panel).click()
    expect(sandbox.status).to_contain_text("This went privately to Ms Hana Novak")
    expect(sandbox.status).to_contain_text("ring 999")
    expect(panel).to_contain_text("Waiting for Ms Hana Novak")
    expect(panel).not_to_contain_text(words)
    sandbox.button("Close", panel).click()

    sandbox.be("lund")
    sandbox.tab("Messages")
    expect(sandbox.card(sandbox.private, "A concern about a child")).to_have_count(0)

    sandbox.be(LEAD)
    sandbox.tab("Messages")
    card = sandbox.card(sandbox.private, "A concern about a child")
    expect(card).to_contain_text("The reporter thinks a child may be in danger now.")
    expect(card).not_to_contain_text(words)
    for name in ("I have it", "Read it"):
        expect(sandbox.button(name, card)).to_be_in_viewport(ratio=1)
    sandbox.press(card, "Read it")
    expect(panel).to_contain_text(words)
    expect(panel).to_contain_text("About a colleague")
    expect(panel).to_contain_text("That you read it is on record.")
    sandbox.button("Close", panel).click()
    sandbox.press(card, "I have it")
    expect(sandbox.status).to_contain_text("The reporter knows that you have it.")
    expect(card).to_contain_text(re.compile(r"You have it since today \d\d:\d\d"))

    sandbox.be(AUTHOR)
    sandbox.tab("Messages")
    mine = sandbox.private.get_by_role("article").filter(has_text="Your report").last
    expect(mine).to_contain_text(re.compile(r"Ms Hana Novak has it since today \d\d:\d\d"))


def test_it_can_be_written_with_the_keyboard_alone(sandbox: Sandbox) -> None:
    page, panel = sandbox.page, sandbox.panel
    sandbox.be(AUTHOR)
    command = page.get_by_label("Command", exact=True)
    command.focus()
    page.keyboard.type("/report A message worries me.")
    page.keyboard.press("Enter")
    box = panel.get_by_label("What worries you?", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_value("A message worries me.")
    page.keyboard.type(" Please look.")
    send = sandbox.button("Send it privately", panel)
    for _ in range(60):
        if send.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(send).to_be_focused()
    page.keyboard.press("Enter")
    expect(sandbox.status).to_contain_text("This went privately to")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
