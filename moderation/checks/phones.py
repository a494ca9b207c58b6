"""Telephone numbers in a text, by the numbering plans that the phonenumbers library knows.

Two passes. The library's matcher knows every country's ways of writing. Our own pass adds what the
matcher passes over: numbers that stand side by side, mobile numbers that nobody has been given yet,
and ranges that no plan gives out (Ofcom keeps 01632 960 and 07700 900 for drama).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    ValidationResult,
    format_number,
    is_possible_number_with_reason,
    is_valid_number,
    number_type,
    parse,
)


if TYPE_CHECKING:
    from collections.abc import Iterator


REGION = "GB"
"""Where a number without a country code is dialled."""

_FRONT = r"(?<!\w)(?<!\d\.)"
_BRITISH = re.compile(
    rf"{_FRONT}(?:(?:\+|00) ?44 ?(?:\(0\) ?)?|44 ?(?=7)|\(?0[ -]?\(?)"
    r"[1-9](?:\)?[ .\-]{0,2}\d){8,9}(?!\d)"
)
_ABROAD = re.compile(rf"{_FRONT}\+(?!44)[1-9](?:[ .\-]?\d){{7,13}}(?!\d)")
_GROUPS = (
    *("4 6", "4 3 3", "4 2 2 2", "4 2 4", "4 4 2", "4 1 2 3", "3 7", "3 3 4"),
    *("2 8", "2 4 4", "2 3 3 2", "2 2 2 2 2", "1 3 3 3"),
)
"""How people part a number, after its zero."""
_APART = r"[\s./,_*#~|()-]{1,4}"
_GROUPED = re.compile(
    rf"{_FRONT}(?<!\d[\s,/])\(?0(?:"
    + "|".join(_APART.join(rf"\d{{{size}}}" for size in sizes.split()) for sizes in _GROUPS)
    + r")(?!\d)(?![\s,/]\d)"
)
"""In groups that people write, whatever stands between them."""
_WITHOUT_ZERO = re.compile(
    r"\b(?:call|mob|mobile|number|phone|ring|sms|tel|text|whatsapp)\b"
    r"(?:[ .:]{1,2}(?:him|her|me|mum|dad|us|them|is|no|on|at)){0,3}[ .:]{1,2}"
    r"(?P<number>7\d{3}[ .-]?\d{3}[ .-]?\d{3})(?!\d)"
)
_FIGURES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_FIGURE_WORDS = {
    **{word: str(figure) for figure, word in enumerate(_FIGURES)},
    **dict.fromkeys(("o", "oh", "nil", "nought"), "0"),
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FIGURE_WORD = rf"(?:(?:(?:{'|'.join(_TIMES)})[ -])?(?:{'|'.join(_FIGURE_WORDS)}|\d+))"
_READ_OUT = re.compile(rf"(?<![\w]){_FIGURE_WORD}(?:[\s,.-]{{1,2}}{_FIGURE_WORD}){{1,14}}(?!\w)")
"""A number in words, as it is said: "oh seven seven double oh"."""
_NO_WORDS = str.maketrans("", "", " ,.-")
_LENGTHS = {10, 11}
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_NO_NUMBER = re.compile(
    rf"{_DAY}([./-]){_MONTH}\1(?:\d\d){{1,2}}(?!\d)|{_DAY} {_MONTH} (?:19|20)\d\d(?!\d)|0\.\d"
)
"""A date and what follows it, or a decimal."""
_MOBILE = re.compile(r"7\d{9}")
_DRAMA = re.compile(r"1632960\d{3}|115496\d{4}")
_SOMEBODYS = {PhoneNumberType.MOBILE, PhoneNumberType.PAGER, PhoneNumberType.PERSONAL_NUMBER}
_NOBODYS = {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN}
"""Helplines and organisations: 0800, 0808, 03. No person has one."""
_COUNTRY = 44
_FEWEST_FIGURES = 6
"""Fewer are no number that anybody can be rung at, so nothing needs to be looked for."""


@dataclass(frozen=True, slots=True)
class Telephone:
    """One number; half-open offsets. ``mobile`` where it is carried about, so somebody's own.

    ``dialled`` is how the whole world dials it (E.164), e.g. ``+441632960123``.
    """

    start: int
    end: int
    mobile: bool
    dialled: str


def telephones(text: str) -> Iterator[Telephone]:
    """Every number that may be a person's, in no order; some may overlap.

    ``text`` is folded: plain figures, plain marks. Helplines (0800, 03) are left out.
    """
    yield from _read_out(text)
    if sum(map(str.isdigit, text)) < _FEWEST_FIGURES:
        return
    matched = (
        (match.start, match.raw_string, match.number)
        for match in PhoneNumberMatcher(text, REGION, leniency=Leniency.VALID)
    )
    for start, words, number in chain(matched, _passed_over(text)):
        kind = number_type(number)
        if kind not in _NOBODYS and not _NO_NUMBER.match(words):
            mobile = kind in _SOMEBODYS or _is_british_mobile(number)
            dialled = format_number(number, PhoneNumberFormat.E164)
            yield Telephone(start, start + len(words), mobile, dialled)


def _passed_over(text: str) -> Iterator[tuple[int, str, PhoneNumber]]:
    for shape, is_one in ((_BRITISH, _is_british), (_GROUPED, _is_british), (_ABROAD, _is_abroad)):
        for match in shape.finditer(text):
            number = _parsed(match[0])
            if number is not None and is_one(number):
                yield match.start(), match[0], number
    for match in _WITHOUT_ZERO.finditer(text):
        number = _parsed(match["number"])
        if number is not None and _is_british_mobile(number):
            yield match.start("number"), match["number"], number


def _parsed(words: str) -> PhoneNumber | None:
    try:
        return parse(re.sub(r"[^\d+]", "", words.replace("(0)", "")), REGION)
    except NumberParseException:
        return None


def _read_out(text: str) -> Iterator[Telephone]:
    """Numbers of which some figures are words: "oh seven seven double oh ..."."""
    for run in _READ_OUT.finditer(text):
        said = [
            (run.start() + word.start(), run.start() + word.end(), _said(word[0]))
            for word in re.finditer(_FIGURE_WORD, run[0])
        ]
        if run[0].translate(_NO_WORDS).isdigit():
            continue
        for at, (start, _, first) in enumerate(said):
            if not first.startswith("0"):
                continue
            figures = ""
            for _, end, more in said[at:]:
                figures += more
                number = _parsed(figures) if len(figures) in _LENGTHS else None
                if number is not None and _is_british(number):
                    dialled = format_number(number, PhoneNumberFormat.E164)
                    yield Telephone(start, end, _is_british_mobile(number), dialled)


def _said(words: str) -> str:
    """``double seven`` as ``77``."""
    *times, word = re.split("[ -]", words)
    return _FIGURE_WORDS.get(word, word) * (_TIMES[times[0]] if times else 1)


def _is_british(number: PhoneNumber) -> bool:
    drama = _DRAMA.fullmatch(str(number.national_number)) and number.country_code == _COUNTRY
    return is_valid_number(number) or _is_british_mobile(number) or bool(drama)


def _is_british_mobile(number: PhoneNumber) -> bool:
    """Every 07 with nine more figures, given out or not (National Telephone Numbering Plan)."""
    mobile = _MOBILE.fullmatch(str(number.national_number))
    return bool(mobile) and number.country_code == _COUNTRY


def _is_abroad(number: PhoneNumber) -> bool:
    return is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
