"""Folding: what a reader sees, and where it stood."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from moderation.checks.fold import Reading, fold, is_joining, is_latin, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AMELIA", "amelia"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Łukasz", "lukasz"),
        ("Đặng", "dang"),
        ("Straße", "strasse"),
        ("\uff21\uff4d\uff45\uff4c\uff49\uff41", "amelia"),
        ("\U0001d4d0\U0001d4f6\U0001d4ee\U0001d4f5\U0001d4f2\U0001d4ea", "amelia"),
        ("\u24b6\u24dc\u24d4\u24db\u24d8\u24d0", "amelia"),
        ("\u24b6\u24e9", "az"),
        ("\U0001f130\U0001f149", "az"),
        ("\U0001f150\U0001f170", "aa"),
        ("\U0001f1e6\U0001f1ff", "az"),
        ("A\u200bme\u00adlia\ufe0f", "amelia"),
        ("O\u2019Brien", "o'brien"),
        ("Smith\u2013Jones", "smith-jones"),
        ("\ufb01nn", "finn"),
        ("a\u00a0b", "a b"),
        # signs that stand for themselves
        ("\u00a9 \u20ac5", "\u00a9 \u20ac5"),
    ],
)
def test_one_name_in_many_dresses_reads_the_same(written: str, read: str) -> None:
    for reading in Reading:
        assert fold(written, reading).text == read


def test_a_foreign_letter_is_read_by_its_looks_and_by_its_sound() -> None:
    imitation = "\u0410m\u0435li\u0430"
    assert fold(imitation, Reading.VISUAL).text == "amelia"
    russian = "\u0421\u0430\u0448\u0430"
    assert fold(russian, Reading.SPOKEN).text == "sasha"
    assert fold(russian, Reading.VISUAL).text != "sasha"
    assert plain(imitation, Reading.VISUAL) == "amelia"
    assert plain(russian) == "sasha"


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("", True),
        ("\u0410m\u0435li\u0430", True),
        ("\u0421\u0430\u0448\u0430", False),
        ("\u011b\u0161\u010d\u0159", True),
        ("A \u0421\u0430", False),
        ("Am \u0421\u0430\u0448", False),
        ("Am \u0421\u0430", True),
        # neither signs nor accents are letters of another alphabet
        ("A \u0421\u0430 \U0001f600", False),
        ("A \U0001f600 \u2014 \u2026", True),
        ("e\u0301 \u0421", True),
        # a letter for which Unicode's tables hold no name
        ("\U00017000", False),
    ],
)
def test_a_text_is_latin_where_half_of_its_letters_are(text: str, *, latin: bool) -> None:
    assert is_latin(text) is latin


@pytest.mark.parametrize(
    ("text", "start", "end", "marked"),
    [
        ("xe\u0301y", 1, 2, "e\u0301"),
        ("xe\u0301\u200by", 1, 2, "e\u0301\u200b"),
        ("xe\u0301\u200b\ufe0f", 0, 2, "xe\u0301\u200b\ufe0f"),
        ("e\u0301e\u0301", 1, 2, "e\u0301"),
        ("\ufb01x", 1, 2, "\ufb01"),
    ],
)
def test_a_slice_takes_in_what_is_drawn_with_its_last_letter(
    text: str, start: int, end: int, marked: str
) -> None:
    low, high = fold(text).span(start, end)
    assert text[low:high] == marked


@given(st.text(), st.sampled_from(Reading))
def test_every_folded_letter_knows_a_place_and_places_never_go_back(
    text: str, reading: Reading
) -> None:
    folded = fold(text, reading)
    assert len(folded.places) == len(folded.text)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)


@given(st.text(min_size=1), st.data())
def test_a_marked_slice_holds_its_letters_and_ends_with_their_accents(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    low, high = folded.span(start, end)
    assert 0 <= low < high <= len(text)
    assert folded.text[start:end] in fold(text[low:high]).text
    assert high == len(text) or not is_joining(text[high])


@given(st.text())
def test_folding_twice_changes_nothing_that_is_ascii(text: str) -> None:
    once = fold(text).text
    if once.isascii():
        assert fold(once).text == once


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_plain_text_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert folded.text == text.lower()
    assert list(folded.places) == list(range(len(text)))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1))
def test_accents_never_change_the_reading(word: str) -> None:
    accented = "".join(letter + "\u0301" for letter in word)
    assert fold(accented).text == word
    assert fold(unicodedata.normalize("NFC", accented)).text == word
