"""Fields, lists and choices of the dialog in which a post is written. Pure.

Long texts are spread over boxes, long lists over groups, and a class is a choice like a pupil.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters import writing
from adapters.slack import text
from adapters.slack.text import Block, size


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from adapters.door import ColleagueChoice, FormChoice, PupilChoice

# -- what Slack takes (Block Kit reference) -------------------------------------------------------

LONGEST_INPUT: Final = 3000
LONGEST_OPTION: Final = 75
LONGEST_VALUE: Final = 150
LONGEST_NOTE: Final = 3000
MOST_OPTIONS: Final = 100
"""Options of a list, or of each of its groups; and groups."""
VALUE: Final = "value"
"""The ``action_id`` of a field that nothing listens to."""
KINDS: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif", "mp4", "mov")

JOINS: Final[Mapping[str, str]] = {"line": "\n", "space": " ", "none": ""}
MOST_PIECES: Final = 5
"""Boxes that a long text is spread over: Slack's hold 3,000 characters each."""


# -- a text over boxes -----------------------------------------------------------------------------


def pieces(words: str) -> tuple[tuple[str, str], ...] | None:
    """The text in boxes, each with what joins it to the one before; ``None`` for far too much.

    Slack counts UTF-16 units, so a piece is cut by them: at a line's end, a space, or anywhere.
    """
    found: list[tuple[str, str]] = []
    join, rest = "none", words
    for _ in range(MOST_PIECES):
        fits = _fitting(rest, LONGEST_INPUT)
        if fits == rest:
            return (*found, (join, rest))
        at, after = _end(fits)
        found.append((join, rest[:at]))
        join, rest = after, rest[at + len(JOINS[after]) :]
    return None


def _end(fits: str) -> tuple[int, str]:
    """Where to cut, and what was there: a line's end or a space in the second half, or nothing."""
    for name in ("line", "space"):
        at = fits.rfind(JOINS[name])
        if at > len(fits) // 2:
            return at, name
    return len(fits), "none"


# -- choices ---------------------------------------------------------------------------------------


def pupil_options(found: Iterable[PupilChoice]) -> list[Block]:
    """What a search is answered with."""
    return [option(it.pupil, it.label) for it in found][:MOST_OPTIONS]


def colleague_options(found: Iterable[ColleagueChoice]) -> list[Block]:
    """What a search among the staff is answered with."""
    return [option(it.person, it.label) for it in found][:MOST_OPTIONS]


def class_options(found: Iterable[FormChoice]) -> list[Block]:
    """Classes among the answers of a search: one choice stands for all its pupils."""
    return [option(writing.form_value(it.key), f"All of {it.label}") for it in found][:MOST_OPTIONS]


# -- fields ----------------------------------------------------------------------------------------


def option(value: str, label: str) -> Block:
    """A choice; what is sent back is ``value``."""
    return {"text": text.plain(text.short(label, LONGEST_OPTION)), "value": value}


def section(*sentences: str) -> Block:
    """Sentences, a line each."""
    return {"type": "section", "text": text.plain(text.cut("\n".join(sentences), LONGEST_NOTE))}


def field(
    block: str, label: str, element: Block, *, hint: str = "", optional: bool = False
) -> Block:
    """An input, named so that a sentence can be put under it."""
    found: Block = {
        "type": "input",
        "block_id": block,
        "label": text.plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        found["hint"] = text.plain(hint)
    return found


def box(value: str, *, lines: bool = False) -> Block:
    """For words, with ``value`` in it."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": VALUE,
        "multiline": lines,
        "max_length": LONGEST_INPUT,
    }
    if value:
        element["initial_value"] = _fitting(value, LONGEST_INPUT)
    return element


def grouped(options: Sequence[tuple[str, Block]]) -> Block:
    """One list, or groups where there are several names or more than one list can hold."""
    names = list(dict.fromkeys(name for name, _ in options))
    if len(names) == 1 and len(options) <= MOST_OPTIONS:
        return {"options": [it for _, it in options]}
    groups: list[Block] = []
    for name in names:
        here = [it for of, it in options if of == name]
        for start in range(0, len(here), MOST_OPTIONS):
            label = text.plain(text.short(name, LONGEST_OPTION))
            groups.append({"label": label, "options": here[start : start + MOST_OPTIONS]})
    return {"option_groups": groups[:MOST_OPTIONS]}


def _fitting(words: str, most: int) -> str:
    """As much of what will be edited as fits, exactly as it is."""
    if size(words) <= most:
        return words
    room = most
    for at, char in enumerate(words):
        room -= size(char)
        if room < 0:
            return words[:at]
    return words
