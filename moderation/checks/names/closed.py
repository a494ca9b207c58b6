"""Names written without any boundary: ``#welldoneameliakhan``, ``@ameliak``, ``A m e l i a``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.checks.names.roster import Keys
from moderation.checks.names.words import EVERYDAY, SOMETIMES, are_words, is_cheer


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.names.roster import Roster


LEAST_HALF = 2
LONGEST_HALF = 24
SURE = 6
"""Letters of both halves together, from which a name among other words is beyond chance."""
LEAST_SURE = 4
"""The same where all of the rest is words and the whole isn't."""
ALONE = 10
"""The same where what is left over is no word."""
LEAST_HANDLE = 3
LONGEST_RUN = 300
"""Letters of one run that are looked through: three times what a network allows in a tag."""


@dataclass(frozen=True, slots=True, repr=False)
class Closed:
    """A name between two places of a run of letters; not ``sure`` where both halves are words."""

    start: int
    end: int
    pupils: Keys
    sure: bool
    given: str
    family: str


def whole(run: str, roster: Roster) -> Closed | None:
    """A run that is nothing but first and last name, either way round."""
    if len(run) > 2 * LONGEST_HALF:
        return None
    for cut in range(LEAST_HALF, len(run) - LEAST_HALF + 1):
        left = run[:cut]
        if not roster.is_half(left):
            continue
        right = run[cut:]
        for given, family in ((left, right), (right, left)):
            if pupils := roster.named(given, family):
                return _closed(0, len(run), pupils, given, family)
    return None


def _closed(start: int, end: int, pupils: Keys, given: str, family: str) -> Closed:
    sure = not {given, family} <= EVERYDAY
    return Closed(start, end, pupils, sure=sure, given=given, family=family)


def within(run: str, roster: Roster) -> Closed | None:
    """A first and last name somewhere in a run; the longest one."""
    run = run[:LONGEST_RUN]
    found = whole(run, roster)
    if found:
        return found
    likely = sorted(_pairs(run, roster), key=lambda pair: pair.start - pair.end)
    for pair in likely:
        before, after = run[: pair.start], run[pair.end :]
        length = pair.end - pair.start
        among_words = pair.sure and are_words(before) and are_words(after)
        if among_words and (length >= SURE or not _by_chance(run, pair, roster)):
            return pair
        if length >= ALONE and pair.sure:
            return pair
        if not after and is_cheer(before) and not _is_one_name(run[pair.start :], roster):
            return replace(pair, sure=True)
    return None


def _by_chance(run: str, pair: Closed, roster: Roster) -> bool:
    """Whether so few letters may be a word or one name, or part of words that run on."""
    few = run[pair.start : pair.end]
    one = _is_one_name(few, roster)
    return len(few) < LEAST_SURE or one or few in SOMETIMES or are_words(run)


def _is_one_name(letters: str, roster: Roster) -> bool:
    return bool(roster.first(letters) or roster.last(letters))


def _pairs(run: str, roster: Roster) -> Iterator[Closed]:
    for start in range(len(run)):
        for cut in range(start + LEAST_HALF, min(start + LONGEST_HALF, len(run)) + 1):
            left = run[start:cut]
            forward, backward = roster.is_first_half(left), roster.is_last_half(left)
            if not forward and not backward:
                continue
            for end in range(cut + LEAST_HALF, min(cut + LONGEST_HALF, len(run)) + 1):
                right = run[cut:end]
                if forward and (pupils := roster.named(left, right)):
                    yield _closed(start, end, pupils, left, right)
                elif backward and (pupils := roster.named(right, left)):
                    yield _closed(start, end, pupils, right, left)


def handle(run: str, roster: Roster) -> Keys:
    """Whose first name and initial, or initial and surname, a whole handle is."""
    if len(run) >= LEAST_HANDLE:
        by_first = roster.first(run[:-1]) and roster.named(run[:-1], run[-1])
        by_last = roster.last(run[1:]) and roster.named(run[0], run[1:])
        return by_first or by_last
    return ()
