"""Words as Slack shows them: inert, visibly cut, and never longer than allowed. Pure.

What people write only ever goes into ``plain_text`` and ``rich_text``, where Slack parses nothing.
Lengths are UTF-16 code units: whatever Slack counts, it isn't more than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters import exact
from moderation.views import Mark, Tone


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Block: TypeAlias = dict[str, Any]
"""A block, an element or a composition object: JSON as Slack takes it."""

ICONS: Final[Mapping[Tone, str]] = {
    Tone.WAITING: "⏳",
    Tone.CARE: "⚠️",
    Tone.STOPPED: "⛔",
    Tone.DONE: "✅",
}
"""A tone never speaks alone: words always stand beside its icon."""

LONGEST_URL: Final = 3_000
LONGEST_PAGE: Final = 3_000
"""Units of one text that people still read in one go, and that Slack takes anywhere."""

NOTHING: Final = "–"
"""Stands where there are no words, since Slack refuses an empty text."""

BOLD: Final[Mapping[str, bool]] = {"bold": True}
ITALIC: Final[Mapping[str, bool]] = {"italic": True}
MARKED: Final[Mapping[str, bool]] = {"bold": True, "code": True}
"""How marked words stand out in a quote. What is the matter with them is said beneath it."""

_BELONGS: Final = frozenset("\u200d\ufe0e\ufe0f")


# -- plain words ----------------------------------------------------------------------------------


def size(words: str) -> int:
    """How long Slack may think that this is, in UTF-16 code units."""
    return len(words) if words.isascii() else len(words) + sum(char > "\uffff" for char in words)


def visible(words: str) -> str:
    """``words`` with every character that could deceive the reader shown by its number."""
    return "".join(_shown(words, len(words)))


def head(words: str, most: int) -> str:
    """As much of ``words``, as they are, as fits into ``most`` units; no character in halves."""
    return words[: _fitting(words, list(words[: most + 1]), most)]


def escaped(words: str) -> str:
    """For the top-level ``text``, where ``&``, ``<`` and ``>`` alone mean something."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(words: str, most: int) -> str:
    """``words`` in at most ``most`` units: all of them, or how much is left out as well.

    A character that could deceive the reader is shown by its number, here and in :func:`short`.
    """
    shown = _shown(words, most)
    if len(shown) == len(words) and size("".join(shown)) <= most:
        return "".join(shown)
    kept = _fitting(words, shown, most - size(left_out(len(words))))
    return "".join(shown[:kept]).rstrip() + left_out(len(words) - kept)


def short(words: str, most: int) -> str:
    """``words`` on one line in at most ``most`` units: a label, which says no more than "…"."""
    line = " ".join(words.split())
    shown = _shown(line, most)
    if len(shown) == len(line) and size("".join(shown)) <= most:
        return "".join(shown)
    return "".join(shown[: _fitting(line, shown, most - 1)]).rstrip() + "…"


def left_out(count: int) -> str:
    """Says that ``count`` characters are missing."""
    return f"… ({count:,} more characters)"


def plain(words: str) -> Block:
    """A ``plain_text`` object: nothing in it is parsed, not even ``:smile:``."""
    return {"type": "plain_text", "text": words if words.strip() else NOTHING, "emoji": False}


def _shown(words: str, most: int) -> list[str]:
    """How each code point is shown, no more of them than could matter for ``most`` units."""
    if words.isascii() and words.isprintable():
        return list(words[: most + 1])
    return [
        f"[{exact.code(words[place])}]" if exact.deceives(words, place) else words[place]
        for place in range(min(len(words), most + 1))
    ]


def _fitting(words: str, shown: list[str], most: int) -> int:
    """How many code points fit into ``most`` units, without parting what is one character."""
    room = most
    for place, char in enumerate(shown):
        room -= size(char)
        if room < 0:
            while place and (words[place] in _BELONGS or words[place - 1] == "\u200d"):
                place -= 1  # noqa: PLW2901 -- back to where that character begins
            return place
    return len(shown)


# -- rich text ------------------------------------------------------------------------------------


def run(words: str, style: Mapping[str, bool] | None = None) -> Block:
    """An element of ``rich_text``: words that are never parsed, in one style."""
    element: Block = {"type": "text", "text": words or NOTHING}
    if style:
        element["style"] = dict(style)
    return element


def marked(words: str, marks: Iterable[Mark], most: int) -> tuple[list[Block], int]:
    """Elements of at most ``most`` units, marked words bold on grey, and how much is left out."""
    shown = _shown(words, most)
    kept = len(words)
    if len(shown) < len(words) or size("".join(shown)) > most:
        kept = _fitting(words, shown, most)
    elements = [
        run("".join(shown[part.start : part.end]), MARKED if part.tone else None)
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
