"""All the words of a card that was too long for one, page by page, to one person alone. Pure.

Teams draws no card above a certain size, so the words of a long post come in several, each below
that size, and a button leads from each to the next. Whoever may say yes says it on the last.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from adapters import cards, cutting
from adapters.teams import actions, envelope, parts, text
from adapters.teams.payload import Verb
from adapters.teams.presses import execute
from adapters.teams.render import LONGEST_TITLE, all_shown
from adapters.writing import SAID_IN_IT
from moderation.views import Media, Quote, Weight


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.teams.envelope import Message
    from adapters.teams.parts import Pictures
    from adapters.teams.text import Element
    from moderation.views import Card

ALL_OF_IT: Final = "These are all the words. Please read them before you say yes."
CHANGED: Final = "This has changed since you began to read, so here is its first page again."
NEXT_PAGE: Final = "Next page"
PAGE_BEFORE: Final = "Previous page"
TO_THE_CARD: Final = "Back to the card"
SIZES: Final = (14_000, 10_000, 7_000, 5_000, 3_500, 2_500, 1_500, 700, 100)
"""Units of the words of a page: the first with which it fits is taken."""
LONGEST_WORD: Final = 200
LONGEST_ALT: Final = 100
LEADING: Final = 6_000
"""Bytes that are kept for the title, a sentence on top, and what leads from page to page."""

_PAGE: Final = re.compile(r"[1-9][0-9]{0,3}")


def in_full(
    card: Card, pictures: Pictures = lambda _blob: None, *, request: str = "", note: str = ""
) -> tuple[Message, ...]:
    """All the words that are quoted in ``card``, however long, in as many pages as it takes.

    None where nothing is quoted. Whoever may say yes says it below the last word, where all the
    pictures stand there too. ``note`` stands on top of the first page.
    """
    if not any(isinstance(part, Quote) and part.text for part in card.parts):
        return ()
    bodies = [body for quote in _quotes(card) for body in _bodies(quote)]
    ending = _ending(card, pictures, request)
    if ending and _fits([*bodies[-1], *ending]):
        bodies[-1] = [*bodies[-1], *ending]
    elif ending:
        bodies.append(ending)
    return tuple(
        _page(card, body, number, len(bodies), note if number == 1 else "")
        for number, body in enumerate(bodies, 1)
    )


def page_of(memo: str) -> int:
    """The page that a button leads to; the first where it names none."""
    return int(memo) if _PAGE.fullmatch(memo) else 1


def _quotes(card: Card) -> Iterator[Quote]:
    """What is to be read: the words, and what is said in a video where that is long."""
    for part in card.parts:
        if isinstance(part, Quote):
            yield part
        elif isinstance(part, Media):
            for said in parts.captions(part):
                if cutting.size(said) > LONGEST_ALT:
                    yield Quote(text=said, label=SAID_IN_IT)


def _bodies(quote: Quote) -> Iterator[list[Element]]:
    """The words of one quote, none of them lost and none parted by the end of a page."""
    words = quote.text
    while words:
        tries = ((size, *text.marked(words, (), size)) for size in SIZES)
        size, lines, missing = next(it for it in tries if _fits(it[1]))
        here = len(words) - missing
        if missing and (last := _last_word(words, here)):
            here = last
            lines, _ = text.marked(words[:here], (), size)
        # Each page is read by itself, so each says whose words these are.
        named = [text.heading(quote.label, LONGEST_TITLE)] if quote.label else []
        yield [*named, {"type": "Container", "style": "emphasis", "items": lines}]
        words = words[here:]


def _last_word(words: str, most: int) -> int:
    """Where the last word ends that has room; 0 where none of a usual length does."""
    ends = (at for at in range(most, max(0, most - LONGEST_WORD), -1) if words[at - 1].isspace())
    return next(ends, 0)


def _ending(card: Card, pictures: Pictures, request: str) -> list[Element]:
    """The pictures and the yes; nothing for whoever can't say it, or sees only a part."""
    yes = [it for it in (*card.buttons, *card.more) if it.intent.verb in cards.YES]
    if not yes or not all_shown(card, pictures):
        return []
    for within in (True, False):
        numbers = count(1)
        media = (part for part in card.parts if isinstance(part, Media))
        shown = [
            it for part in media for it in parts.elements(part, pictures, LONGEST_ALT, numbers)
        ]
        pressed = actions.buttons(yes, (), numbers, request=request, within=within)
        row: Element = {"type": "ActionSet", "actions": pressed}
        drawn = [*shown, *text.paragraph(ALL_OF_IT), row]
        if _fits(drawn):
            return drawn
    # The words can be read all the same; nobody says yes without seeing what they say it to.
    return []


def _page(card: Card, body: Sequence[Element], number: int, of: int, note: str) -> Message:
    said = f"Page {number} of {of}"
    top = [text.heading(card.title, LONGEST_TITLE, size="Medium")]
    if note:
        top += text.paragraph(note, text.BOLD)
    if of > 1:
        top += text.paragraph(said, text.SMALL)
    told = f"{cutting.short(card.title, LONGEST_TITLE)}. {said}."
    return envelope.message(envelope.card([*top, *body], _leading(card, number, of), told), told)


def _leading(card: Card, number: int, of: int) -> list[Element]:
    """The ways on, back, and out."""
    intent = cards.reading(card)
    if intent is None:
        return []
    found = []
    if number < of:
        memo = str(number + 1)
        found.append(execute(NEXT_PAGE, intent, Verb.READ, memo=memo, style=Weight.PRIMARY))
    if number > 1:
        found.append(execute(PAGE_BEFORE, intent, Verb.READ, memo=str(number - 1)))
    return [*found, execute(TO_THE_CARD, intent, Verb.SEE)]


def _fits(body: Sequence[Element]) -> bool:
    """Whether a page has room for it, with what leads on and who wrote it."""
    return len(envelope.dumps(list(body)).encode()) <= envelope.LONGEST - LEADING
