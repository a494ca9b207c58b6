"""The page as a person finds their way on it: by the names that a screen reader would say.

These names are a contract. People, accounts and pupils are those of the demo.
"""

from __future__ import annotations

import itertools
import re
import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect

from tests.fakes.painting import painting


if TYPE_CHECKING:
    from collections.abc import Mapping

DESKTOP: Final = "desktop"
PHONE: Final = "phone"
SIZES: Final[Mapping[str, ViewportSize]] = {
    DESKTOP: {"width": 1280, "height": 800},
    PHONE: {"width": 390, "height": 844},
}

AUTHOR, SECOND, OTHER_SECOND, HEAD = "reed", "lund", "okafor", "ade"
ACCOUNT: Final = "oakfield-facebook"
A_PUPIL: Final = "Amelia Okonjo"
NO_PERMISSION: Final = "Idris"
HIS_CLASS: Final = re.compile(r"\b1A\b")
PICTURE: Final = FilePayload(name="field.png", mimeType="image/png", buffer=painting())


FIRST_SLOT: Final = datetime.combine(
    date.today() + timedelta(days=2),  # noqa: DTZ011 -- any day soon
    time(8),
)
_slots = itertools.count()


def unique(words: str) -> str:
    """The same words with a number that no other test has."""
    return f"{words} (no. {uuid.uuid4().int % 1_000_000})"


class Sandbox:
    """One open page."""

    def __init__(self, page: Page, site: str, *, phone: bool) -> None:
        self.page = page
        self.site = site
        self.phone = phone

    def open(self) -> None:
        self.page.goto(self.site)
        expect(self.you).to_be_visible()

    # -- finding -------------------------------------------------------------------------------

    @property
    def you(self) -> Locator:
        return self.page.get_by_label("You are", exact=True)

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status", name="Status", exact=True)

    @property
    def text(self) -> Locator:
        return self.page.get_by_label("Text", exact=True)

    @property
    def channel(self) -> Locator:
        return self.page.get_by_role("region", name="Account channel", exact=True)

    @property
    def private(self) -> Locator:
        return self.page.get_by_role("region", name="Private messages", exact=True)

    @property
    def drafts(self) -> Locator:
        return self.page.get_by_role("region", name="My drafts", exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    def card(self, region: Locator, words: str) -> Locator:
        """The newest card in a region with these words."""
        return region.get_by_role("article").filter(has_text=words).last

    def button(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    # -- doing ---------------------------------------------------------------------------------

    def be(self, person: str) -> None:
        if self.you.input_value() != person:
            self.you.select_option(person)
            expect(self.status).to_contain_text("You are playing")

    def tab(self, name: str) -> None:
        if self.phone:
            self.page.get_by_role("tab", name=name).click()

    def write(self, text: str, account: str = ACCOUNT, *, at_once: bool = False) -> None:
        """Fill in the form, for a time of its own: posts close to each other say so on cards."""
        self.tab("Write")
        self.page.get_by_label("Account", exact=True).select_option(account)
        self.text.fill(text)
        slot = FIRST_SLOT + next(_slots) * timedelta(minutes=45)
        when = "" if at_once else f"{slot:%Y-%m-%dT%H:%M}"
        self.page.get_by_label("Goes out", exact=True).fill(when)

    def propose(self) -> None:
        self.tab("Write")
        self.button("Propose").click()

    def command(self, line: str) -> None:
        box = self.page.get_by_label("Command", exact=True)
        box.fill(line)
        box.press("Enter")

    def press(self, card: Locator, name: str, **filled: str) -> None:
        """Press a button; where it opens a form, tick every statement, fill it in and send it."""
        expect(card).to_be_visible()
        button = self.button(name, card)
        if button.count() == 0:
            card.get_by_text("More", exact=True).click()
        opens = button.get_attribute("aria-controls")
        button.click()
        if opens is None:
            return
        form = card.locator(f"[id='{opens}']")
        expect(form).to_be_visible()
        for tick in form.get_by_role("checkbox").all():
            tick.check()
        for words in filled.values():
            form.get_by_role("textbox").first.fill(words)
        form.get_by_role("button").first.click()

    def read_history(self, card: Locator) -> Locator:
        """Open the history of a card; what is returned holds it."""
        fold = card.get_by_text("History", exact=True).first
        if not fold.is_visible():
            card.get_by_text("More", exact=True).click()
        fold.click()
        return self.panel if self.panel.is_visible() else card
