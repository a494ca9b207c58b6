"""Every card that a room words, drawn for Teams: nothing that Teams would turn down."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from adapters.cards import YES
from adapters.teams import forms
from adapters.teams.limits import problems
from adapters.teams.reading import in_full
from adapters.teams.render import render
from bot.gallery import Example, gallery, school
from tests.adapters.slack.test_gallery import posts
from tests.adapters.teams.pressing import asked, carried
from tests.moderation.holds import pages as holds
from tests.moderation.incidents import pages as incidents
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from moderation import views


SIZE = os.environ.get("SIZE", "quick")
PICTURES = {
    blob: f"https://cards.example/media/{number}"
    for number, blob in enumerate((school.CUP, school.GARDEN, some.PICTURE, some.OTHER_PICTURE))
}


def found(card: views.Card) -> list[str]:
    """All problems of a card with and without its pictures, and of every form on it."""
    shown = [
        render(card, PICTURES.get, request="request-1"),
        render(card, lambda _blob: None, request="request-1"),
    ]
    unread = YES if shown[0].cut else frozenset()
    left = {it: n for it, n in asked(card).items() if it.verb not in unread}
    assert carried(shown[0]) == left
    alone = [
        forms.card(button.form, button.intent, request="request-1")
        for button in (*card.buttons, *card.more)
        if button.form is not None
    ]
    return [it for drawn in (*shown, *alone, *in_full(card)) for it in problems(drawn)]


@pytest.mark.parametrize("example", gallery(), ids=lambda example: example.name)
def test_every_example_is_within_teams_limits(example: Example) -> None:
    assert found(example.card) == []


def test_every_card_of_a_post_is_within_teams_limits() -> None:
    cards = list(dict.fromkeys(posts()))
    some = cards[::9] if SIZE == "quick" else cards[::2]
    assert len(some) > 30
    assert [problem for card in some for problem in found(card)] == []


@pytest.mark.parametrize("room", [holds, incidents])
def test_every_card_of_a_room_is_within_teams_limits(room: object) -> None:
    cards = list(dict.fromkeys(room.cards()))  # type: ignore[attr-defined]  # both rooms' pages have it
    assert [problem for card in cards for problem in found(card)] == []
