"""The main job in a Slack that runs: proposed, stopped, corrected, a second yes, posted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.e2e.office import wait_for
from tests.e2e.slack.page import ticked
from tests.e2e.slack.workspace import CHANNEL, STRANGER


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.slack.page import SlackPage
    from tests.e2e.slack.workspace import Workspace

    Seat = Callable[[str], SlackPage]

pytestmark = pytest.mark.e2e

CONFIRM = "Before you say yes"
NAMED = "The hedgehog came back to the garden of Amelia Okonjo."
DECIDING = {"Approve", "Request changes", "Reject", "Stop this post"}
CLEAN = "The hedgehog came back to the garden of class 1A: https://hedgehogs.example/visits"


def test_from_the_first_word_to_the_last(slack: Workspace, seat: Seat) -> None:
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
    wait_for(lambda: "You wrote this" in str(slack.view()), "the author was not refused")
    reed.dialog.get_by_role("button", name="Go back", exact=True).click()

    lund = seat("lund")
    lund.go(CHANNEL)
    lund.button("Approve").click()
    wait_for(lambda: CONFIRM in str(slack.view()), "nothing was asked about the link")
    lund.send("Approve")
    lund.sees("Please tick what you have checked")
    assert "Approve" in _buttons(slack, CHANNEL)
    lund.send("Approve", **ticked(slack.view()))
    wait_for(lambda: "Approve" not in _buttons(slack, CHANNEL), "the yes did not count")
    assert "Ready to post" in slack.words(CHANNEL)
    _posted(slack, reed)


def _posted(slack: Workspace, reed: SlackPage) -> None:
    """Handed to its posters; the first to take it posts it, and every card is final."""
    mine, bells = slack.direct("reed"), slack.direct("bell")
    for poster in (mine, bells):
        wait_for(partial(_holds, slack, poster), "nothing was handed to a poster")
    reed.go("Sam Reed")
    reed.button("I'll post it").click()
    wait_for(lambda: "I'll post it" not in _buttons(slack, bells), "both keep it")
    reed.button("I've posted it").click()
    wait_for(lambda: "Address of the post" in str(slack.view()), "it was not asked where")
    reed.send("I've posted it")
    wait_for(lambda: not DECIDING & set(_buttons(slack, CHANNEL)), "the card is not final")
    assert "Posted" in slack.words(CHANNEL)
    wait_for(lambda: "I've posted it" not in _buttons(slack, mine), "the poster's isn't final")
    assert "I've posted it" not in _buttons(slack, bells)


def _holds(slack: Workspace, place: str) -> bool:
    return CLEAN in slack.words(place)


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


def _buttons(slack: Workspace, place: str) -> list[str]:
    """What can be pressed on the cards there."""
    return [
        element["text"]["text"]
        for message in slack.messages(place)
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]
