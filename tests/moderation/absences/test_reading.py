"""Days as people write them. Today is Wednesday 18 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, strategies as st

from moderation.absences.reading import Meant, NotRead, read_away, read_back


TODAY = date(2026, 11, 18)
DAYS = st.dates(TODAY, TODAY + timedelta(days=250))
PIECES = (
    "Lund until to - from on for of the next this 24 24th nov Friday fri 30/2 2026-02-30 29 Feb "
    "tomorrow a week 0"
)
WORDS = st.sampled_from(PIECES.split())


def nov(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("words", "name", "start", "end"),
    [
        ("until Friday", "", nov(18), nov(20)),
        ("Friday", "", nov(18), nov(20)),
        ("til fri", "", nov(18), nov(20)),
        ("until Wednesday", "", nov(18), nov(18)),
        ("until next Friday", "", nov(18), nov(27)),
        ("until this Friday", "", nov(18), nov(20)),
        ("24 Nov", "", nov(18), nov(24)),
        ("until the 24th of November, please", "", nov(18), nov(24)),
        ("until 24th", "", nov(18), nov(24)),
        ("until the 3rd", "", nov(18), date(2026, 12, 3)),
        ("Nov 24", "", nov(18), nov(24)),
        ("until Tuesday 24 November 2026", "", nov(18), nov(24)),
        ("2026-11-24", "", nov(18), nov(24)),
        ("until 24/11", "", nov(18), nov(24)),
        ("until 4/12/26", "", nov(18), date(2026, 12, 4)),
        ("until 24.11.2026", "", nov(18), nov(24)),
        ("until 4 Jan", "", nov(18), date(2027, 1, 4)),
        ("until 17 Nov", "", nov(18), nov(17)),
        ("today", "", nov(18), nov(18)),
        ("tomorrow", "", nov(19), nov(19)),
        ("until tomorrow", "", nov(18), nov(19)),
        ("on Friday", "", nov(20), nov(20)),
        ("from Friday until Monday", "", nov(20), nov(23)),
        ("Friday to Monday", "", nov(20), nov(23)),
        ("from 1 Dec to 4 Dec", "", date(2026, 12, 1), date(2026, 12, 4)),
        ("24-27 Nov", "", nov(24), nov(27)),
        ("24 – 27 Nov", "", nov(24), nov(27)),
        ("24 Nov - 2 Dec", "", nov(24), date(2026, 12, 2)),
        ("from 21 Dec until 4 Jan", "", date(2026, 12, 21), date(2027, 1, 4)),
        ("for a week", "", nov(18), nov(24)),
        ("for 3 days", "", nov(18), nov(20)),
        ("from Monday for two days", "", nov(23), nov(24)),
        ("from Monday", "", nov(23), nov(23)),
        ("Mr Lund until Friday", "Mr Lund", nov(18), nov(20)),
        ("Lund Monday to Wednesday", "Lund", nov(23), nov(25)),
        ("Mr Sun until Friday", "Mr Sun", nov(18), nov(20)),
        ("April May until Friday", "April May", nov(18), nov(20)),
        ("okafor 24 Nov", "okafor", nov(18), nov(24)),
        ("until Friday because of an operation", "", nov(18), nov(20)),
        ("until Friday, back on Monday", "", nov(18), nov(20)),
    ],
)
def test_what_people_write_is_understood(words: str, name: str, start: date, end: date) -> None:
    assert read_away(words, TODAY) == Meant(name=name, start=start, end=end)


@pytest.mark.parametrize("words", ["", "Lund", "until", "until 30/2", "until further notice", "5"])
def test_words_without_a_day_are_asked_about(words: str) -> None:
    assert read_away(words, TODAY) is NotRead.NO_DAY


def test_a_weekday_that_is_not_the_one_of_its_date_is_asked_about() -> None:
    assert read_away("until Friday 24 Nov", TODAY) is NotRead.WEEKDAY
    assert read_back("on Friday 24 Nov", TODAY) is NotRead.WEEKDAY


@pytest.mark.parametrize(
    ("words", "name", "day"),
    [
        ("", "", nov(18)),
        ("on Friday", "", nov(20)),
        ("Mr Lund", "Mr Lund", nov(18)),
        ("Mr Lund 24 Nov", "Mr Lund", nov(24)),
    ],
)
def test_who_is_back_and_when(words: str, name: str, day: date) -> None:
    assert read_back(words, TODAY) == Meant(name=name, start=day, end=day)


@given(
    first=DAYS,
    length=st.integers(0, 40),
    form=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"]),
)
def test_two_days_in_full_are_read_as_they_stand(first: date, length: int, form: str) -> None:
    last = first + timedelta(days=length)
    words = f"Mr Lund from {first.strftime(form)} until {last.strftime(form)}"
    assert read_away(words, TODAY) == Meant(name="Mr Lund", start=first, end=last)


@given(day=DAYS, today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_a_day_without_a_year_is_never_long_ago(day: date, today: date) -> None:
    read = read_away(f"until {day.day} {day:%B}", today)
    assert isinstance(read, Meant)
    assert (read.end.day, read.end.month) == (day.day, day.month)
    assert abs(read.end - today) <= timedelta(days=4 * 366)


@given(said=st.lists(WORDS | st.text(max_size=6), max_size=12), today=st.dates())
@example(said=["until", "29", "Feb"], today=date.max)
def test_no_words_break_it(said: list[str], today: date) -> None:
    for read in (read_away, read_back):
        found = read(" ".join(said), today)
        assert isinstance(found, Meant | NotRead)
