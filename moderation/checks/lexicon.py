"""A pack's own words and patterns, looked for in folded text.

Words are met in any case and dress: accents, look-alike letters, figures for letters (``sh1t``),
single letters apart (``s h i t``), letters drawn out (``shiiit``) or masked (``sh*t``). In a pack,
a ``*`` ends a word of any ending. Patterns are regular expressions over the folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from moderation.checks.fold import Folded, fold
from moderation.checks.spans import Spans, merged


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from moderation.policies.model import Rule


_TOKEN = re.compile(
    r"(?:(?<![\w$])[$@](?=[a-z]))?[^\W_]+(?:(?:['!$@]|\*{1,6})[^\W_]+)*(?:\$+|(?<=\b[bcfstw])\*{2,6})?"
)
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][ .,\-_*~/+|]{1,2}){2,}[^\W_](?![^\W_])")
MASK = "*"
_MASKED = re.compile(r"[a-z]+\*{1,6}[a-z]*")
_BETWEEN_WORDS = re.compile(r"[ \t\n'\-_*~#]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_FIGURES = str.maketrans("013456789$@!", "oieasgtbgsai")
_OTHER_FIGURES = str.maketrans("013456789$@!", "oleasbtbgsal")
_LEAST_PREFIX = 3
_LONGEST_WORD = 40
"""Letters, beyond which a run is no word and is read as it stands."""


# Not frozen: a post has hundreds of them, and a frozen one takes three times as long to make.
@dataclass(slots=True, repr=False)
class Token:
    """A word of folded text with its readings; half-open offsets into the folded text."""

    start: int
    end: int
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    open_ended: tuple[bool, ...]

    def matches(self, tokens: tuple[Token, ...]) -> bool:
        return all(
            any(_is(reading, word, open_ended=open_ended) for reading in token.readings)
            for token, word, open_ended in zip(tokens, self.words, self.open_ended, strict=True)
        )


def _is(reading: str, word: str, *, open_ended: bool) -> bool:
    """Whether a reading is the word; a ``*`` in the reading hides any letter."""
    if MASK not in reading:
        return reading.startswith(word) if open_ended else reading == word
    same_length = len(reading) >= len(word) if open_ended else len(reading) == len(word)
    return same_length and all(
        letter in {MASK, wanted} for letter, wanted in zip(reading, word, strict=False)
    )


class Words:
    """The words of a text by what they may be read as, so that no rule goes through all of them.

    Only a pack with words of its own asks for that, so it is put in order when it is asked for.
    """

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens

    @cached_property
    def masked(self) -> tuple[int, ...]:
        """The tokens with a letter hidden, which could be anything."""
        return tuple(
            at
            for at, token in enumerate(self.tokens)
            if MASK in token.readings[0] and _MASKED.fullmatch(token.readings[0])
        )

    @cached_property
    def readings(self) -> frozenset[str]:
        """Everything that a word may be read as: most rules have no word among it."""
        return frozenset(reading for token in self.tokens for reading in token.readings)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """How any of the readings may begin."""
        return frozenset(
            reading[:length]
            for reading in self.readings
            for length in range(_LEAST_PREFIX - 1, min(len(reading), _LONGEST_WORD) + 1)
        )

    @cached_property
    def exact(self) -> dict[str, list[int]]:
        """From a reading to the indices of its tokens."""
        met: dict[str, list[int]] = {}
        for at, token in self._open():
            for reading in token.readings:
                met.setdefault(reading, []).append(at)
        return met

    @cached_property
    def prefixes(self) -> dict[str, list[int]]:
        """From the beginning of a reading to the indices of its tokens."""
        met: dict[str, list[int]] = {}
        for at, token in self._open():
            begun = dict.fromkeys(
                reading[:length]
                for reading in token.readings
                for length in range(_LEAST_PREFIX - 1, min(len(reading), _LONGEST_WORD) + 1)
            )
            for prefix in begun:
                met.setdefault(prefix, []).append(at)
        return met

    def _open(self) -> Iterator[tuple[int, Token]]:
        hidden = frozenset(self.masked)
        return ((at, token) for at, token in enumerate(self.tokens) if at not in hidden)


class Phrases:
    """A rule's words, ready to be looked up by their first word."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._exact: dict[str, list[_Phrase]] = {}
        self._prefixes: dict[str, list[_Phrase]] = {}
        for phrase in phrases:
            parts = re.split(r"[ -]", phrase.replace("'", ""))
            ready = _Phrase(
                tuple(part.rstrip("*") for part in parts),
                tuple(part.endswith("*") for part in parts),
            )
            index = self._prefixes if ready.open_ended[0] else self._exact
            index.setdefault(ready.words[0], []).append(ready)

    def found(self, words: Words, joined: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
        """Folded places of every phrase. ``joined``: whether some words stand side by side."""
        for at, phrase in self._likely(words):
            end = at + len(phrase.words)
            if end > len(words.tokens) or not phrase.matches(words.tokens[at:end]):
                continue
            if joined(at, end):
                yield words.tokens[at].start, words.tokens[end - 1].end

    def _likely(self, words: Words) -> Iterator[tuple[int, _Phrase]]:
        """Where a phrase's first word stands, or might."""
        hidden = bool(words.masked)
        if hidden or not self._exact.keys().isdisjoint(words.readings):
            yield from _met(self._exact, words.exact, words.masked)
        if self._prefixes and (hidden or not self._prefixes.keys().isdisjoint(words.beginnings)):
            yield from _met(self._prefixes, words.prefixes, words.masked)


def _met(
    index: dict[str, list[_Phrase]], there: dict[str, list[int]], masked: tuple[int, ...]
) -> Iterator[tuple[int, _Phrase]]:
    for word in index.keys() & there.keys():
        for phrase in index[word]:
            yield from ((at, phrase) for at in there[word])
    for at in masked:
        for phrases in index.values():
            yield from ((at, phrase) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text folded and cut once for all rules."""

    folded: Folded
    words: Words
    spaced: Words

    def joined(self, start: int, end: int) -> bool:
        """Whether nothing but space stands between the words from ``start`` to ``end``."""
        between = pairwise(self.words.tokens[start:end])
        gaps = (self.folded.text[left.end : right.start] for left, right in between)
        return all(map(_BETWEEN_WORDS.fullmatch, gaps))


def prepare(text: str) -> Prepared:
    """Fold and cut a text. Linear in its length."""
    folded = fold(text)
    drawn_out = bool(_DRAWN_OUT.search(folded.text))
    tokens = tuple(
        Token(match.start(), match.end(), _readings(match[0], drawn_out=drawn_out))
        for match in _TOKEN.finditer(folded.text)
    )
    spaced = tuple(
        Token(match.start(), match.end(), _spaced_readings(re.sub(r"[\W_]", "", match[0])))
        for match in _SPACED.finditer(folded.text)
    )
    return Prepared(folded, Words(tokens), Words(spaced))


def _readings(word: str, *, drawn_out: bool = True) -> tuple[str, ...]:
    """As written, with letters for figures, and with drawn-out letters shortened."""
    if not drawn_out and word.isalpha():
        return (word,)
    plain = word.replace("'", "")
    readings = {plain.lstrip("@"): None}
    if not plain.isalpha() and not plain.isdigit():
        readings[plain.translate(_FIGURES)] = None
        readings[plain.translate(_OTHER_FIGURES)] = None
    for reading in tuple(readings):
        if _DRAWN_OUT.search(reading):
            readings[_DRAWN_OUT.sub(r"\1", reading)] = None
            readings[_DRAWN_OUT.sub(r"\1\1", reading)] = None
    if word.endswith("'s"):
        readings[word[:-2]] = None
    return tuple(readings)


def _spaced_readings(run: str) -> tuple[str, ...]:
    """Letters apart, without a word of one letter before or after them."""
    if len(run) > _LONGEST_WORD:
        return (run,)
    runs = (run, run[1:], run[:-1]) if len(run) > _LEAST_PREFIX else (run,)
    return tuple(dict.fromkeys(reading for part in runs for reading in _readings(part)))


@lru_cache(maxsize=512)
def _phrases(words: tuple[str, ...]) -> Phrases:
    return Phrases(words)


def places(rule: Rule, prepared: Prepared) -> tuple[tuple[int, int], ...]:
    """Where a rule's words and patterns stand: half-open places in the original text, in order.

    A place that an ``unless`` overlaps is excused; overlapping places of one rule are joined.
    """
    found = [*_found(rule.words, rule.patterns, prepared)]
    if not found:
        return ()
    excused = Spans(_found(rule.unless, rule.unless_patterns, prepared))
    kept = merged(place for place in found if not excused.touch(*place))
    return tuple(prepared.folded.span(start, end) for start, end in kept)


def _alone(start: int, end: int) -> bool:
    return end - start == 1


def _found(
    words: tuple[str, ...], patterns: tuple[re.Pattern[str], ...], prepared: Prepared
) -> Iterator[tuple[int, int]]:
    if words:
        phrases = _phrases(words)
        yield from phrases.found(prepared.words, prepared.joined)
        if prepared.spaced.tokens:
            yield from phrases.found(prepared.spaced, _alone)
    for pattern in patterns:
        for match in pattern.finditer(prepared.folded.text):
            if match.end() > match.start():
                yield match.start(), match.end()
