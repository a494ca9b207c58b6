"""Every kind of card with example data, made by the very functions that word them in earnest.

``schoolgate preview`` shows them, and the tests of each platform draw them all. Nobody in them
exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.gallery import many, posts, private, rooms, staff
from moderation.views import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One card. ``name`` is a file's name; ``about`` says what it is and who sees it."""

    name: str
    about: str
    card: Card


def gallery() -> tuple[Example, ...]:
    """All examples, in the order in which a post lives, then the other rooms."""
    made = (
        *posts.examples(),
        *many.examples(),
        *private.examples(),
        *rooms.examples(),
        *staff.examples(),
    )
    return tuple(Example(name=name, about=about, card=card) for name, about, card in made)
