"""A coach's post from a phone, 390 pixels wide: by messages and buttons alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.slack.modals import ONE_MOMENT
from moderation.jottings.present import MAKE, WHO
from tests.adapters.images.pictures import jpeg
from tests.e2e.office import wait_for
from tests.e2e.slack.page import asks, chosen


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.slack.page import SlackPage
    from tests.e2e.slack.workspace import Workspace

pytestmark = pytest.mark.e2e

WORDS = "Our chess team won on Saturday."
SHOWS = "A silver cup on a table."


def test_a_picture_becomes_a_post_by_messages_and_buttons(
    slack: Workspace, seat: Callable[..., SlackPage]
) -> None:
    slack.open_direct("reed")
    reed = seat("reed", 390)
    reed.go("Sam Reed")
    reed.hold_upright()
    reed.attach("cup.jpg", jpeg())
    reed.type(WORDS)
    reed.sees("Only you see this")
    reed.sees("Not described yet")

    reed.type("facebook")
    wait_for(lambda: "Account: Facebook" in slack.words(slack.direct("reed")), "no account")
    reed.type(f"picture: {SHOWS}")
    # Their own line shows at once; the card is pressed when it has been drawn anew.
    wait_for(lambda: f"Picture: {SHOWS}" in slack.words(slack.direct("reed")), "no description")
    reed.sees(f"Picture: {SHOWS}")

    reed.button("Say who is in it").click()
    wait_for(lambda: asks(slack.view(), WHO), ONE_MOMENT)
    reed.send("Say so", **chosen(slack.view(), WHO, "All of 1A"))
    reed.sees("Everything is there.")
    _fits(reed)

    reed.button(MAKE).click()
    reed.sees("This can't go out yet")
    reed.sees("We don't have permission")
    reed.type("class 1A all but Idris F and Mateusz W")
    reed.sees("1A without Idris F")
    _fits(reed)

    reed.button(MAKE).click()
    reed.sees("It is in front of the moderators now.")
    reed.sees("It is a post now")
    wait_for(lambda: "Waiting for" in slack.words(slack.direct("reed")), "the post is not shown")


def _fits(phone: SlackPage) -> None:
    """Nothing of our cards is wider than the screen."""
    wide = phone.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
