"""Where a text tells a class, a year group or an age: next to a first name that tells who it is."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.fold import fold
from moderation.checks.names.roster import SPELT_YEARS, Keys, year_of


if TYPE_CHECKING:
    from moderation.checks.names.roster import Roster


@dataclass(frozen=True, slots=True)
class ClassMention:
    """Half-open original offsets; ``year`` in words, or ``form`` folded, or neither for an age.

    ``reach`` is how many characters may stand between it and the name, where that is fewer than
    for others: schools have birthdays too.
    """

    start: int
    end: int
    year: str = ""
    form: str = ""
    reach: int = sys.maxsize


NUMBERS = "three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
_AGE = rf"(?:[3-9]|1[0-8]|{NUMBERS})"
_BIRTHDAY = (
    r"\b(?:3rd|[4-9]th|1[0-8]th|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh)teenth) birthday\b"
)
_BESIDE = 5
"""Characters from a birthday to whose it is: ``Zoe's ninth birthday``, ``birthday to Zoe``."""
# "Last year two of us sang" speaks of no Year 2.
_NO_GROUP = "".join(rf"(?<!\b{word} )" for word in ("last", "this", "next", "each", "every", "a"))
_MENTION = re.compile(
    rf"\b(?P<year>(?:year|yr) ?(?:\d{{1,2}}|r)\b|y ?\d{{1,2}}\b"
    rf"|{_NO_GROUP}year (?:{'|'.join(SPELT_YEARS)})\b)"
    rf"|\b(?P<early>reception|nursery)\b"
    rf"|\b(?P<age>aged? (?:\d{{1,2}}|{NUMBERS})\b|(?:\d{{1,2}}|{NUMBERS})[- ]years?[- ]old\b)"
    rf"|(?P<birthday>{_BIRTHDAY})"
    rf"|(?P<told>\b(?:is|turns|turned) {_AGE}(?= (?:today|now|tomorrow)\b|[.,!?;]|$)"
    rf"|, {_AGE}(?:,| (?:today|now|tomorrow)\b))"
    rf"|(?P<bracket>\((?:[3-9]|1[0-8])\))"
    rf"|(?P<class>\bclass (?:1[0-3]|[1-9])\b)"
    rf"|\b(?P<form>(?:\d{{1,2}}|y\d{{1,2}}|r)[a-z]{{1,3}})\b"
)
_CALLED = re.compile(r"\b([^\W_]+) class\b")


def class_mentions(text: str, roster: Roster) -> tuple[ClassMention, ...]:
    """Every mention of a year, an age, or a form that is on the roster, in order."""
    folded = fold(text)
    found: list[ClassMention] = []
    for match in _MENTION.finditer(folded.text):
        start, end = folded.span(match.start(), match.end())
        if match["class"] and roster.in_form(match["class"]):
            found.append(ClassMention(start, end, form=match["class"]))
        elif match["form"]:
            if roster.in_form(match["form"]):
                found.append(ClassMention(start, end, form=match["form"]))
        elif match["birthday"]:
            found.append(ClassMention(start, end, reach=_BESIDE))
        else:
            year = year_of(match["year"] or match["early"] or "")
            found.append(ClassMention(start, end, year=year))
    # A form may also be called by a word: "Amelia in Willow class".
    for match in _CALLED.finditer(folded.text):
        if roster.in_form(match[1]) or roster.in_form(match[0]):
            start, end = folded.span(match.start(), match.end())
            form = match[1] if roster.in_form(match[1]) else match[0]
            found.append(ClassMention(start, end, form=form))
    return tuple(sorted(found, key=lambda mention: mention.start))


def whom_it_fits(mention: ClassMention, pupils: Keys, roster: Roster) -> Keys:
    """Those of ``pupils`` who are in that class; an age, or a pupil without a year, fits all."""
    if mention.form:
        in_form = set(roster.in_form(mention.form))
        return tuple(pupil for pupil in pupils if pupil in in_form)
    if mention.year:
        return tuple(pupil for pupil in pupils if roster.year(pupil) in {"", mention.year})
    return pupils
