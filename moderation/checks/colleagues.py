"""Colleagues who would rather not be named, looked for as pupils without consent (STEP-STAFF-1).

Their names go through the pupils' engine as a roster of their own, and are looked for behind a
title too, as schools write them. Who it is, is never said: the words in question are marked.

Those who would rather not be shown stand in :mod:`moderation.checks.staff_pictures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from moderation.checks.model import PupilName
from moderation.checks.names.candidate import Grade
from moderation.checks.names.find import find_in, scene_of
from moderation.checks.names.people import People, people_called
from moderation.checks.names.roster import Roster
from moderation.checks.names.scene import PARTING
from moderation.checks.names.words import TITLES
from moderation.checks.sighting import Sighting
from moderation.checks.spans import Spans
from moderation.kernel import PupilKey
from moderation.policies.model import Check


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.context import Context
    from moderation.checks.names.tokens import Atom
    from moderation.checks.spans import Place

NAMED = "staff_named"
PERHAPS = "staff_perhaps"
SURE = frozenset({Grade.FULL, Grade.INITIALLED})
MOST_BETWEEN = 3
"""Words from a title to the surname: two given names at most between them."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unnamed:
    """Who would rather not be named, as the engine reads names."""

    roster: Roster
    people: People


@lru_cache(maxsize=64)
def unnamed_called(names: tuple[str, ...]) -> Unnamed:
    """Read once for all posts."""
    return Unnamed(
        roster=Roster(
            PupilName(pupil=PupilKey(f"staff:{at}"), legal_forename=first, legal_surname=last)
            for at, (first, last) in enumerate(map(_halves, names))
            if first
        ),
        people=people_called(names),
    )


def in_text(
    field: str, text: str, well_known: People, pupils: tuple[Place, ...], context: Context
) -> Iterator[Sighting]:
    """What may name one of them. ``pupils`` are places that are asked about already."""
    if not context.unnamed:
        return
    for start, end, sure in places(text, well_known, context):
        if sure or not Spans(pupils).touch(start, end):
            category = NAMED if sure else PERHAPS
            yield Sighting(
                check=Check.PUPIL_NAMES, category=category, field=field, start=start, end=end
            )


def in_words(field: str, words: str, context: Context) -> Iterator[Sighting]:
    """The same among the words that were read in a picture: only what is sure, and once."""
    if context.unnamed and any(sure for _, _, sure in places(words, People(()), context)):
        yield Sighting(check=Check.PUPIL_NAMES, category=NAMED, field=field, about=NAMED)


def places(text: str, well_known: People, context: Context) -> Iterator[tuple[int, int, bool]]:
    """Half-open offsets, and whether it is surely one of them."""
    unnamed = unnamed_called(context.unnamed)
    scene = scene_of(text, known=well_known)
    titled = tuple(_titled(scene.text, unnamed, context))
    yield from titled
    told = Spans((start, end) for start, end, _ in titled)
    for hit in find_in(scene, unnamed.roster):
        if not told.touch(hit.start, hit.end):
            yield hit.start, hit.end, hit.grade in SURE


def _titled(
    cut: tuple[Atom, ...], unnamed: Unnamed, context: Context
) -> Iterator[tuple[int, int, bool]]:
    """``Mrs Okafor``, ``Mrs N. Okafor``, ``Mrs Ngozi Okafor``: sure unless it fits others too."""
    namable = people_called(tuple(name for name in context.staff if name not in context.unnamed))
    for at, atom in enumerate(cut):
        if atom.form not in TITLES:
            continue
        given: list[Atom] = []
        for next_ in cut[at + 1 : at + 1 + MOST_BETWEEN]:
            if next_.gap in PARTING and not (next_ is cut[at + 1] and _abbreviated(atom, next_)):
                break
            if any(map(unnamed.people.has_last, next_.forms)):
                another = any(
                    not name.letter and not any(map(unnamed.roster.is_first_half, name.forms))
                    for name in given
                )
                shared = any(map(namable.has_last, next_.forms))
                # "We miss Reed": a verb, unless it is written as a title.
                verb = atom.form == "miss" and not atom.capitalised
                yield atom.start, next_.end, not (another or shared or verb)
                break
            if not next_.capitalised:
                break
            given.append(next_)


def _abbreviated(title: Atom, after: Atom) -> bool:
    """``Mrs. Okafor``: one full stop and one space after a title end no sentence."""
    return title.dotted and after.capitalised and after.start - title.end == len(". ")


def initials(name: str) -> str:
    """``N.O.`` of Mrs Ngozi Okafor, ``O.`` of Mrs Okafor; "" where there is no letter."""
    return "".join(
        f"{part[0]}." for half in _halves(_untitled(name)) for part in half.split()[-1:]
    ).upper()


def _halves(name: str) -> tuple[str, str]:
    """Given name and surname without a title; no given name where only a surname is known."""
    words = _untitled(name).split()
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", name)


def _untitled(name: str) -> str:
    words = name.split()
    while words and words[0].rstrip(".").casefold() in TITLES:
        words = words[1:]
    return " ".join(words)
