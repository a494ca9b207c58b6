"""Dates as British offices write them: 2026-09-01, 01/09/2026 (the day first), 2026-09."""

from __future__ import annotations

import re
from datetime import date

from moderation.accounts.model import MonthOrDay


FIRST_YEAR = 1900
LAST_YEAR = 2100

# Spreadsheets add a midnight to a date.
MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){MIDNIGHT}")
BRITISH = re.compile(rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}}){MIDNIGHT}")
ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
BRITISH_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")


class NoDate(ValueError):
    """The text is no date. Its message is one plain sentence that doesn't repeat the text."""


def read_day(text: str) -> date:
    """A whole date. Raises :class:`NoDate`."""
    found = _day(text)
    if found is not None:
        return found
    if ISO_MONTH.fullmatch(text) or BRITISH_MONTH.fullmatch(text):
        raise NoDate("The day is missing: write a date as 2026-09-01 or 01/09/2026.")
    raise NoDate("Write a date as 2026-09-01 or 01/09/2026.")


def read_month_or_day(text: str) -> MonthOrDay:
    """A date known to the day, or to the month only. Raises :class:`NoDate`."""
    found = _day(text)
    if found is not None:
        return MonthOrDay(found.year, found.month, found.day)
    if match := ISO_MONTH.fullmatch(text):
        year, month = match.groups()
    elif match := BRITISH_MONTH.fullmatch(text):
        month, year = match.groups()
    else:
        raise NoDate("Write a date as 2026-09-01 or 01/09/2026, or a month as 2026-09.")
    first = _date(int(year), int(month), 1)
    return MonthOrDay(first.year, first.month)


def _day(text: str) -> date | None:
    if match := ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := BRITISH.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoDate(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise NoDate(
            "There is no such day: with slashes the day comes first, 31/01/2026."
        ) from None
