"""Reading a card the way a test needs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts import present
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from moderation.views import (
        Button,
        Card,
    )


def labels(card: Card) -> list[str]:
    return [button.label for button in (*card.buttons, *card.more)]


def verbs(card: Card) -> list[str]:
    return [button.intent.verb for button in (*card.buttons, *card.more)]


def shown(post: Post, viewer: PersonId | None = None, **fields: object) -> Card:
    return present.card(post, some.view(post, viewer, **fields))


def button(card: Card, verb: str) -> Button:
    return next(item for item in (*card.buttons, *card.more) if item.intent.verb == verb)
