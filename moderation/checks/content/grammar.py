"""The little language that rules of content are written in, read from data files.

    words    ``[words] role = "teacher, head teacher, governor+, caretak*"``: a class. ``+`` also
             takes the plural, a ``*`` any ending, ``@other`` takes in another class.
    say      ``"@i @will ...2 @harm ...3 @target"``: a class or a word each. ``a|@b`` is one of
             several, ``a_b`` two words as one, ``x?`` may be missing, ``!x`` must not stand next,
             ``...2`` lets two words stand between, ``^`` begins a sentence, ``$`` ends it. Small
             words (the class ``filler``) may stand between any two.
    unless   the same, anywhere in the sentence: then the rule says nothing.

Offensive words stand turned by thirteen letters between double braces, as nobody should meet them
by opening a file: ``{{pnoontr}}`` is "cabbage".
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VEILED = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
_GAP = re.compile(r"\.\.\.(\d?)")
USUAL_GAP = 3
END = "=$"
"""The label of a sentence's end."""
NAMED, MONEY, PERCENT, FIGURE = "@named", "@money", "@percent", "@figure"
COUPON, HANDLE, COPYRIGHT = "@coupon", "@handle", "@copyright"
MADE = frozenset({NAMED, MONEY, PERCENT, FIGURE, COUPON, HANDLE, COPYRIGHT})
"""Classes that no list can hold: they are told from how a word is written."""
_HISSING = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: any of ``labels``, with at most ``gap`` words before it."""

    labels: frozenset[str]
    gap: int = 0
    optional: bool = False
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of elements; ``opening``: it stands at the beginning of a sentence."""

    elements: tuple[Element, ...]
    needed: tuple[frozenset[str], ...]
    """The labels of which a text must have one each."""
    opening: bool = False


def unveiled(text: str) -> str:
    """The text with veiled words readable."""
    return _VEILED.sub(lambda match: codecs.decode(match[1], "rot13"), text)


def listed(text: str) -> tuple[str, ...]:
    """A class's entries, plurals written out."""
    entries: list[str] = []
    for entry in (" ".join(part.split()) for part in unveiled(text).split(",")):
        if not entry:
            continue
        if entry.endswith("+"):
            entries += [entry[:-1], plural(entry[:-1])]
        else:
            entries.append(entry)
    return tuple(entries)


def plural(word: str) -> str:
    """As English spells it, most of the time."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_HISSING) else f"{word}s"


def pattern(text: str, classes: Mapping[str, Iterable[str]]) -> Pattern:
    """Read one pattern. Raises ``ValueError`` for a class that nobody wrote down."""
    elements: list[Element] = []
    gap, opening = 0, False
    for part in unveiled(text).split():
        dots = _GAP.fullmatch(part)
        if dots:
            gap = int(dots[1] or USUAL_GAP)
        elif part == "^":
            opening = True
        else:
            elements.append(_element(part, gap, classes))
            gap = 0
    if not elements or elements[0].optional or elements[0].forbidden:
        raise ValueError(f"a pattern begins with something that must be there: {text!r}")
    needed = (
        element.labels
        for element in elements
        if not (element.optional or element.forbidden or END in element.labels)
    )
    return Pattern(tuple(elements), tuple(needed), opening)


def _element(part: str, gap: int, classes: Mapping[str, Iterable[str]]) -> Element:
    bare = part.removeprefix("!").removesuffix("?")
    labels: set[str] = set()
    for one in bare.split("|"):
        labels |= _within(one, classes) if one.startswith("@") else {f"={one.replace('_', ' ')}"}
    return Element(
        frozenset(labels), gap, optional=part.endswith("?"), forbidden=part.startswith("!")
    )


def _within(name: str, classes: Mapping[str, Iterable[str]]) -> set[str]:
    """A class and all that it takes in."""
    if name not in MADE and name.removeprefix("@") not in classes:
        raise ValueError(f"there is no class {name}")
    labels = {name}
    for entry in classes.get(name.removeprefix("@"), ()):
        if entry.startswith("@"):
            labels |= _within(entry, classes)
    return labels
