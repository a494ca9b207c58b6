"""What the rules of content see in a draft. What it means, the policy pack says.

A person's name is told from the way it is written and from the staff list; nobody is looked up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from moderation.checks.content.book import book
from moderation.checks.content.grammar import (
    COPYRIGHT,
    COUPON,
    FIGURE,
    HANDLE,
    MONEY,
    NAMED,
    PERCENT,
)
from moderation.checks.content.match import Labelled
from moderation.checks.content.words import Word, apart, words_of
from moderation.checks.names.words import EVERYDAY, TITLES
from moderation.checks.sighting import Sighting
from moderation.checks.spans import Spans, merged
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.checks.content.book import Entry
    from moderation.checks.content.match import Labels
    from moderation.checks.lexicon import Prepared
    from moderation.checks.spans import Place
    from moderation.policies.model import Kind

_FIGURES = re.compile(r"\d+")
_PENCE = re.compile(r"\d+(?:p|k)")
_SUMS = frozenset({"quid", "grand", "pounds", "pound", "euros", "squid"})
_NUMBERS = frozenset(
    (
        *("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        *("fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        *("hundred", "thousand", "few", "couple"),
    )
)
_CURRENCY = frozenset("£$€")
_MOSTLY = 0.6
_NOBODYS = frozenset({"@people", "@group", "@i"})
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CALENDAR = frozenset(
    (
        *_WEEK,
        *(f"{day}s" for day in _WEEK),
        *("january", "february", "september", "october", "november", "december", "halloween"),
    )
)
_CODE_LENGTHS = range(4, 16)
GRAVEST_FIRST = (
    "threatening",
    "hateful",
    "defamatory_grave",
    "obscene",
    "profane",
    "personal_attack",
    "defamatory",
    "threatening_perhaps",
    "hateful_perhaps",
    "disparaging",
    "coarse",
    "unlawful",
    "fraudulent",
    "unlawful_perhaps",
    "misleading",
    "advertising",
    "private_business",
)
"""Of what is to be removed, where two see the same words the first speaks alone."""

WORD_BY_WORD = frozenset({"profane", "coarse", "obscene"})
"""Every rude word is marked by itself; otherwise a sentence is."""


def contents(prepared: Prepared, field: str, kind: Kind) -> Iterator[Sighting]:
    """Everything that the rules see in one field, each with its place."""
    found: dict[tuple[Check, str], tuple[Place, ...]] = {}
    apart = (_labelled_apart(prepared),) if prepared.spaced.tokens else ()
    for labelled in (_labelled(prepared), *apart):
        told: dict[tuple[Check, str], list[Place]] = defaultdict(list)
        for entry, stretches in _stretches(labelled, kind):
            told[entry.check, entry.category] += stretches
        for key, stretches in told.items():
            found[key] = merged((*found.get(key, ()), *_places(key[1], stretches, labelled)))
    for check, category, place in _gravest(found):
        start, end = prepared.folded.span(*place)
        yield Sighting(check=check, category=category, field=field, start=start, end=end)


def _gravest(
    found: dict[tuple[Check, str], tuple[Place, ...]],
) -> Iterator[tuple[Check, str, Place]]:
    taken: list[Place] = []
    ranked = sorted(found.items(), key=lambda item: _rank(item[0][1]))
    for (check, category), places in ranked:
        if check is not Check.REMOVAL_CRITERIA:
            yield from ((check, category, place) for place in places)
            continue
        before = Spans(taken)
        kept = [place for place in places if not before.touch(*place)]
        taken += kept
        yield from ((check, category, place) for place in kept)


def _rank(category: str) -> int:
    return GRAVEST_FIRST.index(category) if category in GRAVEST_FIRST else len(GRAVEST_FIRST)


def _stretches(labelled: Labelled, kind: Kind) -> Iterator[tuple[Entry, list[Place]]]:
    """What is seen, from which word to which."""
    known = book()
    matched: dict[int, list[Place]] = defaultdict(list)
    for at, pattern in known.worth_trying(labelled.where):
        if kind in known.entries[at].kinds and labelled.has(pattern):
            matched[at].extend(labelled.matches(pattern))
    words = labelled.words
    for at, stretches in sorted(matched.items()):
        entry = known.entries[at]
        excused = _excused(entry, labelled) if stretches else ()
        kept = [
            (start, end)
            for start, end in stretches
            if labelled.sentence[start] not in excused
            and (entry.in_quotes or not words[start].quoted)
        ]
        yield entry, kept


def _places(category: str, stretches: list[Place], labelled: Labelled) -> Iterator[Place]:
    """Places in the folded text."""
    each = category in WORD_BY_WORD
    for start, end in stretches if each else _one_a_sentence(stretches, labelled.sentence):
        yield labelled.words[start].start, labelled.words[end - 1].end


def _one_a_sentence(stretches: list[Place], sentence: list[int]) -> Iterable[Place]:
    """What one sentence says in several places is one thing to look at."""
    joined: dict[int, Place] = {}
    for start, end in stretches:
        first, last = joined.get(sentence[start], (start, end))
        joined[sentence[start]] = (min(first, start), max(last, end))
    return joined.values()


def _excused(entry: Entry, labelled: Labelled) -> set[int]:
    return {
        labelled.sentence[start]
        for pattern in entry.unless
        if labelled.has(pattern)
        for start, _ in labelled.matches(pattern)
    }


def _labelled(prepared: Prepared) -> Labelled:
    vocabulary = book().vocabulary
    words = words_of(prepared, vocabulary)
    labelled = Labelled(words, [vocabulary.at(words, place) for place in range(len(words))])
    _figures(labelled, prepared.folded.text)
    _names(labelled, prepared)
    _codes(labelled, prepared)
    return labelled


def _labelled_apart(prepared: Prepared) -> Labelled:
    """Words whose letters stand apart, each by itself."""
    vocabulary = book().vocabulary
    words = tuple(
        Word(token.start, token.end, readings, first=not place)
        for token in prepared.spaced.tokens
        for place, readings in enumerate(apart(token.readings, vocabulary))
    )
    return Labelled(words, [vocabulary.at(words, place) for place in range(len(words))])


def _figures(labelled: Labelled, folded: str) -> None:
    for place, word in enumerate(labelled.words):
        reading = word.readings[0]
        if reading[0].isdigit() or reading in _NUMBERS:
            after = labelled.words[place + 1 : place + 2]
            if after and not after[0].first:
                if after[0].readings[0] in _SUMS:
                    labelled.add(place, MONEY, place + 2)
                elif after[0].readings[0] == "percent":
                    labelled.add(place, PERCENT, place + 2)
        if not reading[0].isdigit():
            continue
        if _FIGURES.fullmatch(reading):
            labelled.add(place, FIGURE, place + 1)
        if folded[word.end : word.end + 2].lstrip().startswith("%"):
            labelled.add(place, PERCENT, place + 1)
        before = folded[max(0, word.start - 2) : word.start].rstrip()[-1:]
        if (before and before in _CURRENCY) or _PENCE.fullmatch(reading):
            labelled.add(place, MONEY, place + 1)


def _names(labelled: Labelled, prepared: Prepared) -> None:
    """A title and a word; or capitals that no everyday word has within a sentence."""
    words = labelled.words
    capital = [_capital(prepared, word) for word in words]
    shouted = sum(capital) > _MOSTLY * len(words)
    for place, word in enumerate(words):
        after = place + 1
        if after < len(words) and word.readings[0] in TITLES and not words[after].first:
            titled = capital[after] or words[after].readings[0] not in EVERYDAY
            if titled:
                labelled.add(place, NAMED, after + 1)
        elif not shouted and capital[place] and _is_a_name(word, labelled.labels[place]):
            both = after < len(words) and capital[after] and not words[after].first
            labelled.add(place, NAMED, after + 1 if both else after)


def _is_a_name(word: Word, labels: Labels) -> bool:
    """``Poles``, ``I`` and ``Mondays`` are capital letters' own, and nobody's name."""
    form = word.readings[0]
    return form not in EVERYDAY and form not in _CALENDAR and _NOBODYS.isdisjoint(labels)


def _capital(prepared: Prepared, word: Word) -> bool:
    return prepared.folded.original[prepared.folded.places[word.start]].isupper()


def _codes(labelled: Labelled, prepared: Prepared) -> None:
    """What is written like a shop's code (``SAVE20``), and handles."""
    original, places = prepared.folded.original, prepared.folded.places
    handles, copyrights = "@" in original, "\u00a9" in original
    for place, word in enumerate(labelled.words):
        first, last = places[word.start], places[word.end - 1]
        written = original[first : last + 1]
        if handles and (written[:1] == "@" or original[max(0, first - 1) : first] == "@"):
            labelled.add(place, HANDLE, place + 1)
        if copyrights and "\u00a9" in original[max(0, first - 2) : first]:
            labelled.add(place, COPYRIGHT, place + 1)
        if written.isupper() and len(written) in _CODE_LENGTHS and written.isalnum():
            labelled.add(place, COUPON, place + 1)
