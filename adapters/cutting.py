"""Words as a chat platform shows them: visibly cut, and nothing in them that deceives. Pure.

Lengths are UTF-16 code units: whatever a platform counts, it isn't more than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters import exact
from moderation.views import Tone


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ICONS: Final[Mapping[Tone, str]] = {
    Tone.WAITING: "⏳",
    Tone.CARE: "⚠️",
    Tone.STOPPED: "⛔",
    Tone.DONE: "✅",
}
"""A tone never speaks alone: words always stand beside its icon."""

NOTHING: Final = "–"
"""Stands where there are no words, since platforms refuse an empty text."""

_BELONGS: Final = frozenset("\u200d\ufe0e\ufe0f")


def size(words: str) -> int:
    """How long a platform may think that this is, in UTF-16 code units."""
    return len(words) if words.isascii() else len(words) + sum(char > "\uffff" for char in words)


def visible(words: str) -> str:
    """``words`` with every character that could deceive the reader shown by its number."""
    return "".join(shown(words, len(words)))


def head(words: str, most: int) -> str:
    """As much of ``words``, as they are, as fits into ``most`` units; no character in halves."""
    return words[: fitting(words, list(words[: most + 1]), most)]


def cut(words: str, most: int) -> str:
    """``words`` in at most ``most`` units: all of them, or how much is left out as well.

    A character that could deceive the reader is shown by its number, here and in :func:`short`.
    """
    seen = shown(words, most)
    if len(seen) == len(words) and size("".join(seen)) <= most:
        return "".join(seen)
    kept = fitting(words, seen, most - size(left_out(len(words))))
    return "".join(seen[:kept]).rstrip() + left_out(len(words) - kept)


def short(words: str, most: int) -> str:
    """``words`` on one line in at most ``most`` units: a label, which says no more than "…"."""
    line = " ".join(words.split())
    seen = shown(line, most)
    if len(seen) == len(line) and size("".join(seen)) <= most:
        return "".join(seen)
    return "".join(seen[: fitting(line, seen, most - 1)]).rstrip() + "…"


def left_out(count: int) -> str:
    """Says that ``count`` characters are missing."""
    return f"… ({count:,} more characters)"


def lines(said: Sequence[str], most: int) -> list[str]:
    """As many lines as fit into ``most`` units, and how many don't."""
    kept: list[str] = []
    room = most
    for place, line in enumerate(said):
        if room <= 0:
            kept.append(more_lines(len(said) - place))
            break
        kept.append(cut(line, max(room, 100)))
        room -= size(kept[-1]) + 1
    return kept


def more_lines(missing: int) -> str:
    """Says that ``missing`` lines are left out."""
    return f"… and {missing} more {'line' if missing == 1 else 'lines'}"


def shown(words: str, most: int) -> list[str]:
    """How each code point is shown, no more of them than could matter for ``most`` units."""
    if words.isascii() and words.isprintable():
        return list(words[: most + 1])
    return [
        f"[{exact.code(words[place])}]" if exact.deceives(words, place) else words[place]
        for place in range(min(len(words), most + 1))
    ]


def fitting(words: str, seen: Sequence[str], most: int) -> int:
    """How many code points of ``words``, ``seen`` like this, fit into ``most`` units.

    What is one character isn't parted.
    """
    room = most
    for place, char in enumerate(seen):
        room -= size(char)
        if room < 0:
            while place and (words[place] in _BELONGS or words[place - 1] == "\u200d"):
                place -= 1  # noqa: PLW2901 -- back to where that character begins
            return place
    return len(seen)
