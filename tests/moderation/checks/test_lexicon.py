"""Words and patterns of a pack: met in any dress, excused where the pack says so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from moderation.checks.lexicon import places, prepare
from moderation.policies.model import Check, Rule, Severity


RULE = Rule(
    id="clatter",
    clause="MILL-1",
    check=Check.OPINION,
    severity=Severity.FLAG,
    why="This clatters.",
    category="noise",
    words=("clatter*", "bang", "bang on", "that's loud", "din"),
    unless=("bang on time",),
    patterns=(re.compile(r"\bb+oom\b"),),
    unless_patterns=(re.compile(r"\bsonic boom\b"),),
)


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in places(RULE, prepare(text))]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("What a clatter", ["clatter"]),
        ("CLATTERING on", ["CLATTERING"]),
        ("Cl\u00e1ttered", ["Cl\u00e1ttered"]),
        ("\u0441latter", ["\u0441latter"]),
        ("b4ng!", ["b4ng"]),
        ("b a n g", ["b a n g"]),
        ("a b-a-n-g", ["a b-a-n-g"]),
        ("baaaang", ["baaaang"]),
        ("Bang, they went", ["Bang"]),
        ("bang's end", ["bang's"]),
        ("it is bang\non the nose", ["bang\non"]),
        ("that\u2019s loud", ["that\u2019s loud"]),
        ("thats loud", ["thats loud"]),
        ("boom and bbboom", ["boom", "bbboom"]),
        ("d!n", ["d!n"]),
    ],
)
def test_a_word_is_met_in_any_dress(text: str, marked: list[str]) -> None:
    assert found(text) == marked


@pytest.mark.parametrize(
    "text",
    [
        "Bangor, bangle, shebang",
        "bang on time",
        "a sonic boom",
        "dinner, din-dins? no: dine",
        "chatter and natter",
        "",
        "dìnosaur",
    ],
)
def test_another_word_or_an_excused_one_is_left_alone(text: str) -> None:
    allowed = ["din"]
    assert [word for word in found(text) if word not in allowed] == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("b*ng", ["b*ng"]),
        ("b**g!", ["b**g"]),
        ("cl*tter", ["cl*tter"]),
        ("cl*ttering", ["cl*ttering"]),
        ("b*ng on the nose", ["b*ng on"]),
        ("that's l*ud", ["that's l*ud"]),
        ("b*nge", []),
        ("b*n", []),
        ("b*d", []),
        ("cl*tte", []),
        ("cl*nker", []),
        ("that's l*st", []),
    ],
)
def test_a_hidden_letter_may_be_any_and_the_others_are_as_written(
    text: str, marked: list[str]
) -> None:
    assert found(text) == marked


def test_a_phrase_doesnt_cross_the_end_of_a_sentence() -> None:
    assert found("That's. Loud") == []


@given(st.text(max_size=200))
def test_any_text_is_answered_with_rising_places_inside_it(text: str) -> None:
    end = 0
    for start, stop in places(RULE, prepare(text)):
        assert 0 <= start < stop <= len(text)
        assert start >= end
        end = start


@given(st.text(alphabet="xyz .,\n", max_size=30), st.text(alphabet="xyz .,\n", max_size=30))
def test_a_word_between_any_others_is_found(before: str, after: str) -> None:
    text = f"{before} bang {after}"
    assert "bang" in found(text)
