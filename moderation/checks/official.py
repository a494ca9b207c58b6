"""Official numbers of a person: health, National Insurance, pupil, passport, bank.

Those with a check figure are known by it, the others by the words that stand before them. Half-open
offsets into folded text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.spans import Place

_HEALTH = re.compile(
    r"(?<![\d+])(?<!\d[ .,/-])(?<!0\))(?<!0\)[ .,/-])"  # "+44 (0)" is dialled
    r"\d{3}(?P<one>[ ./-]{0,2})\d{3}(?P<two>[ ./-]{0,2})\d{4}(?![ .,/-]?\d)"
)
_HEALTH_FIRST = "4679"
"""With what numbers of England and the Isle of Man begin, and those kept for tests."""
_HEALTH_TOLD = re.compile("nhs|health|patient")
_HEALTH_CALLED = re.compile(
    r"\b(?:nhs|health|patient)(?: (?:number|num|no))?(?: is)?[\s.:#-]{0,3}"
    r"(?P<number>\d(?:[\s./-]{0,3}\d){9})(?![ ./-]?\d)"
)
"""In any groups, where it is called so."""
_INSURANCE = re.compile(
    r"(?<!\w)(?:qq|(?!b ?g|g ?b|n ?k|k ?n|t ?n|n ?t|z ?z)[a-ceghj-prstw-z] ?[a-ceghj-npr-tw-z])"
    r"(?! (?:0[1-9]|[12]\d|3[01])[./-](?:0[1-9]|1[0-2])[./-]\d\d )"
    r"(?:[ ./-]{0,2}\d){6}[ ./-]{0,2}[a-d](?!\w)"
)
"""Without the letters that are never given out (HMRC, NIM39110), but for the QQ of examples.

Behind a small word a date with marks is a date: "by 12/10/26 a letter comes home".
"""
_PUPIL_NUMBER = re.compile(r"(?<!\w)[a-z](?:[ ./-]?\d){11}[ ./-]?[\da-z](?!\w)")
_PUPIL_LETTERS = "abcdefghjklmnpqrtuvwxyz0123456789"
_CARD = re.compile(
    r"(?<![\w.])(?:[3-6]\d{3}(?:[ -]?\d{4}){3}|3\d{3}[ -]?\d{6}[ -]?\d{5})(?![ -]?\d)"
)
_ACCOUNT_ABROAD = re.compile(r"(?<!\w)gb\d\d ?[a-z]{4}(?: ?\d){14}(?!\w)")
"""A British IBAN."""
_CALLED = re.compile(
    r"\b(?:(?:account|acct?|a/c)(?: (?:number|num|no))?|sort code|"
    r"(?:passport|driving licen[cs]e|chi)(?: (?:number|no))?|uln|unique learner number)"
    r"\.?(?: is)?[\s:#-]{0,3}(?P<number>[a-z]{0,5}\d[\da-z]*(?:[ -]?\d[\da-z]*){0,6})"
)
"""Of a bank, a passport and the like, where it is called so."""
_FEWEST_FIGURES = 6
"""Of a sort code."""


def official_numbers(folded: str) -> Iterator[Place]:
    """Every number that tells one person from all others; some may overlap."""
    for match in _HEALTH.finditer(folded):
        digits = _figures(match[0])
        told = _HEALTH_TOLD.search(folded, max(0, match.start() - 24), match.end() + 8)
        parted = bool(match["one"]) and bool(match["two"])  # 3-3-4, as on its letters
        likely = digits[0] in _HEALTH_FIRST
        if (told or parted or likely) and _health_number(digits):
            yield match.span()
    for match in _HEALTH_CALLED.finditer(folded):
        if _health_number(_figures(match["number"])):
            yield match.span("number")
    for match in _INSURANCE.finditer(folded):
        yield match.span()
    for match in _PUPIL_NUMBER.finditer(folded):
        if _pupil_number(re.sub("[^a-z0-9]", "", match[0])):
            yield match.span()
    yield from _numbers_of_a_bank(folded)


def _numbers_of_a_bank(folded: str) -> Iterator[Place]:
    for match in _CARD.finditer(folded):
        if _card_number(_figures(match[0])):
            yield match.span()
    for match in _ACCOUNT_ABROAD.finditer(folded):
        yield match.span()
    for match in _CALLED.finditer(folded):
        if len(_figures(match["number"])) >= _FEWEST_FIGURES:
            yield match.span("number")


def _figures(number: str) -> str:
    return re.sub(r"\D", "", number)


def _health_number(digits: str) -> bool:
    """NHS number: ten digits, the last a modulus-11 check (NHS Data Dictionary)."""
    total = sum(
        weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)
    )
    check = 11 - total % 11
    return check != 10 and int(digits[9]) == check % 11  # noqa: PLR2004  10 is never issued


def _card_number(digits: str) -> bool:
    """Of a bank card: the last figure is a modulus-10 check (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _pupil_number(number: str) -> bool:
    """Unique pupil number: a check letter, then twelve figures, modulus 23 (DfE guide to UPNs)."""
    if any(char not in _PUPIL_LETTERS for char in number):
        return False
    total = sum(
        weight * (_PUPIL_LETTERS.index(char) if char.isalpha() else int(char))
        for weight, char in enumerate(number[1:], start=2)
    )
    return _PUPIL_LETTERS[total % 23] == number[0]
