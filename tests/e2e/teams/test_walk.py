"""Microsoft's own client: a post from its first word to its address, by people who write in Teams.

What Sam Reed does is done on the page, in a browser; what the others do comes through the
Playground as their clients would send it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.e2e.office import wait_for
from tests.e2e.teams.playground import (
    CHANNEL,
    CHANNEL_NAME,
    PERSONAL,
    PERSONAL_NAME,
    STRANGER,
    fields,
    titles,
)
from tests.parity import shows


if TYPE_CHECKING:
    from tests.e2e.teams.page import TeamsPage
    from tests.e2e.teams.playground import Message, Playground

pytestmark = pytest.mark.e2e

NAMED = "The hedgehog came back to the garden of Amelia Okonjo."
CLEAN = "The hedgehog came back to the garden of class 1A: https://hedgehogs.example/visits"
MAKE = "Make this a post"
DECIDING = {"Approve", "Request changes", "Reject", "Stop this post"}


@shows("jot-words", "stopped", "approve", "own-yes", "confirm", on="teams")
def test_from_the_first_word_to_the_last(teams: Playground, page: TeamsPage) -> None:
    for person in ("bell", "lund"):
        teams.say(person, "help")
    teams.say("bell", "use-here oakfield-facebook", CHANNEL)
    wait_for(partial(_reads, teams, CHANNEL, "are shown here"), "no place was chosen")

    page.go(PERSONAL_NAME)
    page.type(NAMED)
    draft = teams.card(PERSONAL, "Your draft")
    page.type("facebook")
    wait_for(lambda: MAKE in titles(draft.card), "it could not be made")
    page.button(MAKE).click()
    wait_for(lambda: "Your words are kept" in teams.heard_back(), "it was not stopped")
    page.sees("This can't go out yet")
    page.type(f"text: {CLEAN}")
    wait_for(lambda: CLEAN in draft.words, "it was not corrected")
    page.button(MAKE).click()
    card = teams.card(CHANNEL, CLEAN)

    page.go(CHANNEL_NAME)
    page.sees("Waiting for a second yes")
    assert "You wrote this" in str(teams.press("reed", card, "Approve"))
    assert set(titles(card.card)) >= {"Approve", "Reject"}

    [tick] = fields(card.card, "Input.Toggle")
    assert "Please tick" in str(teams.press("lund", card, "Approve"))
    assert "Approve" in titles(card.card)
    teams.press("lund", card, "Approve", **{tick["id"]: tick["valueOn"]})
    wait_for(lambda: "Approve" not in titles(card.card), "the yes did not count")
    assert "Ready to post" in card.words
    page.sees("Ready to post")
    _posted(teams, page, card)


def _posted(teams: Playground, page: TeamsPage, card: Message) -> None:
    """Handed to its posters; the first to take it posts it, and every card is final."""
    bells = teams.place("bell")
    mine = teams.card(PERSONAL, CLEAN, "I'll post it")
    bell = teams.card(bells, CLEAN, "I'll post it")
    page.go(PERSONAL_NAME)
    page.button("I'll post it").click()
    wait_for(lambda: "I'll post it" not in titles(bell.card), "both keep it")
    teams.press("reed", mine, "I've posted it")
    wait_for(lambda: not DECIDING & set(titles(card.card)), "the card is not final")
    wait_for(lambda: "Posted" in card.words, "it was not posted")
    wait_for(lambda: "I've posted it" not in titles(mine.card), "the poster's isn't final")
    assert "I've posted it" not in titles(bell.card)


@shows("channels", on="teams")
def test_the_accounts_are_listed(page: TeamsPage) -> None:
    page.go(PERSONAL_NAME)
    page.type("channels facebook")
    page.sees("Mr Tom Bell")


@shows("stranger", on="teams")
def test_a_stranger_reads_nothing(teams: Playground) -> None:
    place = teams.place(STRANGER)
    teams.say(STRANGER, "channels")
    wait_for(lambda: bool(teams.of(place)), "the stranger was not answered")
    assert "Facebook" not in teams.words(place)


def _reads(teams: Playground, place: str, words: str) -> bool:
    return words in teams.words(place)
