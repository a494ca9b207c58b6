"""Dates as British offices write them."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given, strategies as st

from bot.imports.dates import NoDate, read_day, read_month_or_day
from moderation.accounts.model import MonthOrDay


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
midnights = st.sampled_from(["", " 00:00", " 00:00:00", "T00:00:00", "T00:00:00.000"])


@given(days, midnights)
def test_a_day_is_read_in_both_spellings_and_with_a_spreadsheets_midnight(
    day: date, midnight: str
) -> None:
    assert read_day(f"{day:%Y-%m-%d}{midnight}") == day
    assert read_day(f"{day:%d/%m/%Y}{midnight}") == day
    assert read_day(f"{day.day}/{day.month}/{day.year}") == day
    assert read_month_or_day(f"{day:%d/%m/%Y}") == MonthOrDay(day.year, day.month, day.day)


@given(days)
def test_a_month_is_read_where_a_month_will_do(day: date) -> None:
    month = MonthOrDay(day.year, day.month)

    assert read_month_or_day(f"{day:%Y-%m}") == month
    assert read_month_or_day(f"{day:%m/%Y}") == month
    with pytest.raises(NoDate, match="The day is missing"):
        read_day(f"{day:%Y-%m}")
    with pytest.raises(NoDate, match="The day is missing"):
        read_day(f"{day:%m/%Y}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("09/13/2026", "the day comes first"),
        ("31/06/2026", "no such day"),
        ("2026-02-29", "no such day"),
        ("2026-00-10", "no such day"),
        ("01/09/26", "Write a date as"),
        ("Sep-26", "Write a date as"),
        ("1st September", "Write a date as"),
        ("2026-09-01 13:30", "Write a date as"),
        ("46266", "Write a date as"),
        ("\u0662\u0660\u0662\u0666-09-01", "Write a date as"),
        ("01/09/0026", "The year must be from 1900 to 2100"),
        ("2026-13", "The day is missing"),
    ],
)
def test_what_is_no_day_is_said(text: str, sentence: str) -> None:
    with pytest.raises(NoDate, match=sentence):
        read_day(text)


@pytest.mark.parametrize("text", ["2026-13", "13/2026", "Sep-26", "2026", "1800-01", "2026-09-31"])
def test_what_is_no_month_is_said(text: str) -> None:
    with pytest.raises(NoDate):
        read_month_or_day(text)


@given(st.text(max_size=25))
def test_no_text_does_more_than_be_refused_and_none_is_repeated(text: str) -> None:
    for read in (read_day, read_month_or_day):
        with contextlib.suppress(NoDate):
            read(text)
        with pytest.raises(NoDate) as refused:
            read(f"x{text}x")
        assert f"x{text}x" not in str(refused.value)
