"""Finding what could be a pupil's name: halves looked up, pairs verified, context asked.

No pattern is ever built from the roster: the cost of a post doesn't depend on the number of pupils.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from moderation.checks.names import closed
from moderation.checks.names.candidate import (
    FORWARD,
    MOST_BETWEEN,
    Candidate,
    Unit,
    Units,
    Way,
    goes_on,
)
from moderation.checks.names.initials import with_initials
from moderation.checks.names.tokens import Gap
from moderation.checks.names.words import (
    CROWNS,
    EVERYDAY,
    NEVER_IN_LOWER_CASE,
    PARTICLES,
    SOMETIMES,
    TITLES,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from moderation.checks.names.roster import Keys, Roster
    from moderation.checks.names.tokens import Atom


NO_SHORT_FORMS = PARTICLES | TITLES | CROWNS

BACKWARD = FORWARD | {Gap.COMMA}
LEAST_WORDY_SHORT = 4
"""Letters of a name cut down to what is a word."""
JOINING = NEVER_IN_LOWER_CASE.difference(
    ("an", "can", "do", "he", "june", "long", "love", "man", "mark", "may", "so", "will", "young")
)
"""Words that never stand between a first name and its surname, however they are written."""
LEAST_RUN = 4
LEAST_PLAIN_RUN = 6


def units_of(text: tuple[Atom, ...]) -> Units:
    """For each atom, what may be one half of a name and begins there."""
    last = len(text) - 1
    return [
        tuple(_units(text, at))
        if at < last and (_is_joined(text[at + 1]) or atom.form in PARTICLES)
        else (Unit(at, at + 1, atom.forms),)
        for at, atom in enumerate(text)
    ]


def _is_joined(atom: Atom) -> bool:
    return atom.gap is Gap.NONE or atom.tight


def candidates(
    text: tuple[Atom, ...], units: Units, roster: Roster, *, whole: bool = False
) -> list[Candidate]:
    """Everything that could name a pupil, the strongest first; they may overlap.

    ``whole`` leaves out what can't be a full name.
    """
    if not text or not len(roster):
        return []
    found = [
        *_pairs(text, units, roster),
        *_runs(text, roster),
        *_shortened(text, units, roster),
    ]
    if not whole:
        found += with_initials(text, units, roster)
        found += _with_slips(text, roster)
        found += _starred(text, units, roster)
        found += _singles(units, roster)
    return sorted(found, key=lambda one: (one.way, one.low - one.high, one.low))


def _units(text: tuple[Atom, ...], at: int) -> Iterator[Unit]:
    """The atom by itself, with what a particle or a sign joins it to, or its camel-cased word."""
    yield Unit(at, at + 1, text[at].forms)
    joined = text[at].form
    particle = joined in PARTICLES
    # "El34nor" is cut behind its figures, which are letters to a reader.
    leads = (joined,) if joined.isalpha() else text[at].forms
    for end in range(at + 1, min(at + 4, len(text))):
        if not (_is_joined(text[end]) or (particle and text[end].gap in FORWARD)):
            return
        # "MacIntyres" is cut behind "Mac": its plural s is the last piece's.
        forms = dict.fromkeys(lead + form for lead in leads for form in text[end].forms)
        joined += text[end].form
        leads = tuple(lead + text[end].form for lead in leads)
        yield Unit(at, end + 1, tuple(forms))
        particle = particle and text[end].form in PARTICLES


def _pairs(text: tuple[Atom, ...], units: Units, roster: Roster) -> Iterator[Candidate]:
    for starting in units:
        for unit in starting:
            for form in unit.forms:
                if roster.is_first_half(form):
                    yield from _forward(text, units, roster, unit, form)
                if roster.is_last_half(form):
                    yield from _backward(text, units, roster, unit, form)


def _forward(
    text: tuple[Atom, ...], units: Units, roster: Roster, unit: Unit, form: str
) -> Iterator[Candidate]:
    """First name, up to two middle names, surname."""
    at, given, between = unit.high, form, 0
    if text[at - 1].possessive:
        return
    while between <= MOST_BETWEEN:
        if at >= len(text) or not goes_on(text, at):
            return
        found = _surname(text, units, roster, form, at)
        if found is not None:
            pupils, last_at, last, high = found
            yield Candidate(
                way=Way.FIRST_LAST,
                low=unit.low,
                high=high,
                pupils=pupils,
                halves=((unit.low, given), (last_at, last)),
            )
            return
        # Of "Sung Min" each part may be a word; both together are nothing but a name.
        if roster.is_first_half(given + text[at].form):
            given += text[at].form
        elif not _may_be_between(text[at]):
            return
        # "Noor ul Ain" is one middle name or two, and no third.
        between += text[at].form not in PARTICLES
        at += 1


def _surname(
    text: tuple[Atom, ...], units: Units, roster: Roster, form: str, at: int
) -> tuple[Keys, int, str, int] | None:
    """Who has this first name and a surname that begins here: with its place, form and end."""
    for other in reversed(units[at]):
        for last in other.forms:
            if len(last) > 1 and (pupils := roster.named(form, last)):
                high, judged = other.high, (other.high - 1, last)
                # The second half of a surname written without its hyphen belongs to it.
                while high < len(text) and goes_on(text, high) and not text[high - 1].possessive:
                    more = roster.named(form, text[high].form)
                    if text[high].letter or not set(more) & set(pupils):
                        break
                    # In "as-Safi" the half that is no word tells.
                    if _is_word(judged[1]):
                        judged = (high, text[high].form)
                    high += 1
                return pupils, *judged, high
    return None


def _may_be_between(atom: Atom) -> bool:
    if atom.letter or atom.form in PARTICLES or atom.gap is Gap.HYPHEN:
        return True
    if not atom.capitalised:
        # Nothing but a name, whoever writes in a hurry: "amelia josephine khan".
        return atom.form.isalpha() and not _is_word(atom.form) and not atom.possessive
    # "Ece Can Farah" is one name; "Amelia And Zoe Khan" are two, in a title.
    named = atom.form not in (JOINING if not atom.headline else NEVER_IN_LOWER_CASE)
    return named and not atom.possessive and not atom.opens


def _backward(
    text: tuple[Atom, ...], units: Units, roster: Roster, unit: Unit, form: str
) -> Iterator[Candidate]:
    """Surname first, with or without a comma."""
    at = unit.high
    if at >= len(text) or text[at].gap not in BACKWARD or text[at - 1].possessive:
        return
    comma = text[at].gap is Gap.COMMA
    for other in units[at]:
        for first in other.forms:
            if len(first) > 1 and (pupils := roster.named(first, form)):
                high, given = other.high, first
                if high < len(text) and text[high].gap in FORWARD:
                    both = first + text[high].form
                    if whole := roster.named(both, form):
                        high, given, pupils = high + 1, both, whole
                yield Candidate(
                    way=Way.LAST_COMMA_FIRST if comma else Way.LAST_FIRST,
                    low=unit.low,
                    high=high,
                    pupils=pupils,
                    halves=((other.low, given), (unit.high - 1, form)),
                )


def _runs(text: tuple[Atom, ...], roster: Roster) -> Iterator[Candidate]:
    """Names without boundaries: in tags and handles, in spaced letters, or as a word alone."""
    at = 0
    while at < len(text):
        atom = text[at]
        joined = at + 1 < len(text) and text[at + 1].gap is Gap.NONE
        end = _end_of_run(text, at) if joined or atom.letter else at + 1
        if end == at + 1 and not atom.sigil and _is_word(atom.form):
            at = end
            continue
        letters = "".join(one.form for one in text[at:end] if not one.form.isdigit())
        tagged = bool(atom.sigil)
        spaced = end - at >= LEAST_RUN and all(one.letter for one in text[at:end])
        if spaced or (tagged and len(letters) >= LEAST_RUN):
            found = closed.within(letters, roster)
        elif len(letters) >= _least(text, at, end) and not _is_one_name(letters, roster):
            found = closed.whole(letters, roster)
        else:
            found = None
        if found:
            yield _closed(text, at, end, found)
        elif tagged and (pupils := closed.handle(letters, roster)):
            sure = text[at].sigil == "@"
            if sure or not _may_be_a_word(letters, roster):
                yield Candidate(
                    way=Way.HANDLE, low=at, high=end, pupils=pupils, halves=(), sure=sure
                )
        at = end


def _least(text: tuple[Atom, ...], at: int, end: int) -> int:
    """Letters of a run by itself, from which on it is no chance; in a file's name fewer are."""
    tight = text[at].gap is Gap.TIGHT and at > 0
    tight |= end < len(text) and text[end].gap is Gap.TIGHT
    return LEAST_RUN if tight else LEAST_PLAIN_RUN


def _end_of_run(text: tuple[Atom, ...], at: int) -> int:
    """The end of the camel-cased word, or of the row of single letters, that begins here."""
    end = at + 1
    if text[at].letter and not text[at].sigil:
        spaces = (Gap.SPACE, Gap.TIGHT, Gap.HYPHEN, Gap.INITIAL)
        while end < len(text) and text[end].letter and text[end].gap in spaces:
            end += 1
        if end - at >= LEAST_RUN:
            return end
        end = at + 1
    while end < len(text) and text[end].gap is Gap.NONE:
        end += 1
    return end


def _is_one_name(letters: str, roster: Roster) -> bool:
    """Whether a run is a word, or by itself somebody's name: Adaeze is not Ada Eze."""
    return _is_word(letters) or bool(roster.first(letters) or roster.last(letters))


def _may_be_a_word(letters: str, roster: Roster) -> bool:
    """Whether a tag of a name and a letter says something else: ``#marks``, ``#graceb``."""
    name = letters[:-1]
    if len(name) < LEAST_RUN or letters.endswith("s") or not roster.first(name):
        return True
    return _is_word(name) or _is_one_name(letters, roster)


def _is_word(letters: str) -> bool:
    return letters in EVERYDAY or letters in SOMETIMES


def _closed(text: tuple[Atom, ...], low: int, high: int, found: closed.Closed) -> Candidate:
    """Narrow the place to the letters found, where the run is one atom read letter by letter."""
    atoms = text[low:high]
    place = None
    lengths = [len(atom.form) for atom in atoms if not atom.form.isdigit()]
    exact = all(len(atom.form) == atom.end - atom.start for atom in atoms)
    if exact and len(lengths) == len(atoms):
        places = [place for atom in atoms for place in range(atom.start, atom.end)]
        place = (places[found.start], places[found.end - 1] + 1)
    return Candidate(
        way=Way.CLOSED,
        low=low,
        high=high,
        pupils=found.pupils,
        halves=((low, found.given), (low, found.family)),
        sure=found.sure,
        place=place,
    )


def _shortened(text: tuple[Atom, ...], units: Units, roster: Roster) -> Iterator[Candidate]:
    """``Abhi Sharma`` for Abhishek: any name cut down, right before the surname itself."""
    for at in range(1, len(text)):
        one, two = text[at - 1], text[at]
        named = one.capitalised and two.gap is Gap.SPACE and not one.possessive
        if not named or one.letter or one.form in NO_SHORT_FORMS:
            continue
        wordy = one.form in EVERYDAY
        if wordy and (one.opens or one.headline or not two.capitalised):
            continue
        for unit in units[at]:
            for last in unit.forms:
                # "Mate Popescu" may be Mateusz; "the Head King" is nobody's Headley.
                if wordy and (len(one.form) < LEAST_WORDY_SHORT or _is_word(last)):
                    continue
                if pupils := not roster.named(one.form, last) and roster.shortened(one.form, last):
                    halves = ((at - 1, one.form), (unit.high - 1, last))
                    yield Candidate(
                        way=Way.FIRST_LAST, low=at - 1, high=unit.high, pupils=pupils, halves=halves
                    )


def _with_slips(text: tuple[Atom, ...], roster: Roster) -> Iterator[Candidate]:
    """``Ameila Khan``: one half as it is, the other with one slip of the keyboard."""
    for at in range(1, len(text)):
        one, two = text[at - 1], text[at]
        if two.gap is not Gap.SPACE or one.possessive or not (one.capitalised and two.capitalised):
            continue
        if pupils := _meant(one.form, two.form, roster):
            halves = ((at - 1, one.form), (at, two.form))
            yield Candidate(way=Way.SLIP, low=at - 1, high=at + 1, pupils=pupils, halves=halves)


def _starred(text: tuple[Atom, ...], units: Units, roster: Roster) -> Iterator[Candidate]:
    """``Am*lia Kh*n``: a sign in the place of a letter, in one half or in both."""
    for one in (unit for starting in units for unit in starting):
        if one.high == len(text) or text[one.high].gap is not Gap.SPACE or text[one.high].tight:
            continue
        for two in units[one.high]:
            if not (_has_sign(text, one) or _has_sign(text, two)):
                continue
            firsts = _read_as(text, one, roster.is_first_half, roster.firsts_near)
            lasts = _read_as(text, two, roster.is_last_half, roster.lasts_near)
            for first, last in product(firsts, lasts):
                if pupils := roster.named(first, last):
                    halves = ((one.low, first), (two.low, last))
                    yield Candidate(
                        way=Way.SLIP, low=one.low, high=two.high, pupils=pupils, halves=halves
                    )


def _has_sign(text: tuple[Atom, ...], unit: Unit) -> bool:
    return any(text[at].tight for at in range(unit.low + 1, unit.high))


def _read_as(
    text: tuple[Atom, ...],
    unit: Unit,
    known: Callable[[str], bool],
    near: Callable[[str], Iterable[str]],
) -> tuple[str, ...]:
    """Halves of pupils' names that a unit may be: as it is, or with a letter for its sign."""
    form = unit.forms[0]
    if not _has_sign(text, unit):
        return () if text[unit.low].letter else (form,)
    if known(form):
        return (form,)
    return tuple(meant for meant in near(form) if len(meant) == len(form) + 1)


def _meant(first: str, last: str, roster: Roster) -> Keys:
    """Who is called so but for one slip; nobody where somebody is called exactly so."""
    if roster.named(first, last):
        return ()
    if roster.is_first_half(first) and not _is_word(last):
        for meant in roster.lasts_near(last):
            if pupils := roster.named(first, meant):
                return pupils
    if roster.is_last_half(last) and not _is_word(first):
        for meant in roster.firsts_near(first):
            if pupils := roster.named(meant, last):
                return pupils
    return ()


def _singles(units: Units, roster: Roster) -> Iterator[Candidate]:
    for unit in (unit for starting in units for unit in starting):
        for form in unit.forms:
            half = ((unit.low, form),)
            if pupils := roster.first(form):
                yield Candidate(
                    way=Way.FIRST, low=unit.low, high=unit.high, pupils=pupils, halves=half
                )
            if pupils := roster.last(form):
                yield Candidate(
                    way=Way.LAST, low=unit.low, high=unit.high, pupils=pupils, halves=half
                )
