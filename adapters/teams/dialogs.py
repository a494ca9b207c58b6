"""What a dialog of Teams shows and how it is opened; a card says the same without one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adapters import cutting
from adapters.teams import envelope, parts, text
from adapters.teams.payload import Verb
from adapters.teams.presses import submit
from moderation.views import Weight


if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.teams.envelope import Message
    from adapters.teams.text import Element
    from moderation.views import Card, Intent

LONGEST_TITLE: Final = 200
LONGEST_LINE: Final = 1_000
LONGEST_WORDS: Final = 4_000


def told(title: str, *sentences: str, words: Sequence[str] = ()) -> Message:
    """A card that only says something, a paragraph each; ``words`` are somebody's own, beneath."""
    body = [text.heading(title, LONGEST_TITLE, size="Medium")]
    for sentence in sentences:
        body += text.paragraph(cutting.cut(sentence, LONGEST_LINE))
    for own in words:
        lines, _ = text.marked(own, (), LONGEST_WORDS)
        body.append({"type": "Container", "style": "emphasis", "items": lines})
    said = " ".join((title, *sentences))
    return envelope.message(envelope.card(body, (), said), said)


def reading(title: str, cards: Sequence[Card]) -> Message:
    """Cards to be read in one dialog, which Teams keeps nothing of: nothing to press."""
    numbers = iter(range(1, 1_000))
    for most in (2_000, 500, 100):
        body: list[Element] = []
        for card in cards:
            body.append(text.heading(card.title, LONGEST_TITLE, size="Medium"))
            for part in card.parts:
                body += parts.elements(part, lambda _blob: None, most, numbers)
        message = envelope.message(envelope.card(body or text.paragraph(title), (), title), title)
        if envelope.length(message.card) <= envelope.LONGEST:
            return message
    return told(title, *(card.fallback for card in cards[:5]))


def task(title: str, message: Message) -> dict[str, Any]:
    """The body that answers ``task/fetch`` or ``task/submit`` with a dialog."""
    value = {
        "title": cutting.short(title, LONGEST_TITLE),
        "height": "large",
        "width": "medium",
        "card": message.attachment(),
    }
    return {"task": {"type": "continue", "value": value}}


def offer(title: str, label: str, intent: Intent, *sentences: str) -> Message:
    """A message with sentences and one button, which opens a dialog."""
    body = [text.heading(title, LONGEST_TITLE, size="Medium")]
    for sentence in sentences:
        body += text.paragraph(sentence)
    said = " ".join((f"{title}.", *sentences))
    return envelope.message(envelope.card(body, [opening(label, intent)], said), said)


def opening(title: str, intent: Intent) -> Element:
    """A button that opens a dialog: Teams asks for it by ``task/fetch``."""
    pressed = submit(title, intent, Verb.OPEN, style=Weight.PRIMARY)
    return {**pressed, "data": {**pressed["data"], "msteams": {"type": "task/fetch"}}}
