"""Every card that a room words, drawn for Slack: nothing that Slack would turn down."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from adapters.slack import modals
from adapters.slack.limits import problems
from adapters.slack.render import render
from bot.gallery import Example, gallery, school
from moderation.posts import present
from moderation.posts.effects import Message
from tests.adapters.slack.pressing import asked, carried
from tests.moderation.holds import pages as holds
from tests.moderation.incidents import pages as incidents
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import BlobId
    from moderation.views import Card

SIZE = os.environ.get("SIZE", "quick")
FILES: dict[BlobId, str] = {
    blob: f"F{number}"
    for number, blob in enumerate(
        (school.CUP, school.GARDEN, some.PICTURE, some.OTHER_PICTURE), start=1
    )
}
EXAMPLES = gallery()
READERS = (None, some.SAM, some.OKAFOR, some.LUND, some.ADE)


def posts() -> Iterator[Card]:
    """A post in every state for everybody who may be concerned, with every message about it."""
    for post in some.EXAMPLES.values():
        for reader in READERS:
            view = some.view(post, reader)
            yield present.card(post, view)
            yield present.ready(post, view)
            yield present.history(post, view)
            if reader is not None:
                yield from (present.notice(message, post, view) for message in Message)


def found(card: Card) -> list[str]:
    """All problems of a card with and without its pictures, and of every form on it."""
    shown = [render(card, FILES), render(card, {})]
    assert carried(shown[0]) == asked(card)
    forms = [
        modals.form_view(button.form, modals.Memo(intent=button.intent, request="01REQUEST"))
        for button in (*card.buttons, *card.more)
        if button.form is not None
    ]
    said = [problem for drawn in shown for problem in problems(drawn)]
    return said + [
        problem for drawn in (*forms, modals.words_of(card)) for problem in problems(drawn)
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_is_within_slacks_limits(example: Example) -> None:
    assert found(example.card) == []


def test_every_card_of_a_post_is_within_slacks_limits() -> None:
    cards = list(dict.fromkeys(posts()))
    assert len(cards) > 300
    some = cards[::5] if SIZE == "quick" else cards
    assert [problem for card in some for problem in found(card)] == []


@pytest.mark.parametrize("room", [holds, incidents])
def test_every_card_of_a_room_is_within_slacks_limits(room: object) -> None:
    cards = list(dict.fromkeys(room.cards()))  # type: ignore[attr-defined]  # both rooms' pages have it
    assert len(cards) > 5
    assert [problem for card in cards for problem in found(card)] == []


def test_whoever_gives_a_reason_reads_first_who_may_read_it() -> None:
    """Slack shows it above the box, whatever the decision."""
    asking: set[str] = set()
    for button in (
        it for example in EXAMPLES for it in (*example.card.buttons, *example.card.more)
    ):
        form, verb = button.form, button.intent.verb
        named = {field.name for field in form.fields} if form is not None else set()
        if form is None or not verb.startswith("post.") or not named & {"reason", "words"}:
            continue
        asking.add(verb)
        memo = modals.Memo(intent=button.intent, request="01REQUEST")
        first, *_ = modals.form_view(form, memo)["blocks"][-len(form.fields) - 1 :]
        assert "may be entitled to read this" in str(first), verb
    assert asking >= {
        "post.allow",
        "post.ask_head",
        "post.decline",
        "post.dispute",
        "post.reject",
        "post.request_changes",
        "post.stop",
    }


def test_examples_have_names_of_their_own_and_say_what_they_are() -> None:
    names = [example.name for example in EXAMPLES]
    assert len(names) == len(set(names)) >= 90
    assert len({example.about for example in EXAMPLES}) == len(EXAMPLES)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz-") for name in names)


def test_every_message_has_an_example() -> None:
    told = {example.name for example in EXAMPLES}
    for message in Message:
        assert f"message-{str(message).replace('.', '-').replace('_', '-')}" in told
