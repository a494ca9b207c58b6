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

_BRITISH = re.compile(
    r"(?<![\w.])(?:(?:\+|00) ?44 ?(?:\(0\) ?)?|44 ?(?=7)|\(?0[ -]?)"
    r"[1-9](?:\)?[ .\-]{0,2}\d){8,9}(?!\d)"
)
_ABROAD = re.compile(r"(?<![\w.])\+(?!44)[1-9](?:[ .\-]?\d){7,13}(?!\d)")
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
    for shape, is_one in ((_BRITISH, _is_british), (_ABROAD, _is_abroad)):
        for match in shape.finditer(text):
            try:
                number = parse(match[0], REGION)
            except NumberParseException:
                continue
            if is_one(number):
                yield match.start(), match[0], number


def _is_british(number: PhoneNumber) -> bool:
    drama = _DRAMA.fullmatch(str(number.national_number)) and number.country_code == _COUNTRY
    return is_valid_number(number) or _is_british_mobile(number) or bool(drama)


def _is_british_mobile(number: PhoneNumber) -> bool:
    """Every 07 with nine more figures, given out or not (National Telephone Numbering Plan)."""
    mobile = _MOBILE.fullmatch(str(number.national_number))
    return bool(mobile) and number.country_code == _COUNTRY


def _is_abroad(number: PhoneNumber) -> bool:
    return is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
