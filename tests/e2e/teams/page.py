"""The Playground's page, as Sam Reed uses it: a chat, what is typed, and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect


if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.teams.playground import Playground

SOON: Final = 45_000
"""Milliseconds."""


class TeamsPage:
    """The one window there is."""

    def __init__(self, page: Page, teams: Playground) -> None:
        self.page = page
        page.set_default_timeout(SOON)
        # Its letters would come from a server of Microsoft's.
        page.route(lambda address: not address.startswith(teams.url), lambda it: it.abort())
        page.goto(teams.url, wait_until="commit")
        page.get_by_role("treeitem").first.wait_for()

    def go(self, chat: str) -> None:
        """Open a chat or a channel by its name."""
        self.page.get_by_role("treeitem", name=chat).last.click()

    def type(self, words: str) -> None:
        """Write into the chat and send it."""
        box = self.page.get_by_role("textbox").last
        box.click()
        self.page.keyboard.insert_text(words)
        self.page.get_by_role("button", name="Send Message").click()

    def button(self, label: str) -> Locator:
        """The newest button of that name in the chat."""
        return self.page.get_by_role("button", name=label, exact=True).last

    def sees(self, words: str) -> None:
        """Wait until it stands somewhere on the page."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=SOON)

    def picture(self, path: str) -> None:
        """How it looks, for somebody to look at."""
        self.page.screenshot(path=path)
