"""Folding text to what a reader sees, without losing the place of any character.

One letter can be written in hundreds of ways: accents, full-width and mathematical forms,
look-alike Cyrillic and Greek, invisible characters in between. A folded text is plain lower-case
ASCII where that is possible, and knows for each of its characters which code point of the original
it came from. Two readings are needed: *visual* (the Cyrillic es looks like a "c") and *spoken* (it
is an "s").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anyascii import anyascii

from moderation.checks.lookalikes import LETTERS, MARKS


class Reading(StrEnum):
    """How letters of another alphabet are read."""

    VISUAL = "visual"
    SPOKEN = "spoken"


JOINING = frozenset({"Mn", "Me", "Cf"})
"""Categories that belong to the character before them: accents, and what can't be seen."""


@dataclass(frozen=True, slots=True, repr=False)
class Folded:
    """Folded text. ``places[i]`` is the original index of folded character ``i``."""

    text: str
    places: tuple[int, ...] | range
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open original slice that the folded slice (not empty) stands for.

        It takes in the accents and invisible characters that follow its last letter.
        """
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.original) and is_joining(self.original[last]):
            last += 1
        return first, last


def is_joining(char: str) -> bool:
    """Whether a character is drawn with the one before it, or not at all."""
    return not char.isascii() and unicodedata.category(char) in JOINING


@lru_cache(maxsize=8192)
def fold_char(char: str, reading: Reading) -> str:
    """One code point as lower-case ASCII where possible; may be empty or several characters."""
    if char.isascii():
        return char.lower()
    if char in MARKS:
        return MARKS[char]
    category = unicodedata.category(char)
    if category in JOINING:
        return ""
    if category == "Zs":
        return " "
    parts = unicodedata.normalize("NFKD", char)
    return "".join(_plain_letter(part, reading) for part in parts if not is_joining(part))


def _plain_letter(char: str, reading: Reading) -> str:
    if char.isascii():
        return char.lower()
    if reading is Reading.VISUAL and char in LETTERS:
        return LETTERS[char]
    if char in MARKS:
        return MARKS[char]
    if not char.isalnum() and not _is_drawn_letter(char):
        return char
    return anyascii(char).casefold() or char.casefold()


def _is_drawn_letter(char: str) -> bool:
    """White letters on black, and regional ones: symbols to Unicode and letters to a reader.

    Unicode itself takes those with a mere circle or square around them apart.
    """
    return "\U0001f150" <= char <= "\U0001f1ff"


_RUNS = re.compile(r"(?P<plain>[\x00-\x7f]+)|[^\x00-\x7f]+")


def fold(text: str, reading: Reading = Reading.VISUAL) -> Folded:
    """Fold a text; every folded character knows its place."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), text)
    letters: list[str] = []
    places: list[int] = []
    for run in _RUNS.finditer(text):
        start, end = run.span()
        if run["plain"]:
            letters.append(run[0].lower())
            places.extend(range(start, end))
            continue
        for place in range(start, end):
            folded = fold_char(text[place], reading)
            letters.append(folded)
            places.extend([place] * len(folded))
    return Folded("".join(letters), tuple(places), text)


def plain(text: str, reading: Reading = Reading.SPOKEN) -> str:
    """The folded text alone."""
    return fold(text, reading).text


_PLAIN_LETTERS = re.compile("[A-Za-z]")


def is_latin(text: str) -> bool:
    """Whether most letters are Latin: then a foreign letter is there for its looks."""
    if text.isascii():
        return True
    plain = len(_PLAIN_LETTERS.findall(text))
    others = [char for char in text if not char.isascii() and char.isalpha()]
    letters = [char for char in others if not is_joining(char)]
    latin = plain + sum("LATIN" in unicodedata.name(char, "") for char in letters)
    return 2 * latin >= plain + len(letters)
