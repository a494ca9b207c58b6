"""The language of the rules: what a pattern finds in a text, and where."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from moderation.checks.content.grammar import listed, pattern
from moderation.checks.content.match import Labelled, Vocabulary
from moderation.checks.content.words import words_of
from moderation.checks.lexicon import prepare


CLASSES = MappingProxyType(
    {
        "animal": listed("cat+, big cat, wolf, bully"),
        "pet": listed("@animal, hamster"),
        "teach": listed("teach*, tea*"),
        "rude": listed("cabbage, leek*, lentil"),
        "filler": listed("really, so, just, very, quite"),
        "cannot": listed("can't, big cat's tail"),
    }
)


def matched(say: str, text: str) -> list[str]:
    """The stretches of a text where a pattern stands, each from its first word to its last."""
    one = pattern(say, CLASSES)
    vocabulary = Vocabulary()
    for name, entries in CLASSES.items():
        for entry in entries:
            vocabulary.add(entry, f"@{name}", hidden=name == "rude")
    for element in one.elements:
        for label in element.labels:
            if label.startswith("="):
                vocabulary.add(label[1:], label)
    vocabulary.ready()
    words = words_of(prepare(text), vocabulary)
    labelled = Labelled(words, [vocabulary.at(words, place) for place in range(len(words))])
    found = list(labelled.matches(one))
    assert labelled.has(one) or not found
    return [text[words[start].start : words[end - 1].end] for start, end in found]


@pytest.mark.parametrize(
    ("say", "text", "found"),
    [
        # words and classes
        ("feed", "We feed Tom", ["feed"]),
        ("feed", "Feed us. We feed you", ["Feed", "feed"]),
        ("feed", "We fed Tom", []),
        ("feed @animal", "We feed cats", ["feed cats"]),
        ("feed @pet", "We feed cats and feed hamsters and feed a hamster", ["feed cats"]),
        ("a|the hamster", "A hamster met the hamster", ["A hamster", "the hamster"]),
        ("big_cat ran", "The big cat ran", ["big cat ran"]),
        ("@animal ran", "The big cat ran", ["big cat ran"]),
        ("big ran", "The big cat ran", []),
        ("@cannot swim", "I can't swim", ["can't swim"]),
        ("@cannot", "the big cat's tail, the big cat's ear", ["big cat's tail"]),
        ("big_cat", "How big. Cat food", []),
        # beginnings of words
        ("@teach", "teach teacher teaching tea te", ["teach", "teacher", "teaching", "tea"]),
        # gaps, and small words that may stand between any two
        ("feed cat", "feed my cat", []),
        ("feed ...1 cat", "feed my cat", ["feed my cat"]),
        ("feed ...1 cat", "feed my old cat", []),
        ("feed ... cat", "feed my old grey cat", ["feed my old grey cat"]),
        ("feed ... cat", "feed my old grey fat cat", []),
        ("feed cat", "feed just very quite so cat", ["feed just very quite so cat"]),
        ("feed cat", "feed just very quite so really cat", []),
        ("feed ...1 cat", "feed just my very cat", ["feed just my very cat"]),
        ("feed ...2 cat now", "feed my cat now", ["feed my cat now"]),
        ("feed ...2 cat now", "feed my cat just now", ["feed my cat just now"]),
        ("feed ...2 cat now", "feed my cat right now", []),
        ("feed ...1 cat", "Feed. Cat food", []),
        # what may be missing, and what must not stand next
        ("feed my? cat", "feed cat, feed my cat, feed her cat", ["feed cat", "feed my cat"]),
        ("feed ...1 my? cat", "feed cat", ["feed cat"]),
        ("feed !my cat", "feed cat", ["feed cat"]),
        ("feed !my ...1 cat", "feed my cat, feed her cat", ["feed her cat"]),
        ("feed !@animal", "feed cats, feed cabbage", ["feed"]),
        ("feed !my", "we feed", ["feed"]),
        # the beginning and the end of a sentence
        ("^ feed cat", "Feed cat. Now feed cat. Feed cat", ["Feed cat", "Feed cat"]),
        ("feed cat $", "feed cat food. Feed cat. Feed cat", ["Feed cat", "Feed cat"]),
        ("feed ...1 $|cat", "feed my cat food", ["feed my cat"]),
        # none inside the one before
        ("cat ...2 cat", "cat cat cat cat", ["cat cat", "cat cat"]),
        ("a ...3 b", "a a b b", ["a a b"]),
        # stars for letters, in rude words alone
        ("@rude", "c*bbage c**bages c*bbagish", ["c*bbage", "c**bages"]),
        ("@rude", "l**king l***il leeky", ["l**king", "l***il", "leeky"]),
        ("@rude", "x*x", []),
        ("@animal", "c*t w*lf", []),
    ],
)
def test_a_pattern_finds_what_it_says(say: str, text: str, found: list[str]) -> None:
    assert matched(say, text) == found


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("cat", True),
        ("cats", True),
        ("big", False),
        ("tail", False),
        ("teacher", False),
        (7, False),
    ],
)
def test_a_vocabulary_knows_single_words(word: object, *, known: bool) -> None:
    vocabulary = Vocabulary()
    for entry in CLASSES["animal"]:
        vocabulary.add(entry, "@animal")
    vocabulary.add("teach*", "@teach")
    vocabulary.add("big cat's tail", "@cannot")
    vocabulary.ready()
    assert (word in vocabulary) is known


def test_a_list_has_its_plurals_and_no_empty_entry() -> None:
    assert listed("") == ()
    assert listed("baby+,, day+ , fox+,a  b") == (
        "baby",
        "babies",
        "day",
        "days",
        "fox",
        "foxes",
        "a b",
    )
    assert listed("fly+") == ("fly", "flies")
