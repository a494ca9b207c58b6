"""A neutral card as HTML. Pure; one case for each word of the vocabulary.

Text is escaped at the leaf, by the template that writes it. Characters that can't be seen but can
change what is read (direction overrides, zero-width ones) are shown by name inside a quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters import exact, payloads
from adapters.exact import Link
from moderation.views import (
    Choice,
    Confirm,
    Facts,
    Findings,
    Links,
    Media,
    Note,
    Quote,
    Text,
    Tone,
    When,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from moderation.kernel import BlobId
    from moderation.views import Button, Card, Field, Mark, Part

_TITLES: Final = frozenset({"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Rev", "Sir", "Dame"})
_A_TITLE_AND_A_NAME: Final = 2


def called(name: str) -> str:
    """How a school calls somebody: "Mrs Ngozi Okafor" is "Mrs Okafor", "Sam Reed" stays."""
    words = name.split()
    titled = len(words) > _A_TITLE_AND_A_NAME and words[0].rstrip(".") in _TITLES
    return f"{words[0]} {words[-1]}" if titled else name


def initials(name: str) -> str:
    """Two letters for a face: "Mrs Ngozi Okafor" is "NO"."""
    words = [word for word in name.split() if word.rstrip(".") not in _TITLES] or name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


HERE: Final = Path(__file__).resolve().parent

pages: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters.update(called=called, initials=initials)
_parts: Final[Any] = pages.get_template("parts.html").module


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote under one tone, or under none; ``link`` where it is an address."""

    html: Markup
    tone: Tone | None
    link: Link | None = None


# -- text that must be read exactly ---------------------------------------------------------------


def exactly(text: str) -> Markup:
    """``text`` as HTML, with every character visible that could deceive the reader."""
    return Markup("").join(
        Markup('<span class="unseen" title="{}">{}</span>').format(
            exact.name(char), exact.code(char)
        )
        if exact.deceives(text, place)
        else escape(char)
        for place, char in enumerate(text)
    )


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut ``text`` at the marks. Where marks overlap the graver tone is drawn."""
    return tuple(
        Piece(
            exactly(text[part.start : part.end]),
            part.tone,
            exact.link(text, part.start, part.end) if part.tone else None,
        )
        for part in exact.stretches(text, marks)
    )


# -- a card ---------------------------------------------------------------------------------------


def card_html(
    card: Card,
    *,
    slot: str,
    media_url: Callable[[BlobId], str],
    now: datetime,
    when: str = "",
    glimpse: str = "",
) -> Markup:
    """One ``article``.

    ``slot`` is unique on the page and made of letters, digits and ``-``. ``now`` is local: times in
    forms are shown in its zone. With a ``glimpse`` of its words the card is folded to that and its
    buttons.
    """
    asked = [
        (f"{slot}-{number}", button) for number, button in enumerate((*card.buttons, *card.more))
    ]
    drawn = [_parts.button(id_, button, payloads.dumps(button.intent)) for id_, button in asked]
    shown = len(card.buttons)
    return _draw(
        _parts.card,
        slot,
        card,
        when,
        Markup("").join(part_html(part, media_url=media_url) for part in card.parts),
        Markup("").join(drawn[:shown]),
        Markup("").join(drawn[shown:]),
        Markup("").join(_form(id_, button, now) for id_, button in asked),
        glimpse,
    )


def part_html(part: Part, *, media_url: Callable[[BlobId], str]) -> Markup:
    """One part of a card."""
    match part:
        case Quote():
            copy = _kept(part.text) if part.copyable else None
            return _draw(_parts.quote, pieces(part.text, part.marks), part.label, copy)
        case Facts():
            return _draw(_parts.facts, part.rows)
        case Findings():
            return _draw(_parts.findings, part.title, part.lines)
        case Media():
            pictures = [
                {
                    "url": media_url(picture.blob) if picture.blob is not None else "",
                    "alt": picture.alt,
                    "note": picture.note,
                    "moves": picture.moves,
                }
                for picture in part.pictures
            ]
            return _draw(_parts.media, pictures)
        case Links():
            return _draw(_parts.links, part.pages)
        case Note():
            note = _draw(_parts.note, part.lines, part.tone)
            return _draw(_parts.fold, part.fold, note) if part.fold else note
        case _ as unreachable:
            assert_never(unreachable)


def _form(id_: str, button: Button, now: datetime) -> Markup:
    if button.form is None:
        return Markup("")
    fields = Markup("").join(
        _field(f"{id_}-{number}", field, now) for number, field in enumerate(button.form.fields)
    )
    return _draw(_parts.form, id_, button, payloads.dumps(button.intent), fields)


def _field(id_: str, field: Field, now: datetime) -> Markup:
    match field:
        case Text():
            return _draw(_parts.text_field, id_, field)
        case Choice():
            return _draw(_parts.choice_field, id_, field)
        case Confirm():
            return _draw(_parts.confirm_field, id_, field)
        case When():
            return _draw(_parts.when_field, id_, field, local_input(field.value, now))
        case _ as unreachable:
            assert_never(unreachable)


def local_input(at: datetime | None, now: datetime) -> str:
    """An instant as a ``datetime-local`` input holds it, in the zone of ``now``."""
    return at.astimezone(now.tzinfo).strftime("%Y-%m-%dT%H:%M") if at else ""


def _kept(text: str) -> Markup:
    """``text`` for an attribute that a script reads back exactly, line ends included."""
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\n", "&#10;"))  # noqa: S704


def _draw(macro: Callable[..., Markup], *given: object) -> Markup:
    """A macro's result, without the template's own white space around it."""
    return macro(*given).strip()
