"""Dates of birth and log-in details in folded text, told by the words that stand beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.spans import Place

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_DATE = (
    rf"(?<![\d/])(?:{_DAY} ?[./ -] ?(?:0?[1-9]|1[0-2]) ?[./ -] ?{_YEAR}"
    rf"|{_DAY}(?: of)?[ -]{_MONTHS},?[ -]{_YEAR}|{_MONTHS} {_DAY},? {_YEAR}"
    rf"|(?:19|20)\d\d-\d\d-\d\d|{_DAY}(?: of)? {_MONTHS})(?![\d/])"
)
_CALLED = r"(?:date of birth|birth ?-?date|day of birth|d\.? ?o\.? ?b\.?)"
_AFTER = re.compile(
    rf"\b(?P<told>{_CALLED}|birthday|born)\b\)?[ :=,-]{{0,3}}(?:(?:is|was|on|the) ){{0,3}}"
    rf"(?P<date>{_DATE})"
)
_BEFORE = re.compile(
    rf"{_DATE},? ?\(?(?:(?:is|was|as) )?(?:(?:her|his|the|their|my|a) )?{_CALLED}(?![a-z])"
)
_TOLD = re.compile(r"birth|born|d\.? ?o\.? ?b")
_PUPILS_AGE = 25
"""Years, beyond which somebody "born on" a day is in history rather than in class."""
_CENTURY = 100

_LOG_IN = re.compile(
    r"\b(?:pass ?words?|pass ?code|pass ?phrase|passwd|pwd|pw|pin(?: code| number)?|"
    r"log ?-?ins?|log ?-?ons?|user ?-?names?|user id|(?:meeting|zoom|teams) (?:id|code)|join code|"
    r"class code|access code|wi-?fi(?: key| code)?|network key|(?:entry|door|gate|alarm) code)\b"
    r"(?: for [\w']{1,20}(?: [\w']{1,20}){0,2}?)?(?: ?[:=]+ ?| (?:is|are|was) (?:now |still )?)"
    r"(?P<secret>[^\s,;]{3,60})"
)
_NO_SECRET = frozenset(
    """
a also always an and as available back bad being by case changed changing closed different down
due easy emailed enough fixed for found free from given good hard here hidden in inside it its kept
like long lost made needed never new not now off on only open out personal printed private
required reset right safe secret sent set shared shiny slow something stored strong that the
there to too under unique up very weak what when with working written wrong your yours
""".split()  # noqa: SIM905  as a text
)
_NEEDS_A_FIGURE = ("pin", "wi", "class", "log", "user")


def births(folded: str, this_year: int) -> Iterator[Place]:
    """Half-open places of dates of birth; of people long ago only where it is called so."""
    if not _TOLD.search(folded):
        return
    for match in _AFTER.finditer(folded):
        if match["told"] not in {"born", "birthday"} or _young(match["date"], this_year):
            yield match.span()
    for match in _BEFORE.finditer(folded):
        yield match.span()


def _young(date: str, this_year: int) -> bool:
    """Whether whoever was born then may be a pupil. A date without a year tells nothing."""
    years = re.findall(r"(?:19|20)\d\d", date) or re.findall(r"\D(\d\d)$", date)
    if not years or not date[-1].isdigit():
        return False
    year = int(years[-1])
    age = this_year - year if year >= _CENTURY else (this_year - year) % _CENTURY
    return 0 <= age <= _PUPILS_AGE


def log_ins(folded: str) -> Iterator[Place]:
    """Half-open places of passwords and the like; ``the password is on the letter`` is none."""
    for match in _LOG_IN.finditer(folded):
        secret = match["secret"].strip("\"'.!?()")
        if secret in _NO_SECRET:
            continue
        figure = any(char.isdigit() for char in secret)
        if figure or not match[0].startswith(_NEEDS_A_FIGURE):
            yield match.span()
