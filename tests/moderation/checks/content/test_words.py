"""Words as a reader sees them: contractions opened, tags taken apart, sentences, quotations."""

from __future__ import annotations

import pytest

from moderation.checks.content.words import Word, apart, opened, words_of
from moderation.checks.lexicon import prepare


KNOWN = frozenset({"into", "together", "in", "to", "get", "her", "oakfield", "rules", "the"})


def words(text: str) -> tuple[Word, ...]:
    return words_of(prepare(text), KNOWN)


def read(text: str) -> str:
    return " ".join(word.readings[0] for word in words(text))


@pytest.mark.parametrize(
    ("text", "as_read"),
    [
        ("I can't swim", "i can not swim"),
        ("I cant swim", "i can not swim"),
        ("We don't, they wouldn't", "we do not they would not"),
        ("She'll say we're late", "she will say we are late"),
        ("I'd go; I'm here; they've won", "i would go i am here they have won"),
        ("Mrs Lund\u2019s class", "mrs lund 's class"),
        ("a rock'n'roll's beat", "a rocknroll 's beat"),
        ("y'all gonna win", "you all going to win"),
        ("O'Brien won", "obrien won"),
        ("ain't n't 's", "is not nt s"),
        ("#WellDoneOakfield", "well done oakfield"),
        ("#XqvzRules2026", "xqvz rules 2026"),
        ("#oakfieldrules", "oakfield rules"),
        ("#intogether", "in together"),
        ("#theoakfield", "the oakfield"),
        ("#xqvz", "xqvz"),
        ("#xqvzrules", "xqvzrules"),
        ("#rulesxqvz", "rulesxqvz"),
        ("#u", "u"),
        ("#xqvzs", "xqvzs"),
        ("#éxqvz1", "exqvz1"),
        ("#2026", "2026"),
        ("oakfieldrules", "oakfieldrules"),
        ("", ""),
    ],
)
def test_a_text_is_read_word_by_word(text: str, as_read: str) -> None:
    assert read(text) == as_read


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("we won. they lost", "we they"),
        ("we won! they lost? no", "we they no"),
        ("we won, they lost", "we"),
        ("we won\nthey lost; so", "we they so"),
        ("\u2022 tea \u2022 cake", "tea cake"),
        ("thanks to mr. lund. and to st. anne", "thanks and"),
        ("thanks to mr lund", "thanks"),
        ("thanks to mr\nlund", "thanks lund"),
        ("thanks to mr! lund", "thanks lund"),
        ("it's over. it's done", "it it"),
        ("... we won", "we"),
    ],
)
def test_a_sentence_begins_behind_a_full_stop_that_ends_one(text: str, beginning: str) -> None:
    assert " ".join(word.readings[0] for word in words(text) if word.first) == beginning


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('he said "we won" today', "we won"),
        ('"we won" he said', "we won"),
        ('"we won," he said, "by two" goals', "we won by two"),
        ('he said "we" "won" today', "we won"),
        ('he said ""we"" today', ""),
        ("he said 'we won' today", ""),
        ('he said "we won', "we won"),
        ('"so" and so "so"', "so so"),
        ('"""we won""" today', "we won"),
    ],
)
def test_what_is_quoted_stands_between_double_marks(text: str, quoted: str) -> None:
    assert " ".join(word.readings[0] for word in words(text) if word.quoted) == quoted


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("xqvz", ("xqvz",)),
        ("oakfield", ("oakfield",)),
        ("oakfieldrules", ("oakfield", "rules")),
        ("xqvzrules", ("xqvzrules",)),
    ],
)
def test_letters_apart_are_one_word_or_several(run: str, parts: tuple[str, ...]) -> None:
    assert apart((run, "other"), KNOWN) == (
        ((run, "other"),) if len(parts) == 1 else tuple((part,) for part in parts)
    )


def test_words_of_one_contraction_share_its_place() -> None:
    text = "No, we don't #WellDone"
    assert [text[word.start : word.end] for word in words(text)] == [
        *("No", "we", "don't", "don't"),
        *("WellDone", "WellDone"),
    ]


@pytest.mark.parametrize(
    ("word", "met"),
    [
        ("can't", ("can", "not")),
        ("down's", ("down", "'s")),
        ("'s", ("'s",)),
        ("cat", ("cat",)),
    ],
)
def test_a_word_of_a_list_is_opened_as_in_a_text(word: str, met: tuple[str, ...]) -> None:
    assert opened(word) == met
