"""Invented schools: pupils of many origins, siblings, namesakes, names that are words."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from evaluation.model import Pupil
from moderation.checks.model import PupilName
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evaluation.names import Names


WORDY_FIRST, WORDY_LAST, DOUBLE, SIBLING, KNOWN_AS, ECHO = 0.06, 0.10, 0.06, 0.08, 0.05, 0.04
"""Shares of a school's pupils; the first two are about those of a British school's register."""

YEARS = ("R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
FORMS = ("A", "B", "M", "S", "W")


def school(names: Names, size: int, seed: int) -> tuple[Pupil, ...]:
    """``size`` pupils, the same for the same seed. Nobody is called as somebody well known is."""
    random = Random(seed)
    made: list[Pupil] = []
    while len(made) < size:
        pupil = _pupil(names, random, made, str(len(made)))
        if f"{pupil.first} {pupil.last}".casefold() not in names.reserved:
            made.append(pupil)
    return tuple(made)


def words_only(names: Names, size: int, seed: int) -> tuple[Pupil, ...]:
    """A school where every first name and every surname is a word of English too."""
    random = Random(seed)
    pairs = [(first, last) for first in names.word_firsts for last in names.word_lasts]
    random.shuffle(pairs)
    kept = [
        pair
        for pair in pairs
        if pair[0] != pair[1] and " ".join(pair).lower() not in names.reserved
    ]
    return tuple(
        _made(str(at), first, last, random, origin="words", words=(True, True))
        for at, (first, last) in enumerate(kept[:size])
    )


def traps(names: Names) -> tuple[Pupil, ...]:
    """Pupils whose two names, run together, are a word (N11)."""
    return tuple(
        Pupil(key=f"trap-{at}", first=first, last=last, year="4", form="4B", origin="traps")
        for at, (first, last, _) in enumerate(names.traps)
    )


def _pupil(names: Names, random: Random, before: Sequence[Pupil], key: str) -> Pupil:
    origin = names.origins[len(before) % len(names.origins)]
    firsts, lasts = names.firsts[origin], names.lasts[origin]
    if random.random() < ECHO:
        # Half of somebody well known, or of a place: the other half is the pupil's own.
        return _made(key, random.choice(names.echoes), random.choice(lasts), random, origin=origin)
    first_is_word = random.random() < WORDY_FIRST
    last_is_word = random.random() < WORDY_LAST
    first = random.choice(names.word_firsts if first_is_word else firsts)
    last = random.choice(names.word_lasts if last_is_word else lasts)
    if len(before) > len(names.origins) and random.random() < SIBLING:
        elder = before[-len(names.origins)]
        last, last_is_word = elder.last, elder.last_is_word
    elif not last_is_word and random.random() < DOUBLE:
        other = random.choice(lasts)
        if other != last and "-" not in last + other and " " not in last + other:
            last = f"{last}-{other}"
    known_as = ""
    if random.random() < KNOWN_AS:
        known_as = random.choice(names.firsts[random.choice(names.origins)])
    return _made(
        key,
        first,
        last,
        random,
        origin=origin,
        words=(first_is_word, last_is_word),
        known_as="" if known_as == first else known_as,
    )


def _made(
    key: str,
    first: str,
    last: str,
    random: Random,
    *,
    origin: str,
    words: tuple[bool, bool] = (False, False),
    known_as: str = "",
) -> Pupil:
    year = random.choice(YEARS)
    return Pupil(
        key=key,
        first=first,
        last=last,
        known_as=known_as,
        year=year,
        form=f"{year}{random.choice(FORMS)}",
        origin=origin,
        first_is_word=words[0],
        last_is_word=words[1],
    )


def listed(pupils: Iterable[Pupil]) -> Roster:
    """The roster as the name check takes it."""
    return Roster(
        PupilName(
            pupil=PupilKey(pupil.key),
            legal_forename=pupil.first,
            preferred_forename=pupil.known_as,
            legal_surname=pupil.last,
            year_group=pupil.year,
            form=pupil.form,
        )
        for pupil in pupils
    )
