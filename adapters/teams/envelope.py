"""A whole Adaptive Card, and how it travels. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from adapters import cutting
from adapters.teams import text


if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.teams.text import Element

CONTENT_TYPE: Final = "application/vnd.microsoft.card.adaptive"
VERSION: Final = "1.5"
"""The newest that Teams draws for a bot."""
LONGEST: Final = 24_000
"""Bytes of a card as JSON. Every client takes 28 KB, with the message around it."""
LONGEST_FALLBACK: Final = 1_500
LONGEST_SUMMARY: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A card as Teams takes it. ``repr`` shows nothing: it may be about a child.

    ``summary`` is what notifications and the list of chats show, in plain text. ``cut`` tells that
    somebody's words didn't fit.
    """

    card: Mapping[str, Any] = field(repr=False)
    summary: str = field(repr=False)
    cut: bool = False

    def attachment(self) -> dict[str, Any]:
        """One of an activity's ``attachments``."""
        return {"contentType": CONTENT_TYPE, "content": dict(self.card)}


def card(body: Sequence[Element], actions: Sequence[Element], said: str) -> Element:
    """The card; ``said`` is all of it in words, for clients that can't draw it."""
    words = cutting.cut(said, LONGEST_FALLBACK)
    drawn: Element = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": text.escaped(words) if words.strip() else cutting.NOTHING,
        "body": list(body),
    }
    if actions:
        drawn["actions"] = list(actions)
    # Wide enough for a post; a phone draws it as wide as it is.
    drawn["msteams"] = {"width": "Full"}
    return drawn


def message(drawn: Element, said: str, *, cut: bool = False) -> Message:
    """``drawn`` to be sent, with ``said`` for its notification."""
    words = cutting.cut(said, LONGEST_SUMMARY)
    return Message(card=drawn, summary=words if words.strip() else cutting.NOTHING, cut=cut)


def length(drawn: Mapping[str, Any]) -> int:
    """Bytes of the card as JSON."""
    return len(dumps(drawn).encode())


def dumps(told: object) -> str:
    """JSON as it travels, so that what is counted is what is sent.

    Escaped, a letter that isn't Latin would be two or three times as long. Half a character, which
    UTF-8 can't hold, becomes a question mark.
    """
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return words.encode("utf-8", "replace").decode()
