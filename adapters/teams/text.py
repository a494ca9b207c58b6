"""Words as elements of an Adaptive Card: inert, and exactly as they are. Pure.

``TextBlock``, the titles of choices and ``fallbackText`` are Markdown to Teams; ``TextRun`` is not.
So whatever people write stands in runs of a ``RichTextBlock``, each line in a block of its own,
since clients don't agree on what a line's end is. Only labels that can't be drawn otherwise are
escaped. ``{{DATE(…)}}`` is computed in both, and so is never left whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters import cutting, exact
from moderation.views import Mark, Tone


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Element: TypeAlias = dict[str, Any]
"""An element, an input or an action: JSON as Teams takes it."""

BOLD: Final[Mapping[str, Any]] = {"weight": "Bolder"}
SUBTLE: Final[Mapping[str, Any]] = {"isSubtle": True}
SMALL: Final[Mapping[str, Any]] = {"isSubtle": True, "size": "Small"}
MARKED: Final[Mapping[str, Any]] = {"weight": "Bolder", "highlight": True}
"""How marked words stand out in a quote. What is the matter with them is said beneath it."""
WRONG: Final[Mapping[str, Any]] = {"weight": "Bolder", "color": "Attention"}
COLOURS: Final[Mapping[Tone, str]] = {
    Tone.WAITING: "Default",
    Tone.CARE: "Warning",
    Tone.STOPPED: "Attention",
    Tone.DONE: "Good",
}

EMPTY_LINE: Final = "\u00a0"
"""A line without words keeps its height."""

_BRACES: Final = re.compile(r"(?<=\{)(?=\{)")
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>~|]|&(?=#?\w+;)")
_BEGINS: Final = re.compile(r"^(\s*)(?:([#+=-])|(\d+)([.)]))")
_INERT: Final = re.compile(r"[^\\`*_\[\]<>~|{}&#+\n-]+")


# -- labels ----------------------------------------------------------------------------------------


def label(words: str, most: int) -> str:
    """One line for a button, an input's label or a tooltip, where Teams parses nothing."""
    return _parted(cutting.short(words, most)) or cutting.NOTHING


def title(words: str, most: int) -> str:
    """One line for a choice, where Teams reads Markdown."""
    return escaped(cutting.short(words, most)) or cutting.NOTHING


def escaped(words: str) -> str:
    """Markdown that shows ``words`` as they are, without the space before a line."""
    return "\n".join(map(_escaped, words.split("\n")))


def _escaped(line: str) -> str:
    line = _parted(_MARKDOWN.sub(r"\\\g<0>", line.strip()))
    return _BEGINS.sub(lambda it: f"{it[1]}{it[3] or ''}\\{it[2] or it[4]}", line)


def _parted(words: str) -> str:
    return _BRACES.sub(" ", words)


# -- runs ------------------------------------------------------------------------------------------


def runs(words: str, style: Mapping[str, Any] | None = None) -> list[Element]:
    """Words of one line that nothing parses, in one style."""
    return [
        {"type": "TextRun", "text": piece, **(style or {})} for piece in _BRACES.split(words or " ")
    ]


def rich(inlines: Sequence[Element], **properties: object) -> Element:
    """A line, which wraps."""
    return {"type": "RichTextBlock", "inlines": list(inlines), **properties}


def paragraph(words: str, style: Mapping[str, Any] | None = None) -> list[Element]:
    """Words of several lines, a block each; those after the first stand close to it."""
    return stacked([runs(line, style) for line in lines_of(words)])


def lines_of(words: str) -> list[str]:
    """The lines that have words, and one at least."""
    return [line for line in words.splitlines() if line.strip()] or [cutting.NOTHING]


def stacked(lines: Sequence[Sequence[Element]]) -> list[Element]:
    """Lines of runs under each other, like those of one paragraph."""
    first, *others = lines
    return [rich(first), *(rich(line, spacing="None") for line in others)]


def heading(words: str, most: int, **properties: object) -> Element:
    """A line that screen readers know as a heading, as long as no Markdown can be in it."""
    line = cutting.short(words, most) or cutting.NOTHING
    if _INERT.fullmatch(line) and not _BEGINS.match(line):
        shape: Element = {"type": "TextBlock", "text": line, "style": "heading", "wrap": True}
        return {**shape, "weight": "Bolder", **properties}
    size = {"size": properties.pop("size")} if "size" in properties else {}
    return rich(runs(line, {**BOLD, **size}), **properties)


# -- marked words ----------------------------------------------------------------------------------


def marked(words: str, marks: Iterable[Mark], most: int) -> tuple[list[Element], int]:
    """``words`` line by line in at most ``most`` units, marked ones standing out.

    And how many characters are left out after them.
    """
    seen = cutting.shown(words, most)
    kept = len(words)
    if len(seen) < len(words) or cutting.size("".join(seen)) > most:
        kept = cutting.fitting(words, seen, most)
    lines: list[list[Element]] = [[]]
    for tone, piece in _pieces(words[:kept], seen, marks):
        if piece == "\n":
            lines.append([])
        else:
            lines[-1] += runs(piece, MARKED if tone else None)
    return stacked([line or runs(EMPTY_LINE) for line in lines]), len(words) - kept


def _pieces(
    words: str, seen: Sequence[str], marks: Iterable[Mark]
) -> Iterator[tuple[Tone | None, str]]:
    """Stretches of one tone, and each line's end by itself."""
    for part in exact.stretches(words, marks):
        shown = "".join(seen[part.start : part.end]).replace("\r\n", "\n").replace("\r", "\n")
        for piece in re.split("(\n)", shown):
            if piece:
                yield part.tone, piece
