"""Cards and buttons speak one language: what ``present`` puts on a card, ``intents`` can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.intents import CONFIRM, VERBS, command_for
from adapters.payloads import BadPayload, decode, encode
from moderation.people.model import AccountRole, Grant
from moderation.posts import present
from moderation.posts.effects import Message
from moderation.posts.queries import PostPage, QueuePage
from moderation.views import Button, Card, Choice, Confirm, Field, Text, When
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from collections.abc import Iterator


ANOTHER_POSTS = Grant(account=some.FACEBOOK, person=some.LUND, role=AccountRole.POSTER)


def cards() -> Iterator[Card]:
    for post in some.EXAMPLES.values():
        for reader in (None, *some.NAMES):
            view = some.view(post, reader, history=some.HISTORY * 3)
            page = PostPage(post, view)
            yield present.card(post, view)
            yield present.ready(post, view)
            several = replace(view.rights, grants=(*view.rights.grants, ANOTHER_POSTS))
            yield present.ready(post, replace(view, rights=several))
            yield present.queue(QueuePage(first=page, after=1))
            yield present.drafts((page,))
            yield from (present.notice(message, post, view) for message in Message)


BUTTONS = {
    (button.intent, button.form): button
    for shown in cards()
    for button in (*shown.buttons, *shown.more)
}


def filled(field: Field) -> tuple[str, str | tuple[str, ...]]:
    match field:
        case Text(name=name):
            return name, "Some words"
        case Confirm(name=name):
            return name, "yes"
        case Choice(name=name, options=options):
            return name, (options[0][0],)
        case When(name=name):
            return name, "2026-11-19T08:00"


def test_every_button_on_every_card_can_be_read_back() -> None:
    assert BUTTONS
    for button in BUTTONS.values():
        assert decode(encode(button.intent)) == button.intent


def test_every_verb_about_posts_stands_on_some_card() -> None:
    used = {button.intent.verb for button in BUTTONS.values()}
    assert used <= VERBS.keys()
    elsewhere = {verb for verb in VERBS if not verb.startswith(("post.", "queue."))}
    assert used | elsewhere == VERBS.keys()


@pytest.mark.parametrize("button", BUTTONS.values(), ids=lambda button: button.label)
def test_pressing_it_with_its_form_filled_in_asks_for_something(button: Button) -> None:
    fields = button.form.fields if button.form is not None else ()
    values = dict(map(filled, fields))
    asked = command_for(button.intent, values)
    assert not isinstance(asked, BadPayload)
    for name, value in values.items():
        carried = name.removeprefix(CONFIRM) if name.startswith(CONFIRM) else value
        assert str(carried) in str(asked)
