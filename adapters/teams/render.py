"""A neutral card as an Adaptive Card that Teams draws. Pure.

From the top: where it goes and its state, the parts, the buttons. Whatever asks something opens
within the card, and folds open there too, so that a client without dialogs lacks nothing.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from adapters import cards, cutting
from adapters.teams import actions, envelope, parts, text
from adapters.teams.payload import Verb
from adapters.teams.presses import execute
from moderation.views import Media, Weight


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.teams.envelope import Message
    from adapters.teams.parts import Pictures
    from adapters.teams.text import Element
    from moderation.views import Button, Card

LONGEST_TITLE: Final = 150
TO_SAY_YES: Final = "Read it all to say yes"
LENGTHS: Final = (12_000, 9_000, 6_000, 3_000, 2_000, 1_000, 400, 120, 40)
"""Units that a quote may have: the first with which the whole card fits is taken."""
MOST_VIEWERS: Final = 60
"""People for whom Teams asks for a view of their own by itself."""


def render(
    card: Card, pictures: Pictures, *, request: str = "", viewers: Sequence[str] = ()
) -> Message:
    """``card`` as one message.

    ``pictures`` gives the public address of each picture that can be seen by now; where one is
    missing nobody is offered to say yes. ``request`` names this drawing: a form on it counts once.
    ``viewers`` are Teams' own ids of those who get the card as it is for them, by asking for it.
    """
    if not all_shown(card, pictures):
        unwatched = any(pictures(blob) is None for blob in cards.moving(card))
        why = (parts.UNWATCHED,) if unwatched else ()
        card = cards.without_approval(card, *why)
    tries = (
        _draw(card, pictures, most, request, viewers, within=within)
        for most in LENGTHS
        for within in ((True, False) if most in {LENGTHS[0], LENGTHS[-1]} else (True,))
    )
    message = next((it for it in tries if envelope.length(it.card) <= envelope.LONGEST), None)
    if message is not None:
        return message
    return _least(card, request, viewers)


def all_shown(card: Card, pictures: Pictures) -> bool:
    """Whether each picture of the card can be seen by now."""
    media = (part for part in card.parts if isinstance(part, Media))
    blobs = {picture.blob for part in media for picture in part.pictures}
    return cards.all_shown(card, {it for it in blobs if it is not None and pictures(it)})


def _draw(
    card: Card,
    pictures: Pictures,
    most: int,
    request: str,
    viewers: Sequence[str],
    *,
    within: bool,
) -> Message:
    """The card with at most ``most`` units in each quote."""
    numbers = count(1)
    body = _heading(card)
    for part in card.parts:
        body += parts.elements(part, pictures, most, numbers)
    cut = any(parts.is_cut(part, most) for part in card.parts)
    return _finished(
        card, body, _pressed(card, numbers, request, within=within, cut=cut), viewers, cut=cut
    )


def _pressed(
    card: Card, numbers: Iterator[int], request: str, *, within: bool, cut: bool
) -> list[Element]:
    """The buttons; where words are left out, first the one that shows them all."""
    if not cut:
        return _buttons(card, numbers, request, within=within)
    left = _unread(card)
    reading = _reading(card, decides=left != card)
    return [*reading, *_buttons(left, numbers, request, within=within)]


def _unread(card: Card) -> Card:
    """Nobody says yes to words of which they were shown a part: it stands below all of them."""

    def left(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(it for it in buttons if it.intent.verb not in cards.YES)

    return replace(card, buttons=left(card.buttons), more=left(card.more))


def _least(card: Card, request: str, viewers: Sequence[str]) -> Message:
    """Where even the shortest doesn't fit: what it is about, without a yes to what isn't shown."""
    card = cards.without_approval(card)
    said = text.paragraph(cutting.cut(card.fallback, LENGTHS[-2]))
    pressed = _pressed(card, count(1), request, within=False, cut=True)
    return _finished(card, [*_heading(card), *said], pressed, viewers, cut=True)


def _finished(
    card: Card, body: list[Element], pressed: list[Element], viewers: Sequence[str], *, cut: bool
) -> Message:
    above, below = actions.rows(pressed)
    drawn = envelope.card([*body, *above], below, card.fallback)
    intent = cards.reading(card)
    if viewers and intent is not None:
        again = execute("Show it as it is for me", intent, Verb.SEE)
        again.pop("fallback")
        drawn["refresh"] = {"action": again, "userIds": list(viewers[:MOST_VIEWERS])}
    return envelope.message(drawn, card.fallback, cut=cut)


def _heading(card: Card) -> list[Element]:
    title = text.heading(card.title, LONGEST_TITLE, size="Medium")
    if not card.state:
        return [title]
    state = cutting.cut(card.state, 1_000)
    words = f"{cutting.ICONS[card.tone]} {state}"
    style = {**text.BOLD, "color": text.COLOURS[card.tone]}
    lines = text.paragraph(words, style)
    lines[0]["spacing"] = "Small"
    return [title, *lines]


def _reading(card: Card, *, decides: bool) -> list[Element]:
    """The button that shows all the words."""
    intent = cards.reading(card)
    if intent is None:
        return []
    said = TO_SAY_YES if decides else cards.READ_IT_ALL
    return [execute(said, intent, Verb.READ, style=Weight.PRIMARY)]


def _buttons(card: Card, numbers: Iterator[int], request: str, *, within: bool) -> list[Element]:
    return actions.buttons(card.buttons, card.more, numbers, request=request, within=within)
