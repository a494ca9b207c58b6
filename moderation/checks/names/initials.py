"""Names of which one half is an initial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.names.candidate import (
    FORWARD,
    MOST_BETWEEN,
    Candidate,
    Unit,
    Units,
    Way,
    goes_on,
)
from moderation.checks.names.tokens import Gap, Shape


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.names.roster import Keys, Roster
    from moderation.checks.names.tokens import Atom

BETWEEN_INITIALS = frozenset({Gap.HYPHEN, Gap.TIGHT})
BEHIND_A_SURNAME = frozenset({Gap.COMMA, Gap.SPACE})
TWO = "JP"
BEFORE_AN_INITIAL = FORWARD | {Gap.BRACKET, Gap.INITIAL}


def with_initials(text: tuple[Atom, ...], units: Units, roster: Roster) -> Iterator[Candidate]:
    """``Amelia K.``, ``A. Khan``, ``A P Khan``, ``AP Khan``, ``Khan, A.`` and ``Khan A``."""
    for at, atom in enumerate(text):
        if len(atom.form) == len(TWO) and atom.shape is Shape.UPPER and at + 1 < len(text):
            yield from _two_letters(text, units, roster, at)
        if not atom.letter or atom.shape is Shape.MIXED:
            continue
        if at and atom.gap in BEFORE_AN_INITIAL and not text[at - 1].possessive:
            before = (unit for starting in units[max(0, at - 3) : at] for unit in starting)
            # "Amelia J K" has the letter of a middle name before that of the surname.
            middle = text[at - 1].letter
            for unit in before:
                if unit.high == at or (middle and unit.high == at - 1):
                    yield from _first_initial(text, roster, unit, at)
            yield from _whole_initial(text, roster, at)
        # "J. P. Young" has the first letter of Jack, whoever P was.
        family = at + 1
        while family < len(text) and goes_on(text, family) and family - at <= MOST_BETWEEN + 1:
            for unit in units[family]:
                yield from _initial_last(roster, unit, at, atom.form)
            if not text[family].letter:
                break
            family += 1
        if at and atom.gap in BEHIND_A_SURNAME and atom.capitalised:
            for unit in (unit for starting in units[max(0, at - 3) : at] for unit in starting):
                if unit.high == at:
                    yield from _initial_last(roster, unit, at, atom.form)


def _two_letters(
    text: tuple[Atom, ...], units: Units, roster: Roster, at: int
) -> Iterator[Candidate]:
    """``JP Young``: the first of two letters, and the surname."""
    if text[at + 1].gap is Gap.SPACE:
        for unit in units[at + 1]:
            yield from _initial_last(roster, unit, at, text[at].form[0])


def _first_initial(
    text: tuple[Atom, ...], roster: Roster, unit: Unit, at: int
) -> Iterator[Candidate]:
    letter = text[at].form
    for form in unit.forms:
        if pupils := roster.first(form) and roster.named(form, letter):
            halves = ((unit.low, form), (at, letter))
            pupils, high = _second_initial(text, roster, form, pupils, at + 1)
            yield Candidate(
                way=Way.FIRST_INITIAL, low=unit.low, high=high, pupils=pupils, halves=halves
            )


def _second_initial(
    text: tuple[Atom, ...], roster: Roster, form: str, pupils: Keys, at: int
) -> tuple[Keys, int]:
    """``Kofi M-B`` of Kofi Mensah-Boateng: who has both letters, and the end of the initials."""
    if at < len(text) and text[at].letter and text[at].gap in BETWEEN_INITIALS:
        second = set(roster.named(form, text[at].form))
        if both := tuple(pupil for pupil in pupils if pupil in second):
            return both, at + 1
    return pupils, at


def _whole_initial(text: tuple[Atom, ...], roster: Roster, at: int) -> Iterator[Candidate]:
    """``Sri Devi R``: all the parts of a given name before the letter."""
    given = text[at - 1].form
    for low in range(at - 2, max(at - 2 - MOST_BETWEEN, -1), -1):
        if text[low].letter or not goes_on(text, low + 1) or text[low].possessive:
            return
        given = text[low].form + given
        if pupils := roster.first(given) and roster.named(given, text[at].form):
            halves = ((low, given), (at, text[at].form))
            pupils, high = _second_initial(text, roster, given, pupils, at + 1)
            yield Candidate(way=Way.FIRST_INITIAL, low=low, high=high, pupils=pupils, halves=halves)


def _initial_last(roster: Roster, unit: Unit, at: int, letter: str) -> Iterator[Candidate]:
    for form in unit.forms:
        if pupils := roster.last(form) and roster.named(letter, form):
            halves = ((at, letter), (unit.high - 1, form))
            low, high = min(at, unit.low), max(at + 1, unit.high)
            yield Candidate(way=Way.INITIAL_LAST, low=low, high=high, pupils=pupils, halves=halves)
