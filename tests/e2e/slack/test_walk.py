"""The main job in a Slack that runs: proposed, stopped, corrected, a second yes, ready to post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.slack.workspace import CHANNEL, STRANGER, wait_for


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.slack.page import SlackPage
    from tests.e2e.slack.workspace import Workspace

    Seat = Callable[[str], SlackPage]

pytestmark = pytest.mark.e2e

NAMED = "The hedgehog came back to the garden of Amelia Okonjo."
CLEAN = "The hedgehog came back to the garden of class 1A: https://oakfield.example/hedgehog"


def test_from_the_first_word_to_the_second_yes(slack: Workspace, seat: Seat) -> None:
    bell = seat("bell")
    bell.go(CHANNEL)
    bell.type("/schoolgate use-here oakfield-facebook")
    wait_for(lambda: "are shown here" in slack.words(CHANNEL), "no place was chosen")

    reed = seat("reed")
    reed.go(CHANNEL)
    reed.type(f"/propose {NAMED}")
    reed.dialog.get_by_role("button", name="Propose", exact=True).wait_for()
    reed.send("Propose")
    reed.sees("Amelia Okonjo")
    reed.sees("CARD-NAME-1")
    reed.dialog.locator("input.bk-plain-input").first.fill(CLEAN)
    reed.send("Propose")
    wait_for(lambda: CLEAN in slack.words(CHANNEL), "the card did not come")

    reed.button("Approve").click()
    wait_for(lambda: "You wrote this" in slack.words(CHANNEL), "the author was not refused")

    lund = seat("lund")
    lund.go(CHANNEL)
    lund.button("Approve").click()
    wait_for(lambda: "Approve" not in _buttons(slack), "the card is not final")
    assert "Ready to post" in slack.words(CHANNEL)
    wait_for(lambda: CLEAN in slack.words(slack.direct("reed")), "nothing was handed to the poster")


def test_the_accounts_are_listed(slack: Workspace, seat: Seat) -> None:
    reed = seat("reed")
    reed.go(CHANNEL)
    reed.type("/channels facebook")
    wait_for(lambda: "Mr Tom Bell" in slack.words(CHANNEL), "the account is not listed")


def test_a_stranger_reads_nothing(slack: Workspace) -> None:
    before = slack.words(CHANNEL)
    slack.tell("command", channel=CHANNEL, user=STRANGER, command="/channels", text="")
    wait_for(lambda: slack.words(CHANNEL) != before, "the stranger was not answered")
    answer = slack.messages(CHANNEL)[-1]
    assert "Facebook" not in str(answer)


def _buttons(slack: Workspace) -> list[str]:
    """What can be pressed on the channel's cards."""
    return [
        element["text"]["text"]
        for message in slack.messages(CHANNEL)
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]
