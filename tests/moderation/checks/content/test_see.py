"""What the rules see: how a word is written, whose name it is, and which words are marked."""

from __future__ import annotations

import pytest

from moderation.checks.content.grammar import unveiled
from moderation.checks.content.see import contents
from moderation.checks.lexicon import prepare
from moderation.checks.model import Kind
from moderation.policies.model import Check


def seen(text: str, kind: Kind = Kind.COMMENT) -> list[tuple[str, str]]:
    found = contents(prepare(text), "caption", kind)
    return [(one.category, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # per cent
        ("20% off", ["20% off"]),
        ("20 % off", ["20 % off"]),
        ("20 off%", []),
        # money
        ("Get \u00a35 off today", ["5 off"]),
        ("Get \u00a3 5 off today", ["5 off"]),
        ("Get 5p off today", ["5p off"]),
        ("Get 5x off today", []),
        ("Get 5 off today", []),
        ("\u00a35 off today", ["5 off"]),
        ("Get five quid off today", ["five quid off"]),
        ("Get five cakes off today", []),
        ("\u00a3 Get 5 off today", []),
        # a shop's code
        ("use code SAVE20 now", ["use code SAVE20"]),
        ("use code SAVE", ["use code SAVE"]),
        ("use code SUMMERBARGAINS1", ["use code SUMMERBARGAINS1"]),
        ("use code SUMMERBARGAINS12", []),
        ("use code SAV", []),
        ("use code save20", []),
    ],
)
def test_money_and_codes_are_told_by_their_signs(text: str, told: list[str]) -> None:
    assert seen(text) == [("advertising", stretch) for stretch in told]


def test_a_figure_counts() -> None:
    assert seen("First 50 to comment wins") == [("misleading", "First 50 to comment")]
    assert seen("First 5x to comment wins") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\u00a9 Reed 2026", ["Reed"]),
        ("(\u00a9Reed)", ["Reed"]),
        ("\u00a9- Reed", []),
        ("Sunset via @reed today", ["via @reed"]),
        ("Sunset via reed today", []),
        ("Sunset via @ reed today", []),
        ("Sunset @home via reed", []),
    ],
)
def test_others_work_is_told_by_its_sign(text: str, told: list[str]) -> None:
    assert [stretch for _, stretch in seen(text, Kind.POST)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jo Quill is a liar", "Jo Quill is a liar"),
        ("We know Jo is a liar", "Jo is a liar"),
        ("Mr Quill is a liar", "Mr Quill is a liar"),
        ("mr quill is a liar", "mr quill is a liar"),
        ("mr Big is a liar", "mr Big is a liar"),
        ("Is it him? Jo is a liar", "Jo is a liar"),
    ],
)
def test_a_name_is_told_by_its_title_or_its_capital(text: str, told: str) -> None:
    assert seen(text) == [("defamatory", told)]


@pytest.mark.parametrize(
    "text",
    [
        "quill is a liar",
        "the mr big is a liar",
        "QUILL IS A LIAR IN THIS PLAY",
        "mr. Then quill is a liar",
        "We saw Jo. quill is a liar",
        "Big is a liar",
        "Thanks to Mr",
    ],
)
def test_a_word_is_no_name(text: str) -> None:
    assert seen(text) == []


def test_capitals_tell_no_name_where_all_are_capitals() -> None:
    assert seen("JO QUILL MUST RESIGN NOW") == [("disparaging", "RESIGN NOW")]


def test_a_rule_says_which_kinds_it_is_for_and_whether_quotations_count() -> None:
    assert seen("\u00a9 Reed 2026", Kind.COMMENT) == []
    assert seen('He wrote "Mr Lund is a liar" there') == [("defamatory", "Mr Lund is a liar")]
    assert seen('He wrote "I think so" there', Kind.POST) == []


def test_a_sentence_is_marked_once_and_each_rude_word_by_itself() -> None:
    text = "Mr Lund is a liar and Mr Lund is a thief. Lovely day. Mr Lund is a thief"
    assert seen(text) == [
        ("defamatory", "Mr Lund is a liar and Mr Lund is a thief"),
        ("defamatory", "Mr Lund is a thief"),
    ]
    rude = unveiled("{{fuvg}}")
    assert seen(f"{rude} and {rude}") == [("profane", rude), ("profane", rude)]


def test_of_two_at_the_same_words_the_graver_speaks() -> None:
    assert seen("Mr Lund is a useless idiot and a thief") == [
        ("personal_attack", "Mr Lund is a useless idiot")
    ]


def test_what_is_seen_stands_in_its_field_under_its_check() -> None:
    [one] = contents(prepare("Mr Lund is a liar"), "caption", Kind.POST)
    assert (one.field, one.check) == ("caption", Check.REMOVAL_CRITERIA)
    [other] = contents(prepare("Frankly, I think so"), "caption", Kind.POST)
    assert (other.field, other.category) == ("caption", "personal_opinion")
    assert other.check is not Check.REMOVAL_CRITERIA


def test_letters_that_stand_apart_are_read_as_words() -> None:
    apart = " ".join(unveiled("{{fuvg}}"))
    assert seen(f"What {apart} today") == [("profane", apart)]
    assert seen(f"{apart} x") == [("profane", f"{apart} x")]
    assert seen("i w i l l k i l l y o u") == [("threatening", "i w i l l k i l l y o u")]
    assert seen("s e n d n u d e s") == [("obscene", "s e n d n u d e s")]
