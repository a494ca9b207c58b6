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
_APART = r" ?[./\\_ -] ?"
_DATE = (
    rf"(?<![\d/])(?:{_DAY}{_APART}(?:0?[1-9]|1[0-2]){_APART}{_YEAR}"
    rf"|{_DAY}(?: of)?[ -]{_MONTHS},?[ -]{_YEAR}|{_MONTHS} {_DAY},? {_YEAR}"
    rf"|(?:19|20)\d\d-\d\d-\d\d|{_DAY}(?: of)? {_MONTHS})(?![\d/])"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_CALLED = r"(?:date of birth|birth ?-?date|day of birth|d\.? ?o\.? ?b\.?)"
_LEAD = rf"[\s:=>,-]{{0,3}}(?:(?:is|was|on|the|{_WEEKDAY},?) ){{0,4}}"
_AFTER = re.compile(rf"\b(?:birthday|born)(?![a-z])\)?{_LEAD}(?P<date>{_DATE})")
_CALLED_SO = re.compile(
    rf"\b{_CALLED}(?![a-z])(?:\)| ?\([dmy/. -]{{4,14}}\))?{_LEAD}"
    rf"(?:{_DATE}|(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d(?!\d)"
    rf"|(?:{_MONTHS}|(?:0?[1-9]|1[0-2])(?= ?/)) ?/? ?(?:19|20)\d\d(?!\d)"
    rf"|(?:twenty[ -]|thirty[ -])?[a-z]{{2,12}}(?:st|nd|rd|th) (?:of )?{_MONTHS}\b)"
)
"""Where it is called a date of birth, also without marks, without a day, and in words."""
_SHORT = re.compile(rf"\(b\.? ?(?P<date>{_DATE})")
"""As behind a name: "(b. 3/4/2015)"."""
_NOT_ONE = re.compile(
    r"\b(?:anyone|babies|calf|calves|chicks?|child|children|ducklings?|everyone|families|"
    r"foals?|kittens?|lambs?|learners|people|piglets?|puppies|puppy|pupils|those|"
    r"(?<!at )(?<!of )(?<!from )our (?:club|school)|who (?:are|were))"
    r"(?: (?:is|are|was|were|who|that|have been))* $"
)
"""Before "born": many, or whoever it is, or animals, or the school itself."""
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
    r"class code|access code|wi-?fi(?: key| code)?|network key|memorable word|"
    r"(?:entry|door|gate|alarm|key safe|security) code)\b"
    r"(?: for [\w']{1,20}(?: [\w']{1,20}){0,2}?)?(?: ?[:=]+ ?| (?:is|are|was):? (?:now |still )?)"
    r"(?P<secret>[^\s,;]{3,60})"
)
_MARKED = r"(?=\S*\d)(?=\S*[^\W\d_])[^\s,;]{4,60}"
"""Letters and figures in one, as passwords are and words aren't."""
_CODE = r"(?=\S*\d{3})[^\s,;]{4,12}"
_IS = (
    r"(?: ?[:=/|-]+ ?| (?:(?:is|are|was|will be|(?:has )?changed to|(?:has )?changed from):? )?"
    r"(?:now )?)"
)
_TOLD_BY = (
    r"(?:p[a4@][s5]{2} ?w[o0]r[dt]s?|pass|passwd|pwd|p\.?w\.?|p/w|log ?-?in|user ?-?names?|user|"
    r"psk|wpa[23]?|api key)"
)
_DOORS = r"(?:entry|door|gate|alarm|key ?safe|access|security)"
_CODED = (
    rf"(?:pass ?code|p\.?i\.?n\.?(?: code| number| no\.?)?|key ?safe|keypad|otp|(?:{_DOORS}|"
    rf"one-?time|verification|unlock|your|2fa|parent|activation|invitation|pairing|reset) code|"
    rf"codes? (?:for|of|to) (?:the |our )?(?:\w+ )?{_DOORS})"
)
_PLACES = r"(?:class(?:room)?|team|teams|zoom|meeting|join|group|course)"
"""Where pupils meet, each opened by a code or a number."""
_WHOSE = r"(?:(?:the|my|our|your|her|his|their) )?(?:new )?"
_MARKED_LOG_INS = tuple(
    re.compile(shape)
    for shape in (
        rf"\b{_TOLD_BY}{_IS}{_MARKED}",
        rf"\b{_CODED}{_IS}{_CODE}",
        rf"\b{_CODED}{_IS}\d(?: ?- ?| )\d(?:(?: ?- ?| )\d){{2,6}}(?![\d/:.])",
        rf"\b{_PLACES} code{_IS}{_MARKED}",
        rf"\bclassroom ?[:=]+ ?{_MARKED}",
        (
            rf"\b(?:join|{_PLACES})\b[^\n.?!]{{0,40}}\b(?:with|using|by|use|enter) (?:the )?code:? "
            rf"{_MARKED}"
        ),
        (
            r"\b(?:meeting|zoom|teams|webinar) (?:id|number|no\.?)[ :#=]{1,3}"
            r"\d{3}(?:[ -]?\d{2,4}){2,3}(?!\d)"
        ),
        (
            r"\b(?:press|enter|type|punch in|key in) \d{3,8} (?:on|at|into) the "
            r"(?:key ?pad|door|gate)\b"
        ),
        rf"\buse {_MARKED} to (?:get|log|sign)[ -]?(?:in|on)\b",
        rf"(?<!\S){_MARKED} ?\((?:the )?{_TOLD_BY}\)",
        rf"(?<!\S){_MARKED} (?:is|as) {_WHOSE}{_TOLD_BY}\b",
        rf"\b(?:log|sign)(?:ged)?[ -]?in (?:with|as|using) \S{{3,30}} (?:and|with|using) {_MARKED}",
        (
            rf"\b(?:log ?-?in|credentials|wi-?fi|user(?: ?-?name)?) ?[:=]? ?\S{{3,30}}? ?[/|] ?"
            rf"{_MARKED}"
        ),
    )
)
_TOLD_LOG_IN = re.compile(
    r"p[a4@][s5]|p[./]?w|p\.i\.n|psk|wpa|api|otp|key|press|class|team|zoom|meeting|webinar|join|"
    r"log|user|use|pin|code|sign|credentials|wi-?fi|word"
)
_NO_SECRET = frozenset(
    """
ask choose help keep make never pick please protect remember reset think tips use
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
    for match in _SHORT.finditer(folded):
        if _young(match["date"], this_year):
            yield match.span()
    if not _TOLD.search(folded):
        return
    for match in _AFTER.finditer(folded):
        many = _NOT_ONE.search(folded, max(0, match.start() - 30), match.start())
        if not many and _young(match["date"], this_year):
            yield match.span()
    for match in _CALLED_SO.finditer(folded):
        yield match.span()
    for match in _BEFORE.finditer(folded):
        yield match.span()


def _young(date: str, this_year: int) -> bool:
    """Whether whoever was born then may be a pupil. A date without a year tells nothing."""
    years = re.findall(r"(?:19|20)\d\d", date) or re.findall(r"\D(\d\d)$", date)
    if not years:
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
    if _TOLD_LOG_IN.search(folded) and any(char.isdigit() for char in folded):
        for shape in _MARKED_LOG_INS:
            yield from (match.span() for match in shape.finditer(folded))
