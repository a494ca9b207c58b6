"""Days as people write them: "until Friday", "24 Nov", "Mon to Wed", "2026-11-24". Pure.

    away [NAME] UNTIL            away until Friday, away 24 Nov, away Lund until Friday
    away [NAME] FROM until END   away Monday to Wednesday, away from 1 Dec until 4 Dec
    away [NAME] on DAY           away tomorrow, away on Friday
    back [NAME] [DAY]            back, back on Wednesday, back Lund

Days are read as in Britain: 4/12 is the fourth of December. A day without a year is the next one.
Words behind the days are let go: nobody has to say why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Sequence


LONG_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LONG_WEEKDAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
MAY_BE_NAMES: Final = frozenset(name[:3] for name in (*LONG_MONTHS, *LONG_WEEKDAYS))
UNTIL: Final = frozenset({"until", "till", "til", "to", "through", "-", "–", "—"})
LEADING: Final = UNTIL | {"from", "on", "for", "starting"}
MOST_WORDS: Final = 60
LEAST_LETTERS: Final = 3
A_CENTURY: Final = 100
A_WHOLE_YEAR_ROUND: Final = 300
"""Days. A day without a year that comes again only after so many has just been: it is over."""
NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SHORT = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2})|\.)?")
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th)?")
_YEAR = re.compile(r"20\d\d")


class NotRead(StrEnum):
    """Why no days were found."""

    NO_DAY = "no_day"
    WEEKDAY = "weekday"
    """A weekday that isn't the one of its date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """``name`` is whose absence it is, as typed; "" is the writer's own."""

    name: str
    start: date
    end: date


class _Wrong(Exception):
    def __init__(self, why: NotRead) -> None:
        super().__init__(why)
        self.why = why


def read_away(words: str, today: date) -> Meant | NotRead:
    """Who is away from when to when, both days included."""
    said = _words(words)
    try:
        found = _with_leading_word(said, today) or _bare(said, today)
    except _Wrong as wrong:
        return wrong.why
    return found or NotRead.NO_DAY


def read_back(words: str, today: date) -> Meant | NotRead:
    """Who is here again, and from which day on (``start`` and ``end`` are that day)."""
    said = _words(words)
    try:
        for at, word in enumerate(said):
            skip = 1 if word.casefold() in {"on", "from"} else 0
            read = _date(said[at + skip :], today, today)
            if read is not None:
                return Meant(name=" ".join(said[:at]), start=read[0], end=read[0])
    except _Wrong as wrong:
        return wrong.why
    return Meant(name=" ".join(said), start=today, end=today)


# -- a stretch of days ----------------------------------------------------------------------------


def _with_leading_word(said: list[str], today: date) -> Meant | None:
    """The first word like "until" behind which a day stands; a name or a day may precede it."""
    for at, word in enumerate(said):
        if word.casefold() not in LEADING:
            continue
        before, behind = said[:at], said[at + 1 :]
        read = _stretch(word.casefold(), behind, today)
        if read is None:
            continue
        start, end = read
        if word.casefold() in UNTIL:
            name, first = _day_at_the_end(before, end, today)
            if first is not None:
                # "Friday to Monday": the Monday behind that Friday.
                again = _date(behind, first, today)
                return Meant(name=name, start=first, end=again[0] if again else end)
        return Meant(name=" ".join(before), start=start, end=end)
    return None


def _stretch(word: str, behind: list[str], today: date) -> tuple[date, date] | None:
    if word == "for":
        return _for_so_long(behind, today)
    read = _date(behind, today, today)
    if read is None:
        return None
    day, used = read
    if word in UNTIL:
        return today, day
    rest = behind[used:]
    if word != "on" and rest and rest[0].casefold() in UNTIL:
        last = _date(rest[1:], day, today)
        return None if last is None else (day, last[0])
    if word != "on" and rest and rest[0].casefold() == "for":
        return _for_so_long(rest[1:], day)
    return day, day


def _for_so_long(behind: list[str], start: date) -> tuple[date, date] | None:
    for number, unit in list(pairwise(behind))[:1]:
        count = NUMBERS.get(number.casefold()) or (int(number) if number.isdecimal() else 0)
        days = {"day": 1, "week": 7}.get(unit.casefold().rstrip("s.,"), 0) * min(count, 999)
        if days:
            return start, start + timedelta(days=days - 1)
    return None


def _day_at_the_end(before: list[str], end: date, today: date) -> tuple[str, date | None]:
    """A name and the day behind it: "Lund Monday". A number alone is of the last day's month."""
    if before and before[-1].isdecimal() and 0 < int(before[-1]) <= end.day:
        return " ".join(before[:-1]), end.replace(day=int(before[-1]))
    for at in range(len(before)):
        read = _date(before[at:], today, today)
        # A surname may be short for a weekday; alone it is a day only where nothing precedes it.
        short = at > 0 and before[at].casefold() in MAY_BE_NAMES
        if read is not None and read[1] == len(before) - at and not short:
            return " ".join(before[:at]), read[0]
    return " ".join(before), None


def _bare(said: list[str], today: date) -> Meant | None:
    """A day alone is the last one; "tomorrow" is that day and no other."""
    for at, word in enumerate(said):
        if at > 0 and word.casefold() in MAY_BE_NAMES:
            continue
        read = _date(said[at:], today, today)
        if read is not None:
            start = read[0] if word.casefold().strip(",.") == "tomorrow" else today
            return Meant(name=" ".join(said[:at]), start=start, end=read[0])
    return None


# -- one day --------------------------------------------------------------------------------------


def _date(said: Sequence[str], after: date, today: date) -> tuple[date, int] | None:
    """The day that these words begin with and how many of them it takes.

    One without a year, or a weekday, is the next from ``after`` on.
    """
    words = [word.casefold().strip(",;!?()") for word in said[:6]]
    if not words:
        return None
    close = {"today": 0, "tonight": 0, "tomorrow": 1}.get(words[0].rstrip("."))
    if close is not None:
        return today + timedelta(days=close), 1
    if words[0] == "the":
        read = _date(said[1:], after, today)
        return None if read is None else (read[0], read[1] + 1)
    return _numbers(words[0], after) or _weekday(words, said, after, today) or _month(words, after)


def _numbers(word: str, after: date) -> tuple[date, int] | None:
    """2026-11-24, 24/11, 24.11.2026."""
    if found := _ISO.fullmatch(word.rstrip(".")):
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if found := _SHORT.fullmatch(word):
        named = found[3]
        if named is None:
            return _next(int(found[1]), int(found[2]), after, 1)
        century = 2000 if int(named) < A_CENTURY else 0
        return _day(int(named) + century, int(found[2]), int(found[1]))
    return None


def _weekday(
    words: list[str], said: Sequence[str], after: date, today: date
) -> tuple[date, int] | None:
    """Friday, this Friday, next Friday (of the week that begins on Monday), Friday 27 November."""
    shift = 1 if words[0] in {"this", "next"} else 0
    if len(words) <= shift:
        return None
    number = _position(words[shift].rstrip("."), LONG_WEEKDAYS)
    if number is None:
        return None
    if words[0] == "next":
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=number), 2
    dated = _date(said[shift + 1 :], after, today) if not shift else None
    if dated is not None and words[1] not in {"today", "tonight", "tomorrow"}:
        if _position(words[1].rstrip("."), LONG_WEEKDAYS) is not None:
            return after + timedelta(days=(number - after.weekday()) % 7), 1
        if dated[0].weekday() != number:
            raise _Wrong(NotRead.WEEKDAY)
        return dated[0], dated[1] + 1
    return after + timedelta(days=(number - after.weekday()) % 7), shift + 1


def _month(words: list[str], after: date) -> tuple[date, int] | None:
    """24 Nov, 24th of November 2026, November 24, the 24th."""
    first = _DAY.fullmatch(words[0].rstrip("."))
    if first:
        at = 2 if words[1:2] == ["of"] else 1
        month = _position(words[at].rstrip("."), LONG_MONTHS) if at < len(words) else None
        if month is None:
            return _this_month(int(first[1]), after) if first[2] else None
        return _with_year(int(first[1]), month + 1, words, at + 1, after)
    month = _position(words[0].rstrip("."), LONG_MONTHS)
    second = _DAY.fullmatch(words[1].rstrip(".")) if month is not None and len(words) > 1 else None
    if month is None or second is None:
        return None
    return _with_year(int(second[1]), month + 1, words, 2, after)


def _with_year(
    day: int, month: int, words: list[str], used: int, after: date
) -> tuple[date, int] | None:
    if used < len(words) and _YEAR.fullmatch(words[used].rstrip(".")):
        found = _day(int(words[used].rstrip(".")), month, day)
        return None if found is None else (found[0], used + 1)
    return _next(day, month, after, used)


def _this_month(day: int, after: date) -> tuple[date, int] | None:
    """The next month in which there is such a day."""
    for further in range(12):
        year, month = divmod(after.year * 12 + after.month - 1 + further, 12)
        found = _day(year, month + 1, day)
        if found is not None and found[0] >= after:
            return found
    return None


def _next(day: int, month: int, after: date, used: int) -> tuple[date, int] | None:
    """That day of the year, the next time; the last one, where the next is nearly a year off."""
    years = (_day(after.year + further, month, day) for further in range(-1, 9))
    known = [found[0] for found in years if found is not None]
    coming = [found for found in known if found >= after]
    if not coming:
        return None
    gone = [found for found in known if found < after]
    if gone and (coming[0] - after).days > A_WHOLE_YEAR_ROUND:
        return gone[-1], used
    return coming[0], used


def _day(year: int, month: int, day: int) -> tuple[date, int] | None:
    try:
        return date(year, month, day), 1
    except ValueError:
        return None


def _position(word: str, names: Sequence[str]) -> int | None:
    """Where it stands in the list: in full, or its beginning of three letters or more."""
    if len(word) < LEAST_LETTERS:
        return None
    return next((at for at, name in enumerate(names) if name.startswith(word)), None)


def _words(words: str) -> list[str]:
    """Split at spaces; a dash between two days stands alone: "24-27 Nov"."""
    apart = re.sub(r"\s*[–—]\s*|\s+-\s+", " - ", words)
    apart = re.sub(r"(?<![\d-])(\d{1,2})-(?=\d{1,2}(?:st|nd|rd|th)?\s+[^\W\d])", r"\1 - ", apart)
    return apart.split()[:MOST_WORDS]
