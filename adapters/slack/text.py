"""Words as Slack shows them: inert, visibly cut, and never longer than allowed. Pure.

What people write only ever goes into ``plain_text`` and ``rich_text``, where Slack parses nothing.
Lengths are UTF-16 code units: whatever Slack counts, it isn't more than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters import exact
from adapters.cutting import (
    ICONS,
    NOTHING,
    cut,
    fitting,
    head,
    left_out,
    short,
    shown,
    size,
    visible,
)
from moderation.views import Mark


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["ICONS", "NOTHING", "cut", "head", "left_out", "short", "size", "visible"]

Block: TypeAlias = dict[str, Any]
"""A block, an element or a composition object: JSON as Slack takes it."""

LONGEST_URL: Final = 3_000
LONGEST_PAGE: Final = 3_000
"""Units of one text that people still read in one go, and that Slack takes anywhere."""

BOLD: Final[Mapping[str, bool]] = {"bold": True}
ITALIC: Final[Mapping[str, bool]] = {"italic": True}
MARKED: Final[Mapping[str, bool]] = {"bold": True, "code": True}
"""How marked words stand out in a quote. What is the matter with them is said beneath it."""


# -- plain words ----------------------------------------------------------------------------------


def escaped(words: str) -> str:
    """For the top-level ``text``, where ``&``, ``<`` and ``>`` alone mean something."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(words: str) -> Block:
    """A ``plain_text`` object: nothing in it is parsed, not even ``:smile:``."""
    return {"type": "plain_text", "text": words if words.strip() else NOTHING, "emoji": False}


# -- rich text ------------------------------------------------------------------------------------


def run(words: str, style: Mapping[str, bool] | None = None) -> Block:
    """An element of ``rich_text``: words that are never parsed, in one style."""
    element: Block = {"type": "text", "text": words or NOTHING}
    if style:
        element["style"] = dict(style)
    return element


def marked(words: str, marks: Iterable[Mark], most: int) -> tuple[list[Block], int]:
    """Elements of at most ``most`` units, marked words bold on grey, and how much is left out."""
    seen = shown(words, most)
    kept = len(words)
    if len(seen) < len(words) or size("".join(seen)) > most:
        kept = fitting(words, seen, most)
    elements = [
        run("".join(seen[part.start : part.end]), MARKED if part.tone else None)
        for part in exact.stretches(words[:kept], marks)
    ]
    return elements or [run(NOTHING)], len(words) - kept


def pages(words: str, marks: Sequence[Mark], most: int) -> Iterator[tuple[list[Block], int]]:
    """``words`` in pages of :data:`LONGEST_PAGE`, ``most`` units in all.

    Each comes with the number of characters that are still missing after it.
    """
    taken, room = 0, most
    while True:
        here = [Mark(mark.start - taken, mark.end - taken, mark.tone) for mark in marks]
        elements, missing = marked(words[taken:], here, min(room, LONGEST_PAGE))
        yield elements, missing
        taken, room = len(words) - missing, room - LONGEST_PAGE
        if not missing or room <= 0:
            return


def section(*elements: Block) -> Block:
    """Running text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quoted(elements: list[Block]) -> Block:
    """Somebody's exact words, with a bar beside them."""
    return {"type": "rich_text_quote", "elements": elements}


def exactly(elements: list[Block]) -> Block:
    """Words to be copied: in a code block Slack keeps each character and offers to copy it."""
    return {
        "type": "rich_text_preformatted",
        "elements": [{"type": "text", "text": item["text"]} for item in elements],
    }


def rich(*parts: Block) -> Block:
    """A ``rich_text`` block."""
    return {"type": "rich_text", "elements": list(parts)}
