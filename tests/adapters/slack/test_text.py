"""Words for Slack: measured as Slack may measure them, cut where everybody sees it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from adapters import exact
from adapters.slack import text
from moderation.views import Mark, Tone


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@given(st.text())
def test_a_text_is_as_long_as_utf_16_says(words: str) -> None:
    assert text.size(words) == len(words.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(max_size=200), st.integers(40, 150))
def test_what_is_cut_fits_and_what_fits_is_not_cut(words: str, most: int) -> None:
    shown = text.cut(words, most)
    assert text.size(shown) <= most
    if text.size(text.visible(words)) <= most:
        assert shown == text.visible(words)


def test_a_cut_says_how_much_is_missing() -> None:
    shown = text.cut("abcdefghi " * 500, 3_000)
    kept = shown.removesuffix("… (2,025 more characters)")
    assert kept != shown
    assert len(kept) == 5_000 - 2_025


@given(st.text(max_size=200), st.integers(1, 150))
def test_a_label_fits_on_one_line(words: str, most: int) -> None:
    shown = text.short(words, most)
    assert text.size(shown) <= most
    assert "\n" not in shown


@pytest.mark.parametrize("most", range(1, 20))
def test_one_character_is_never_cut_in_two(most: int) -> None:
    kept = text.head(FAMILY * 3, most)
    assert kept == FAMILY * (most // text.size(FAMILY))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("\u200b", "[U+200B]"),
        ("lone \ud800", "lone [U+D800]"),
        (FAMILY, FAMILY),
        ("Zoë’s café\n\tat 9", "Zoë’s café\n\tat 9"),
    ],
)
def test_what_nobody_can_see_is_shown_by_its_number(words: str, shown: str) -> None:
    assert text.visible(words) == text.cut(words, 100) == shown


@given(st.text())
def test_nothing_that_deceives_is_left(words: str) -> None:
    shown = text.visible(words)
    assert not any(exact.deceives(shown, place) for place in range(len(shown)))


def test_only_three_characters_mean_something_outside_the_blocks() -> None:
    assert text.escaped("<a> & b") == "&lt;a&gt; &amp; b"


@pytest.mark.parametrize("words", ["", " ", "\n"])
def test_an_empty_text_is_a_dash(words: str) -> None:
    assert text.plain(words)["text"] == text.NOTHING


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(-3, 300), st.integers(-3, 300))))
def test_pages_lose_no_words_whatever_is_marked(text_: str, places: list[tuple[int, int]]) -> None:
    marks = [Mark(start, end, Tone.CARE) for start, end in places]
    drawn = list(text.pages(text_, marks, 10**6))
    assert drawn[-1][1] == 0
    words = "".join(item["text"] for elements, _ in drawn for item in elements)
    assert words == (text.visible(text_) or text.NOTHING)


def test_marks_are_kept_on_the_page_where_their_words_are() -> None:
    words = "a" * 3_100
    [first, second] = text.pages(words, [Mark(2_990, 3_010, Tone.STOPPED)], 10**6)
    assert [(len(item["text"]), "style" in item) for item in first[0]] == [
        (2_990, False),
        (10, True),
    ]
    assert [(len(item["text"]), "style" in item) for item in second[0]] == [
        (10, True),
        (90, False),
    ]
