"""Cutting a text into atoms: the smallest pieces that could be half of somebody's name.

``#WellDoneAmelia`` is three atoms, ``O'Brien's`` one, ``amelia_khan.jpg`` three. Every atom knows
its place in the original, how it can be read, and what stands between it and the one before.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

from moderation.checks.fold import Reading, fold, is_joining, is_latin
from moderation.checks.lookalikes import MARKS
from moderation.checks.spans import Place, Spans


if TYPE_CHECKING:
    from collections.abc import Iterator


class Gap(StrEnum):
    """What stands between an atom and the one before it."""

    NONE = "none"
    """Nothing: a change of case inside one word."""
    SPACE = "space"
    """White space, line breaks, markdown, emoji."""
    HYPHEN = "hyphen"
    TIGHT = "tight"
    """A dot, underscore, slash or plus without white space, as in file names and addresses."""
    INITIAL = "initial"
    """A full stop and a space after a single letter: the letter is an initial."""
    BRACKET = "bracket"
    """A space and an opening bracket: ``Amelia (Khan)``."""
    COMMA = "comma"
    BREAK = "break"
    """The end of a sentence, or anything else that parts two names."""


class Shape(StrEnum):
    LOWER = "lower"
    TITLE = "title"
    UPPER = "upper"
    MIXED = "mixed"


# Not frozen: a post has hundreds of them, and a frozen one takes three times as long to make.
@dataclass(slots=True, kw_only=True, repr=False)
class Atom:
    """``forms`` are the readings, likeliest first; ``word`` counts the words it was cut from.

    ``opens`` tells that it begins a sentence or line, ``possessive`` that a clitic follows ('s),
    ``sigil`` is ``#`` or ``@`` where the word began with one, ``headline`` that capitals mean
    nothing on this line, ``dotted`` that a full stop follows at once, ``tight`` that signs and no
    white space stand before it, as in ``Ame*lia``.
    """

    start: int
    end: int
    forms: tuple[str, ...]
    shape: Shape
    gap: Gap
    tight: bool
    opens: bool
    possessive: bool
    sigil: str
    word: int
    headline: bool
    dotted: bool

    form: str = field(init=False)
    capitalised: bool = field(init=False)
    letter: bool = field(init=False)
    """Whether it is a single letter, as initials are."""

    def __post_init__(self) -> None:
        self.form = form = self.forms[0]
        self.capitalised = self.shape is not Shape.LOWER
        self.letter = len(form) == 1 and form.isalpha()


_JOINERS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u061c\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
_DRAWN = "\u24b6-\u24e9\U0001f110-\U0001f169\U0001f170-\U0001f189"
_APOSTROPHES = "'" + "".join(mark for mark, plain in MARKS.items() if plain == "'")
_LETTER = rf"(?:[^\W_]|[{_DRAWN}])"
_WORD = re.compile(
    rf"(?P<sigil>(?<![^\W_])[#@\uff03\uff20])?"
    rf"(?P<body>{_LETTER}(?:{_LETTER}|[{_JOINERS}])*"
    rf"(?:[{_APOSTROPHES}]{_LETTER}(?:{_LETTER}|[{_JOINERS}])*)*)"
)
_LARGE = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x250)) if letter.isupper())
_CAMEL = re.compile(
    rf"(?<=[^\W\d_{_LARGE}])(?=[{_LARGE}])|(?<=[{_LARGE}])(?=[{_LARGE}][^\W\d_{_LARGE}])"
    r"|(?<=[^\W\d_])(?=\d{2,}$)|(?<=\d\d)(?=[^\W\d_]{2})"
)
_TAIL = re.compile(r"(?<=[^\W\d_])(?=\d$)")
"""The one figure at the end of a handle; in a word it is read as a letter."""
_CLITIC = re.compile(rf"[{_APOSTROPHES}](?:s|ll|d|re|ve|m)$", re.IGNORECASE)
_MARKUP = re.compile(r"[*_~`|>\"]+|'(?=\s+')|(?<=\s)'")
_TAGS = re.compile(r"</?[a-z][a-z0-9]{0,9}(?: [^<>\n]{0,80})?/?>|%20", re.IGNORECASE)
"""What HTML and an address write for no letter: read as so many spaces, or as a tight mark."""
_LEET = str.maketrans("0234567$89", "ozeasgtsbg")
_MOST_ONES = 3
"""Figures 1 of one word that are each read as an i and as an l: ``M1l1`` and ``E111ot``."""
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")
_LEAST_DRAWN_OUT = 3
"""Letters of what is left of a word drawn out: nobody is told from "ohhh" and "soooo"."""
_LONGEST_LEET = 30
_LEAST_PLURAL = 3
_ES = ("ses", "xes", "zes", "ches", "shes")
_INSIDE = r"@$!|\u20ac\xa1\xa3"
_SIGNS = re.compile(
    rf"(?<=[^\W_])[{_INSIDE}]+(?=[^\W_])(?![\w-]*\.\w)"  # inside a word, but no e-mail address
    r"|(?<!\w)\$(?=[^\W\d_])|(?<=[^\W\d_])[@$\u20ac]+(?![\w@$])"
)
_READ_AS = str.maketrans("@$!|\u20ac\xa1\xa3", "asi1eil")
_HEADLINE_WORDS = 3
_WITHIN = frozenset({Gap.SPACE, Gap.TIGHT, Gap.HYPHEN})
"""What may stand inside a name, where there is no white space with it."""
_WHITE = re.compile(r"\s")


def undisguised(text: str) -> str:
    """The text with ``@``, ``$`` and the like in words read as letters; each keeps its place."""
    return _SIGNS.sub(lambda signs: signs[0].translate(_READ_AS), text)


def _without_tags(text: str) -> str:
    """The text as it would be shown; every letter keeps its place."""
    if "<" not in text and "%20" not in text:
        return text
    return _TAGS.sub(lambda tag: "___" if tag[0] == "%20" else " " * len(tag[0]), text)


def atoms(text: str) -> tuple[Atom, ...]:
    """Every atom of the text, in order."""
    text = _without_tags(text)
    readings = tuple(Reading) if is_latin(text) else (Reading.SPOKEN, Reading.VISUAL)
    headlines = _headlines(text)
    in_a_headline = Spans(headlines).touch
    found: list[Atom] = []
    end = 0
    for count, match in enumerate(_WORD.finditer(text)):
        start, stop = match.span("body")
        before = text[end : match.start()]
        single = bool(found) and found[-1].letter
        gap, opens = _gap(before, first=not found, after_letter=single)
        tight = before != " " and gap in _WITHIN and not _WHITE.search(before)
        mark, body = match.groups()
        sigil = unicodedata.normalize("NFKC", mark) if mark else ""
        headline = bool(headlines) and in_a_headline(start, start + 1)
        plain = body.isascii() and body.isalpha()
        if plain and (body.islower() or body.istitle()):  # as nearly every word is
            found.append(
                Atom(
                    start=start,
                    end=stop,
                    forms=_forms(body, readings),
                    shape=Shape.LOWER if body.islower() else Shape.TITLE,
                    gap=gap,
                    tight=tight,
                    opens=opens,
                    possessive=False,
                    sigil=sigil,
                    word=count,
                    headline=headline,
                    dotted=text.startswith(".", stop),
                )
            )
            end = stop
            continue
        clitic = None if plain else _CLITIC.search(body)
        if clitic and clitic.start() > 0:
            body = body[: clitic.start()]
        tail = [cut.start() for cut in _TAIL.finditer(body)] if sigil else []
        cuts = (0, *(cut.start() for cut in _CAMEL.finditer(body)), *tail, len(body))
        for left, right in pairwise(cuts):
            piece = body[left:right]
            forms = _forms(piece, readings)
            if not forms:
                continue
            found.append(
                Atom(
                    start=start + left,
                    end=start + right,
                    forms=forms,
                    shape=_shape(piece),
                    gap=gap if left == 0 else Gap.NONE,
                    tight=tight and left == 0,
                    opens=opens and left == 0,
                    possessive=bool(clitic) and right == len(body),
                    sigil=sigil,
                    word=count,
                    headline=headline,
                    dotted=text.startswith(".", start + right),
                )
            )
        end = stop
    return tuple(found)


def _forms(piece: str, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Readings of one piece: as seen, as spoken, with figures for letters, without a plural s."""
    if piece.isascii() and piece.isalpha():
        form = piece.lower()
        if _DRAWN_OUT.search(form) or "vv" in form:
            return (form, *_singular(form), *_drawn_in(form))
        return (form, *_singular(form)) if form[-1] == "s" else (form,)
    forms: dict[str, None] = {}
    for reading in readings:
        form = fold(piece, reading).text.replace("'", "")
        if form:
            forms[form] = None
        if piece.isascii():
            break
    for form in tuple(forms):
        if len(form) <= _LONGEST_LEET and not form.isalpha() and not form.isdigit():
            forms.update(dict.fromkeys(_spelt_in_letters(form.translate(_LEET))))
    for form in tuple(forms):
        forms.update(dict.fromkeys(_singular(form)))
    return tuple(forms)


def _spelt_in_letters(form: str) -> Iterator[str]:
    """The form with i and with l for each of its first figures 1, and i for the others."""
    parts = form.split("1", _MOST_ONES)
    for letters in product("il", repeat=len(parts) - 1):
        ends = (part + letter for part, letter in zip(parts, (*letters, ""), strict=True))
        yield "".join(ends).replace("1", "i")


def _drawn_in(form: str) -> tuple[str, ...]:
    """``Ameeeelia`` and ``Ovvusu`` as they are meant."""
    plain = form.replace("vv", "w")
    found = dict.fromkeys(_DRAWN_OUT.sub(as_much, plain) for as_much in (r"\1", r"\1\1"))
    return tuple(one for one in found if one != form and len(one) >= _LEAST_DRAWN_OUT)


def _singular(form: str) -> tuple[str, ...]:
    """``Khans`` without its s, ``Joneses`` without its es; ``Dass`` may be what Das has."""
    if len(form) < _LEAST_PLURAL or not form.endswith("s"):
        return ()
    return (form[:-1], form[:-2]) if form.endswith(_ES) else (form[:-1],)


def _shape(piece: str) -> Shape:
    if piece.isascii():
        if piece.islower():
            return Shape.LOWER
        if piece.isalpha():
            if piece.isupper():
                return Shape.UPPER if len(piece) > 1 else Shape.TITLE
            return Shape.TITLE if piece[0].isupper() and piece[1].islower() else Shape.MIXED
    letters = [char for char in piece if char.isalpha() and not is_joining(char)]
    if not letters or all(not char.isupper() for char in letters):
        return Shape.LOWER
    if all(char.isupper() for char in letters):
        return Shape.UPPER if len(letters) > 1 else Shape.TITLE
    return Shape.TITLE if letters[0].isupper() and letters[1].islower() else Shape.MIXED


def _gap(before: str, *, first: bool, after_letter: bool) -> tuple[Gap, bool]:
    """The gap, and whether a sentence or line begins after it."""
    if before == " ":
        return Gap.SPACE, first
    if len(before) <= _USUAL_GAP:
        return _usual_gap(before, first=first, after_letter=after_letter)
    return _read_gap(before, first=first, after_letter=after_letter)


_USUAL_GAP = 4
"""Characters of a gap that is met again and again; there's no letter among them."""


@lru_cache(maxsize=2048)
def _usual_gap(before: str, *, first: bool, after_letter: bool) -> tuple[Gap, bool]:
    return _read_gap(before, first=first, after_letter=after_letter)


def _read_gap(before: str, *, first: bool, after_letter: bool) -> tuple[Gap, bool]:
    drawn = any(unicodedata.category(char) == "So" for char in before)
    bare = "".join(
        MARKS.get(char, char)
        for char in before
        if not is_joining(char) and unicodedata.category(char) not in {"So", "Sk"}
    )
    opens = first or drawn or "\n" in bare or bool(re.search(r"[.!?:•]\W*$", bare))
    quoted = _MARKUP.sub(" ", bare)
    if after_letter and re.fullmatch(r"\.\s+", bare):
        return Gap.INITIAL, False
    if bare in {"-", "\uff0d"}:
        return Gap.HYPHEN, False
    if bare and bare in {".", "_", "/", "+", "__", "___", "\\", "\u00b7"}:
        return Gap.TIGHT, False
    if not quoted.strip():
        return (Gap.SPACE if before else Gap.TIGHT), opens
    if re.fullmatch(r"\s*,\s*", quoted):
        return Gap.COMMA, "\n" in bare
    if re.fullmatch(r"\s*[(\[]\s*|[)\]]\s+", quoted):
        return Gap.BRACKET, opens
    return Gap.BREAK, opens


def _headlines(text: str) -> tuple[Place, ...]:
    """Lines of at least three words that are all in capitals, or all capitalised."""
    found = []
    start = 0
    for line in text.splitlines(keepends=True):
        words = re.findall(r"[^\W\d_]{4,}", line)
        if len(words) >= _HEADLINE_WORDS and all(word[0].isupper() for word in words):
            found.append((start, start + len(line)))
        start += len(line)
    return tuple(found)
