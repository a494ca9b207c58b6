"""How Schoolgate speaks: every sentence that it can show, held against the house's rules."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from moderation.kernel import SubjectRef
from moderation.people.model import AccountRole, Role
from moderation.people.present import ACCOUNT_ROLES, ROLES
from moderation.posts import events as happened
from moderation.posts.present.history import SAID
from moderation.views import (
    Button,
    Facts,
    FindingLine,
    Findings,
    Intent,
    Media,
    Note,
    Picture,
    Quote,
    Tone,
)
from moderation.words import (
    both,
    card,
    count,
    counted,
    day,
    either,
    platform_name,
    when,
)
from tests.moderation.sentences import EVERYTHING


LONDON = ZoneInfo("Europe/London")

INNER = re.compile(
    r"\b(revisions?|digests?|waiv\w+|escalat\w+|stale|uncovered|takedowns?|incidents?|withdr[ae]wn?"
    r"|clauses?|severit\w+|blob\w*|pack|null|undefined|payload|error|invalid"
    r"|unauthori[sz]ed|authori[sz]ed to|R\d+)\b",
    re.IGNORECASE,
)
"""Words of the program, and of machines in general. A reader must never meet one."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}|\dT\d|\d\s?[ap]m\b", re.IGNORECASE)
AMERICAN = re.compile(
    r"\b(colors?|centers?|favou?rites?(?<!favourites)(?<!favourite)|canceled|canceling|organiz\w+"
    r"|recogniz\w+|apologiz\w+|analyz\w+|catalog|behaviors?|licens(?:e|ing) plate|program\b|gotten"
    r"|fall semester|mom|math|zip ?code|parking lot)\b",
    re.IGNORECASE,
)
CODES = re.compile(r"\b[a-z]+_[a-z_]+\b|[{}<>]|\bsha256\b")
SENTENCE = re.compile(r"[^.?!…:;]+[.?!…:;]?")
MOST_WORDS = 25


# -- the rules -------------------------------------------------------------------------------------


def test_there_is_enough_to_read() -> None:
    assert len(EVERYTHING) > 300


@pytest.mark.parametrize("rule", [INNER, ISO, AMERICAN, CODES], ids=["inner", "iso", "us", "codes"])
def test_no_word_that_a_reader_should_not_meet(rule: re.Pattern[str]) -> None:
    assert not {words: found[0] for words in EVERYTHING if (found := rule.search(words))}


def test_the_bot_never_raises_its_voice() -> None:
    assert not [words for words in EVERYTHING if "!" in words]


def test_no_sentence_is_longer_than_25_words() -> None:
    long = [
        sentence
        for words in EVERYTHING
        for sentence in SENTENCE.findall(words)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert not long


def test_sentences_begin_with_a_capital_and_have_no_double_spaces() -> None:
    wrong = [
        words
        for words in EVERYTHING
        if words != words.strip() or "  " in words or re.search(r"[.?] [a-z]", words)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("The revision was waived", INNER),
        ("This account is stale", INNER),
        ("Due 2026-11-18", ISO),
        ("at 3pm", ISO),
        ("The color was canceled", AMERICAN),
        ("not_an_approver", CODES),
        ("{who} said no", CODES),
    ],
)
def test_the_rules_can_fail(bad: str, rule: re.Pattern[str]) -> None:
    assert rule.search(bad)


def test_every_event_of_a_post_has_its_line_of_history() -> None:
    tags = {found.tag for found in vars(happened).values() if hasattr(found, "tag")}
    assert set(SAID) == tags
    assert set(ROLES) == set(Role)
    assert set(ACCOUNT_ROLES) == set(AccountRole)


# -- times -----------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 18, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 18, 15, 20, tzinfo=UTC), "today 15:20"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "tomorrow 08:00"),
        (datetime(2026, 11, 17, 23, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 11, 23, 9, 5, tzinfo=UTC), "Monday 23 November, 09:05"),
        (datetime(2026, 11, 25, 9, 5, tzinfo=UTC), "25 November, 09:05"),
        (datetime(2026, 6, 8, 11, 0, tzinfo=UTC), "8 June, 12:00"),
        (datetime(2025, 6, 8, 11, 0, tzinfo=UTC), "8 June 2025, 12:00"),
    ],
)
def test_an_instant_is_told_as_people_say_it(instant: datetime, words: str) -> None:
    assert when(instant, NOW, LONDON) == words


def test_the_day_changes_at_the_schools_own_midnight() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert when(late, late, LONDON) == "today 00:30"
    assert when(late, late - timedelta(minutes=45), LONDON) == "tomorrow 00:30"


@given(
    that=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)),
    apart=st.integers(-800, 800),
)
def test_a_day_can_always_be_told_apart_from_every_other_day(that: date, apart: int) -> None:
    today = that - timedelta(days=apart)
    if apart:
        assert day(that, today) != day(today, today)
        assert day(that, today) != day(that + timedelta(days=1), today)


# -- counts and lists ------------------------------------------------------------------------------


def test_counts_are_words_up_to_nine() -> None:
    assert [count(number) for number in (0, 1, 9, 10, 63206)] == [
        "no",
        "one",
        "nine",
        "10",
        "63,206",
    ]
    assert counted(1, "picture") == "one picture"
    assert counted(2, "yes", "yeses") == "two yeses"


def test_lists_are_cut_with_the_rest_counted() -> None:
    names = ["Mrs A", "Mr B", "Ms C", "Dr D", "Miss E"]
    assert either([]) == "nobody"
    assert either(names[:2]) == "Mrs A or Mr B"
    assert both(names[:4]) == "Mrs A, Mr B, Ms C and Dr D"
    assert both(names) == "Mrs A, Mr B, Ms C and two others"


def test_networks_are_written_as_they_write_themselves() -> None:
    names = ("facebook", "x", "youtube", "linkedin", "website")
    assert [platform_name(name) for name in names] == [
        "Facebook",
        "X",
        "YouTube",
        "LinkedIn",
        "Website",
    ]


# -- the fallback ----------------------------------------------------------------------------------


def test_the_fallback_holds_every_part_but_the_fold() -> None:
    button = Button(label="Go", intent=Intent(verb="post.open", id="1"))
    shown = card(
        SubjectRef("post", "1"),
        version=1,
        title="Title",
        state="State",
        tone=Tone.DONE,
        parts=(
            Quote(text="words", label="Mr Lund said"),
            Facts((("Name", "value"),)),
            Findings(
                title="Please check",
                lines=(
                    FindingLine(
                        words="it", reason="Why.", policy="Rule", clause="C", tone=Tone.CARE
                    ),
                ),
            ),
            Media((Picture(blob=None, alt="", note="Not yet."),)),
            Note(lines=("Seen.",)),
            Note(lines=("Unseen.",), fold="History"),
        ),
        buttons=[button] * 5,
    )
    assert shown.fallback.splitlines() == [
        "Title: State",
        "Mr Lund said: words",
        "Name: value",
        "Please check",
        "“it” Why. Rule",
        "Picture 1: not described yet Not yet.",
        "Seen.",
    ]
    assert (len(shown.buttons), len(shown.more)) == (4, 1)
