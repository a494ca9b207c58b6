"""The rules of content, read once from the data files beside this."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from moderation.checks.content.grammar import MADE, Pattern, listed, pattern
from moderation.checks.content.match import Vocabulary
from moderation.checks.names.words import EVERYDAY
from moderation.policies.model import Check, Kind


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILES = ("words", "people", "foul", "hate", "threats", "attacks", "law", "trade", "school")
_SHORT, _SMALL, _EVERYDAY, _EVERYWHERE = 4, 60, 8, 1_000
_COMMONEST = frozenset(
    (
        *("the", "a", "an", "and", "to", "of", "in", "on", "at", "for", "with", "by", "from", "as"),
        *("is", "are", "be", "was", "were", "have", "has", "had", "do", "does", "'s", "not", "or"),
        *("i", "me", "my", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her"),
        *("they", "them", "their", "it", "this", "that", "out", "up", "if", "when", "all", "so"),
        *("no", "will", "would", "can", "get", "go", "one", "about", "day", "just", "@named"),
    )
)
"""What hardly a text is without: a pattern that is looked for by one of these is tried in vain."""
HIDDEN = frozenset({"profane", "obscene", "slur", "slur_plural"})
"""Classes whose words people write with stars for letters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is seen where one of ``say`` stands and none of ``unless`` in the same sentence."""

    check: Check
    category: str
    say: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    kinds: frozenset[Kind]
    in_quotes: bool


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that the data files say."""

    entries: tuple[Entry, ...]
    vocabulary: Vocabulary
    classes: Mapping[str, tuple[str, ...]]
    telling: Mapping[str, tuple[tuple[int, Pattern], ...]]
    """By the label that is rarest in it, every pattern to look for, with its entry's place."""

    def worth_trying(self, labels: Iterable[str]) -> Iterator[tuple[int, Pattern]]:
        """The patterns that a text with these labels may hold."""
        seen: set[int] = set()
        for label in labels:
            for entry, one in self.telling.get(label, ()):
                if id(one) not in seen:
                    seen.add(id(one))
                    yield entry, one


@cache
def book() -> Book:
    """All of it. Raises ``ValueError`` for a pattern that can't be read."""
    told = [tomllib.loads(_text(name)) for name in FILES]
    classes: dict[str, tuple[str, ...]] = {}
    for table in told:
        for name, entries in table.get("words", {}).items():
            classes[name] = listed(entries)
    classes["people"] = (*classes["people"], *_people(classes))
    entries = tuple(_entry(see, classes) for table in told for see in table.get("see", ()))
    vocabulary = _vocabulary(classes, entries)
    return Book(entries, vocabulary, classes, _telling(entries, classes))


def _telling(
    entries: tuple[Entry, ...], classes: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[tuple[int, Pattern], ...]]:
    commonness = {f"@{name}": sum(map(_common, words)) for name, words in classes.items()}
    telling: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
    for at, entry in enumerate(entries):
        for one in entry.say:
            rarest = min(
                one.needed,
                key=lambda labels: sum(
                    commonness.get(label) or _common(label.lstrip("=")) for label in labels
                ),
            )
            for label in rarest:
                telling[label].append((at, one))
    return {label: tuple(patterns) for label, patterns in telling.items()}


def _common(word: str) -> int:
    """How much a word is to be met with in any text."""
    if word in _COMMONEST:
        return _EVERYWHERE
    if len(word) <= _SHORT:
        return _SMALL
    return _EVERYDAY if word in EVERYDAY or word in MADE else 1


def _text(name: str) -> str:
    return (files("moderation.checks.content") / f"{name}.toml").read_text(encoding="utf-8")


def _people(classes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """``gay`` and ``families`` make ``gay families``."""
    for group in classes["group"]:
        for folk in classes["folk"]:
            yield f"{group} {folk}"


def _entry(see: Mapping[str, Any], classes: Mapping[str, tuple[str, ...]]) -> Entry:
    return Entry(
        check=Check(see["check"]),
        category=see["category"],
        say=tuple(pattern(text, classes) for text in see["say"]),
        unless=tuple(pattern(text, classes) for text in see.get("unless", ())),
        kinds=frozenset(map(Kind, see.get("kinds", tuple(Kind)))),
        in_quotes=see.get("in_quotes", True),
    )


def _vocabulary(classes: Mapping[str, tuple[str, ...]], entries: tuple[Entry, ...]) -> Vocabulary:
    vocabulary = Vocabulary()
    for name, words in classes.items():
        for word in words:
            if not word.startswith("@"):
                vocabulary.add(word, f"@{name}", hidden=name in HIDDEN)
    for entry in entries:
        for one in (*entry.say, *entry.unless):
            for element in one.elements:
                for label in element.labels:
                    if label.startswith("="):
                        vocabulary.add(label[1:], label)
    vocabulary.ready()
    return vocabulary
