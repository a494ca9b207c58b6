"""The pupils of a school as sets of halves of names: built once, asked by every post.

Asking costs the same for 30 pupils and for 30,000. Nothing here prints, raises or returns a name:
answers are opaque keys and labels made of initials and a year.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from moderation.checks.fold import Reading, fold
from moderation.checks.names.called import also_called, shortens
from moderation.checks.names.slips import Slips
from moderation.checks.names.words import PARTICLES


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import PupilName
    from moderation.kernel import PupilKey


K = TypeVar("K")
Keys = tuple["PupilKey", ...]
_Index = dict[K, Keys]
Pair = tuple[str, str]

_ATOM = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MANY = 300
"""Bearers of one surname, beyond which a short form before it says nothing."""
_LEAST_HALF = 3
"""Letters of a part of a name, below which the part alone means nobody."""
_YEAR = re.compile(
    r"(?:(?:curriculum|nc) )?(?:year|yr|y|ncy|nc)?\s*\.?\s*(\d{1,2})(?:\.0)?", re.IGNORECASE
)
_EARLY = {
    **dict.fromkeys(("r", "reception", "rec", "yr", "fs2", "f2", "eyfs2"), "Reception"),
    **dict.fromkeys(("n", "nursery", "nursery 1", "nursery 2", "fs1", "f1", "eyfs1"), "Nursery"),
}
"""As schools' systems write the years before Year 1."""


SPELT_YEARS = (
    *("one", "two", "three", "four", "five", "six", "seven"),
    *("eight", "nine", "ten", "eleven", "twelve", "thirteen"),
)


@lru_cache(maxsize=256)
def year_of(text: str) -> str:
    """A year group in one form: ``Year 4``, ``Reception``, ``Nursery``, or empty if unknown."""
    plain = " ".join(fold(text).text.split())
    if match := _YEAR.fullmatch(plain):
        return f"Year {int(match[1])}" if int(match[1]) else "Reception"
    if plain.removeprefix("year ") in SPELT_YEARS:
        return f"Year {SPELT_YEARS.index(plain.removeprefix('year ')) + 1}"
    word = plain.removeprefix("year ").removeprefix("y ")
    return _EARLY.get(word, _EARLY.get(word[:1], "") if re.fullmatch(r"[rn]\d?", word) else "")


class Roster:
    """One school's pupils, or those of several. ``repr`` tells their number alone."""

    def __init__(self, pupils: Iterable[PupilName]) -> None:
        read = _Read()
        for name in pupils:
            read.add(name)
        self._pairs = _fixed(read.pairs)
        self._firsts = _fixed(read.firsts)
        self._lasts = _fixed(read.lasts)
        self._initials = _fixed(read.initials)
        self._forms = _fixed(read.forms)
        self._labels = read.labels
        self._years = read.years
        self._written = read.written
        self._first_halves = frozenset(first for first, _ in self._pairs if len(first) > 1)
        self._last_halves = frozenset(last for _, last in self._pairs if len(last) > 1)
        self._halves = self._first_halves | self._last_halves
        self._slipped_firsts = Slips(self._first_halves)
        self._slipped_lasts = Slips(self._last_halves)

    def __repr__(self) -> str:
        return f"Roster({len(self)} pupils)"

    def __len__(self) -> int:
        return len(self._labels)

    def __contains__(self, pupil: object) -> bool:
        return pupil in self._labels

    def named(self, first: str, last: str) -> Keys:
        """Who has this first and last half; either may be a single letter."""
        return self._pairs.get((first, last), ())

    def first(self, form: str) -> Keys:
        """Who is called this, as a first name by itself."""
        return self._firsts.get(form, ())

    def last(self, form: str) -> Keys:
        """Who has this surname, or half of it."""
        return self._lasts.get(form, ())

    def is_written(self, form: str, pupils: Keys) -> bool:
        """Whether one of them is called so on the roll itself, and not only by other people."""
        return any(
            form in (words := self._written[pupil]) or form == "".join(words) for pupil in pupils
        )

    def shortened(self, short: str, last: str) -> Keys:
        """Who has this last half, and a given name that the other word is cut down from."""
        bearers = self._lasts.get(last, ())
        if len(bearers) > _MANY:
            return ()
        return tuple(
            pupil
            for pupil in bearers
            if any(shortens(short, name) for name in self._written[pupil])
        )

    def initialled(self, letters: str) -> Keys:
        """Whose two initials these are."""
        return self._initials.get(letters, ())

    def in_form(self, form: str) -> Keys:
        """Who is in the form (teaching group) of this folded name."""
        return self._forms.get(form, ())

    def is_first_half(self, form: str) -> bool:
        """Whether anybody's given names contain this."""
        return form in self._first_halves

    def is_last_half(self, form: str) -> bool:
        """Whether anybody's surnames contain this."""
        return form in self._last_halves

    def is_half(self, form: str) -> bool:
        """Whether anybody's given names or surnames contain this."""
        return form in self._halves

    def firsts_near(self, word: str) -> tuple[str, ...]:
        """Halves of given names that are one slip of the keyboard away."""
        return self._slipped_firsts.near(word)

    def lasts_near(self, word: str) -> tuple[str, ...]:
        """Halves of surnames that are one slip of the keyboard away."""
        return self._slipped_lasts.near(word)

    def label(self, pupil: PupilKey) -> str:
        """Initials and year, e.g. ``A.K., Year 4``; empty for a stranger."""
        return self._labels.get(pupil, "")

    def year(self, pupil: PupilKey) -> str:
        """The year group in words, or empty."""
        return self._years.get(pupil, "")


class _Read:
    """What is read from pupils one by one; each spelling of a name is taken apart once."""

    def __init__(self) -> None:
        self.pairs: dict[Pair, list[PupilKey]] = {}
        self.firsts: dict[str, list[PupilKey]] = {}
        self.lasts: dict[str, list[PupilKey]] = {}
        self.initials: dict[str, list[PupilKey]] = {}
        self.forms: dict[str, list[PupilKey]] = {}
        self.labels: dict[PupilKey, str] = {}
        self.years: dict[PupilKey, str] = {}
        self.written: dict[PupilKey, tuple[str, ...]] = {}
        self._given: dict[str, dict[str, bool]] = {}
        self._words: dict[tuple[str, str], tuple[str, ...]] = {}
        self._family: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        return f"_Read({len(self.labels)} pupils)"

    def add(self, name: PupilName) -> None:
        key = name.pupil
        self.years[key] = year_of(name.year_group)
        self.labels[key] = _label(name, self.years[key])
        given, family = self._parts(name)
        self.written[key] = self._called(name)
        letters = dict.fromkeys(last[0] for last in family)
        for first, alone in given.items():
            if alone:
                _note(self.firsts, first, key)
            for half in (*family, *letters):
                _note(self.pairs, (first, half), key)
        for letter in dict.fromkeys(first[0] for first, alone in given.items() if alone):
            for last in family:
                _note(self.pairs, (letter, last), key)
            for other in letters:
                _note(self.initials, letter + other, key)
        for last in family:
            if len(last) > 1:
                _note(self.lasts, last, key)
        if form := fold(name.form).text.strip():
            _note(self.forms, form, key)

    def _called(self, name: PupilName) -> tuple[str, ...]:
        """The words of the given names, legal and preferred, each once; shared by namesakes."""
        both = (name.legal_forename, name.preferred_forename)
        if both not in self._words:
            words = dict.fromkeys(word for part in both for word in _ATOM.findall(_folded(part)))
            self._words[both] = tuple(word.replace("'", "") for word in words)
        return self._words[both]

    def _parts(self, name: PupilName) -> tuple[dict[str, bool], dict[str, None]]:
        """Halves of the pupil's given names and surnames, legal and preferred."""
        given: dict[str, bool] = {}
        for written in (name.legal_forename, name.preferred_forename):
            if written not in self._given:
                self._given[written] = _given(written)
            given |= self._given[written]
        family: dict[str, None] = {}
        for written in (name.legal_surname, name.preferred_surname):
            if written not in self._family:
                self._family[written] = _family(written)
            family |= dict.fromkeys(self._family[written])
        return given, family


def _note(index: dict[K, list[PupilKey]], at: K, key: PupilKey) -> None:
    known = index.setdefault(at, [])
    # One pupil's entries come together: looking at the last one is enough.
    if not known or known[-1] != key:
        known.append(key)


def _fixed(index: dict[K, list[PupilKey]]) -> _Index[K]:
    return {at: tuple(keys) for at, keys in index.items()}


def _given(name: str) -> dict[str, bool]:
    """Halves of given names; the value tells whether the half is a first name by itself.

    ``Anne-Marie Rose`` may be called Anne-Marie, Annemarie, Anne, Marie or Annie, but not Rose
    alone.
    """
    halves: dict[str, bool] = {}
    for at, word in enumerate(_folded(name).split()):
        for half in _halves(word):
            if len(half) > 1:
                halves[half] = halves.get(half, False) or at == 0
    # In the south of India an initial may be all of a given name: "K Venkat".
    if not halves:
        halves = dict.fromkeys(_ATOM.findall(_folded(name)), False)
    whole = "".join(_ATOM.findall(_folded(name))).replace("'", "")
    if len(whole) > 1:
        halves.setdefault(whole, True)
    for half in tuple(half for half, alone in halves.items() if alone):
        for other in also_called(half):
            halves.setdefault(other, True)
    return halves


def _family(name: str) -> tuple[str, ...]:
    """Halves of surnames: each part of a double-barrelled one, and all of it closed up."""
    folded = _folded(name)
    halves = dict.fromkeys(half for word in folded.split() for half in _halves(word))
    whole = "".join(_ATOM.findall(folded)).replace("'", "")
    if whole:
        halves[whole] = None
    return tuple(halves)


def _halves(word: str) -> Iterable[str]:
    written = _ATOM.findall(word)
    parts = [part.replace("'", "") for part in written]
    if len(parts) > 1:
        yield "".join(parts)
    for part in parts:
        if part not in PARTICLES or len(parts) == 1:
            yield part
    for part in written:
        _, apostrophe, rest = part.rpartition("'")
        if apostrophe and len(rest) >= _LEAST_HALF:
            yield rest


def _folded(name: str) -> str:
    return fold(name, Reading.SPOKEN).text


def _label(name: PupilName, year: str) -> str:
    first = name.preferred_forename.strip() or name.legal_forename.strip()
    last = name.preferred_surname.strip() or name.legal_surname.strip()
    initials = "".join(f"{part[0].upper()}." for part in (first, last) if part)
    return ", ".join(part for part in (initials, year) if part)
