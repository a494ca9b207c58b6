"""A text as the words that a reader sees: contractions opened, hashtags taken apart.

Every word keeps its half-open place in the folded text; the words of one contraction share theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from moderation.checks.names.words import EVERYDAY, TITLES


if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from moderation.checks.lexicon import Prepared, Token


_ENDINGS = {"'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "'d": "would", "'s": "'s"}
_AS_MEANT = """
ain't is not; aint is not; arent are not; can't can not; cannot can not; cant can not
couldnt could not; didnt did not; doesnt does not; dont do not; em them; finna going to
gonna going to; gotta got to; hasnt has not; havent have not; hes he is; im i am; ima i will
imma i will; isnt is not; ive i have; let's let us; lets let us; r are; shan't will not
shes she is; shouldnt should not; thats that is; theres there is; theyll they will
theyre they are; u you; ur your; wanna want to; wasnt was not; werent were not; weve we have
whats what is; whos who is; won't will not; wont will not; wouldnt would not; ya you
y'all you all; yall you all; youll you will; youre you are; yous you; youve you have
"""
_OPENED = {
    written: tuple(meant)
    for entry in re.split("[;\n]", _AS_MEANT.strip())
    for written, *meant in (entry.split(),)
}


def opened(word: str) -> tuple[str, ...]:
    """A word of our lists as it would be met in a text: ``can't`` is two, ``Down's`` is two."""
    if word in _OPENED:
        return _OPENED[word]
    return (word[:-2], "'s") if word.endswith("'s") and len(word) > len("'s") else (word,)


_STOP = re.compile(r"[.!?\n;|\u2022]")
_SHORT = TITLES | {"st", "yr", "no", "vs"}
"""Words that a full stop may follow within a sentence."""
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
LONGEST_TAG = 40
_LONGEST_PART = 16
_LEAST_PART = 2
_LEAST_NAME = 3
_AFTER_A_NAME = ("is", "are", "school", "staff", "academy", "primary", "you")
_SINGLES = frozenset({"a", "i", "u"})


# Not frozen: a post has hundreds of them, and a frozen one takes three times as long to make.
@dataclass(slots=True, repr=False)
class Word:
    """One word, with every way of reading it; ``first``: it begins a sentence."""

    start: int
    end: int
    readings: tuple[str, ...]
    first: bool
    quoted: bool = False


def words_of(prepared: Prepared, known: Container[str]) -> tuple[Word, ...]:
    """Every word in order. ``known`` are words besides everyday ones that hashtags are made of."""
    return tuple(_words(prepared, known))


def _words(prepared: Prepared, known: Container[str]) -> Iterator[Word]:
    folded, tokens = prepared.folded.text, prepared.words.tokens
    quoted, first = False, True
    for before, token in pairwise((None, *tokens)):
        if token is not None:
            gap = folded[before.end if before else 0 : token.start]
            if before is None:
                quoted = gap.count('"') % 2 == 1
            elif gap != " ":
                quoted ^= gap.count('"') % 2 == 1
                first = bool(_STOP.search(gap)) and not _runs_on(gap, before)
            else:
                first = False
        if token is None:
            continue
        for parts in _parts(prepared, token, known):
            yield Word(token.start, token.end, parts, first, quoted)
            first = False


def _runs_on(gap: str, before: Token) -> bool:
    """Whether a full stop belongs to the word before it: ``Mr. Lund``."""
    return gap.strip() == "." and before.readings[0] in _SHORT


def _parts(prepared: Prepared, token: Token, known: Container[str]) -> Iterator[tuple[str, ...]]:
    folded = prepared.folded.text
    if token.start and folded[token.start - 1] == "#":
        start, end = prepared.folded.span(token.start, token.end)
        tag = prepared.folded.original[start:end]
        for part in _tag_parts(tag, token.readings, known):
            yield (part,)
        return
    written = folded[token.start : token.end]
    if written in _OPENED:
        for part in _OPENED[written]:
            yield (part,)
        return
    if "'" not in written:
        yield token.readings
        return
    stem, mark, ending = written.rpartition("'")
    if mark + ending in _ENDINGS and stem:
        yield (stem.replace("'", ""),)
        yield (_ENDINGS[mark + ending],)
    elif ending == "t" and stem.endswith("n") and stem != "n":
        yield (stem[:-1],)
        yield ("not",)
    else:
        yield token.readings


def _tag_parts(tag: str, readings: tuple[str, ...], known: Container[str]) -> tuple[str, ...]:
    humps = _HUMP.findall(tag) if tag.isascii() else []
    if len(humps) > 1 and "".join(humps) == tag:
        return tuple(hump.lower() for hump in humps)
    for reading in readings:
        if len(reading) <= LONGEST_TAG:
            parts = _run_together(reading, known) or _after_a_name(reading, known)
            if parts:
                return parts
    return readings[:1]


def _after_a_name(tag: str, known: Container[str]) -> tuple[str, ...]:
    """``oakfieldisbrilliant``: what nobody knows, a small word, and the rest in known words."""
    for end in range(_LEAST_NAME, len(tag)):
        for word in _AFTER_A_NAME:
            begin = end + len(word)
            if tag.startswith(word, end) and begin < len(tag):
                parts = _run_together(tag[begin:], known)
                if parts:
                    return (tag[:end], word, *parts)
    return ()


def apart(readings: tuple[str, ...], known: Container[str]) -> tuple[tuple[str, ...], ...]:
    """Letters apart: one word's readings, or several words where they only make sense as such."""
    run = readings[0]
    if len(run) > _LONGEST_PART or any(reading in known for reading in readings):
        return (readings,)
    parts = _run_together(run, known)
    return tuple((part,) for part in parts) if len(parts) > 1 else (readings,)


def _run_together(text: str, known: Container[str]) -> tuple[str, ...]:
    """The fewest words that a run of letters falls into; none where it doesn't."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _LONGEST_PART), end):
            before, part = best[start], text[start:end]
            if before is None or not (_is_word(part) or part in known):
                continue
            so_far = best[end]
            if so_far is None or len(before) + 1 < len(so_far):
                best[end] = (*before, part)
    return best[-1] or ()


@lru_cache(maxsize=4096)
def _is_word(part: str) -> bool:
    if len(part) < _LEAST_PART:
        return part in _SINGLES
    return part in EVERYDAY or part.isdigit()
