"""Looking for patterns in a text. Costs grow with the text's length, whatever it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.checks.content.grammar import END
from moderation.checks.content.words import Word, opened


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.content.grammar import Element, Pattern

FILLER = "@filler"
MASK = "*"
_AFTER_A_MASK = frozenset({"", "s", "es", "y", "ed", "er", "ers", "ing", "in", "ty"})
_MOST_FILLERS = 4
_LEAST_PREFIX = 3

_Phrase = tuple[int, tuple[str, ...], tuple[str, ...]]
"""Its place among those of the same first word, its other words, and what it is."""

Labels = dict[str, list[int]]
"""What a phrase that begins at a word is, and where it may end (the word after it)."""


class Vocabulary:
    """All words and phrases that any class or pattern knows."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(dict)
        self._prefixes: dict[str, set[str]] = defaultdict(set)
        self._alone: dict[str, _Phrase] = {}
        self._phrases: dict[str, dict[str, list[_Phrase]]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._hidden: dict[str, list[str]] = defaultdict(list)
        self._whole: set[str] = set()

    def add(self, entry: str, label: str, *, hidden: bool = False) -> None:
        """A word, a phrase, or the beginning of a word (``teach*``).

        ``hidden``: people write it with stars for letters.
        """
        parts = entry.replace("-", " ").split()
        first, *rest = (word for part in parts for word in opened(part))
        if first.endswith("*") and not rest:
            self._prefixes[first[:-1]].add(label)
        else:
            self._exact[first].setdefault(tuple(rest), set()).add(label)
        word = first.removesuffix("*")
        if hidden and not rest and word not in self._hidden[word[0]]:
            self._hidden[word[0]].append(word)
            if first.endswith(MASK):
                self._whole.update(word + ending for ending in _AFTER_A_MASK)

    def ready(self) -> None:
        """Nothing more will be added."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for prefix in self._prefixes:
            lengths[prefix[:_LEAST_PREFIX]].add(len(prefix))
        self._lengths = {begun: tuple(sorted(found)) for begun, found in lengths.items()}
        for first, entries in self._exact.items():
            for at, (rest, labels) in enumerate(entries.items()):
                phrase = (at, rest, tuple(labels))
                if rest:
                    seconds = self._phrases.setdefault(first, {})
                    seconds.setdefault(rest[0], []).append(phrase)
                else:
                    self._alone[first] = phrase

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self._alone or word in self._whole)

    def at(self, words: Sequence[Word], place: int) -> Labels:
        """Everything that begins at a word."""
        found: Labels = {}
        readings = words[place].readings
        if MASK in readings[0]:
            readings = tuple(self._unmasked(readings[0]))
        after = place + 1
        following = words[after] if after < len(words) and not words[after].first else None
        for reading in readings:
            begun = [self._alone[reading]] if reading in self._alone else []
            if following is not None and (seconds := self._phrases.get(reading)):
                for second in dict.fromkeys(following.readings):
                    begun += seconds.get(second, ())
                begun.sort()
            for _, rest, labels in begun:
                if len(rest) <= 1 or _follow(words, after, rest):
                    for label in labels:
                        found.setdefault(label, []).append(after + len(rest))
            for length in self._lengths.get(reading[:_LEAST_PREFIX], ()):
                if length > len(reading):
                    break
                for label in self._prefixes.get(reading[:length], ()):
                    found.setdefault(label, []).append(after)
        return found

    def _unmasked(self, reading: str) -> Iterator[str]:
        """The words that a reading with stars may be: ``sh*t``, ``f***ing``."""
        for word in self._hidden.get(reading[0], ()):
            rest = reading[len(word) :]
            if len(reading) >= len(word) and rest in _AFTER_A_MASK and hides(reading, word):
                yield word


def hides(reading: str, word: str) -> bool:
    """Whether each star stands for a letter of the word and the others are the word's."""
    return all(one in {MASK, other} for one, other in zip(reading, word, strict=False))


def _follow(words: Sequence[Word], place: int, rest: tuple[str, ...]) -> bool:
    if place + len(rest) > len(words):
        return False
    for at, wanted in enumerate(rest, place):
        word = words[at]
        if word.first or wanted not in word.readings:
            return False
    return True


@dataclass(slots=True)
class Labelled:
    """A text's words with what each of them is."""

    words: Sequence[Word]
    labels: list[Labels]
    where: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sentence: list[int] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    """The labels of ``where``: two sets are compared by the smaller of them."""

    def __post_init__(self) -> None:
        count = 0
        for word in self.words:
            count += word.first
            self.sentence.append(count)
        for place, labels in enumerate(self.labels):
            for label in labels:
                self.where[label].append(place)
        self.met.update(self.where)

    def add(self, place: int, label: str, end: int) -> None:
        """A thing that no list can tell, e.g. that a word is a name."""
        self.labels[place].setdefault(label, []).append(end)
        self.where[label].append(place)
        self.met.add(label)

    def has(self, pattern: Pattern) -> bool:
        """Whether everything that a pattern needs is somewhere."""
        return not any(map(self.met.isdisjoint, pattern.needed))

    def starts(self, pattern: Pattern) -> list[int]:
        """Where a pattern may begin, in order."""
        places = {
            place for label in pattern.elements[0].labels for place in self.where.get(label, ())
        }
        return sorted(places)

    def matches(self, pattern: Pattern) -> Iterator[tuple[int, int]]:
        """Half-open places, in words, where a pattern stands; none inside the one before."""
        last = 0
        for start in self.starts(pattern):
            if start < last or (pattern.opening and not self.words[start].first):
                continue
            end = self._end(pattern.elements, 0, start)
            if end is not None:
                yield start, end
                last = end

    def _end(self, elements: tuple[Element, ...], at: int, place: int) -> int | None:
        if at == len(elements):
            return place
        element = elements[at]
        if element.forbidden:
            here = self._here(element, place, at)
            return None if here else self._end(elements, at + 1, place)
        if END in element.labels and (place >= len(self.words) or self.words[place].first):
            return self._end(elements, at + 1, place)
        began, gap, fillers = place, element.gap, _MOST_FILLERS if at else 0
        while place < len(self.words) and not (at and self.words[place].first):
            for end in self._here(element, place, at):
                done = self._end(elements, at + 1, end)
                if done is not None:
                    return done
            if fillers and FILLER in self.labels[place]:
                fillers -= 1
            elif gap:
                gap -= 1
            else:
                break
            place += 1
        return self._end(elements, at + 1, began) if element.optional else None

    def _here(self, element: Element, place: int, at: int) -> list[int]:
        if place >= len(self.words) or (at and self.words[place].first):
            return []
        labels = self.labels[place]
        if len(element.labels) < len(labels):
            common = [label for label in element.labels if label in labels]
        else:
            common = [label for label in labels if label in element.labels]
        return [end for label in common for end in labels[label]]
