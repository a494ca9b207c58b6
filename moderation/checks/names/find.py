"""The name check's one door: which places of a text may name a pupil of a roster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.checks.names.candidate import Grade, Way
from moderation.checks.names.grade import grade
from moderation.checks.names.match import candidates, units_of
from moderation.checks.names.people import People, everybody_knows, untitled
from moderation.checks.names.roster import Keys
from moderation.checks.names.scene import Scene
from moderation.checks.names.surnames import stands_in_a_row
from moderation.checks.names.tokens import Gap, atoms, undisguised


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.roster import Roster
    from moderation.checks.names.tokens import Atom


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NameHit:
    """A place that may name one of ``pupils``. Half-open code-point offsets into the text.

    ``shared`` tells that a member of staff, or somebody well known, has this full name too.
    """

    grade: Grade
    start: int
    end: int
    pupils: Keys
    shared: bool = False


NO_PEOPLE = People(())
BOTH_HALVES = frozenset({Way.FIRST_LAST, Way.CLOSED, Way.LAST_FIRST, Way.LAST_COMMA_FIRST})
WITH_AN_INITIAL = frozenset({Way.FIRST_INITIAL, Way.INITIAL_LAST, Way.HANDLE})


def find_names(
    text: str, roster: Roster, *, staff: People = NO_PEOPLE, well_known: People = NO_PEOPLE
) -> tuple[NameHit, ...]:
    """Every place that may name a pupil, in order, none inside another. Linear in the text."""
    return find_in(scene_of(text, staff=staff, known=well_known), roster)


def names_in_full(name: str, roster: Roster | None) -> bool:
    """Whether a name is, or holds, the first name and surname of a pupil; titles don't count."""
    return any(one.way in BOTH_HALVES and one.sure for one, _ in _meant(name, roster))


def names_a_pupil(name: str, roster: Roster | None) -> bool:
    """As :func:`names_in_full`, and whether it is no more than ``Amelia K`` or ``A Khan``."""
    return any(
        one.sure and (one.way in BOTH_HALVES or (one.way in WITH_AN_INITIAL and whole))
        for one, whole in _meant(name, roster)
    )


def nearly_a_pupil(name: str, roster: Roster | None) -> bool:
    """Whether a pupil's first name and surname stand in it, one of them with a slip."""
    return any(one.way is Way.SLIP for one, _ in _meant(name, roster))


def _meant(name: str, roster: Roster | None) -> Iterator[tuple[Candidate, bool]]:
    """Whom a name may mean, and whether all of it does."""
    if roster is None:
        return
    cut = atoms(name)
    cut = cut[len(cut) - len(untitled(name)) :]
    for one in candidates(cut, units_of(cut), roster):
        yield one, (one.low, one.high) == (0, len(cut))


def scene_of(text: str, *, staff: People = NO_PEOPLE, known: People = NO_PEOPLE) -> Scene:
    """A text cut up, and the people in it who aren't pupils; well-known people are always known."""
    # "Khan!What" is two words and "K!m" is one: nobody can know, so both are looked at.
    otherwise = undisguised(text)
    scene = _scene(text, staff, known)
    return (
        scene if otherwise == text else replace(scene, undisguised=_scene(otherwise, staff, known))
    )


def _scene(text: str, staff: People, known: People) -> Scene:
    cut = atoms(text)
    others = staff.named_in(cut) | known.named_in(cut) | everybody_knows().named_in(cut)
    return Scene(text=cut, units=units_of(cut), staff=staff, others=others)


def full_names_in(scene: Scene, roster: Roster) -> tuple[NameHit, ...]:
    """The full names among what :func:`find_in` finds; nothing weaker is looked for."""
    return tuple(hit for hit in _found(scene, roster, whole=True) if hit.grade is Grade.FULL)


def find_in(scene: Scene, roster: Roster) -> tuple[NameHit, ...]:
    """As :func:`find_names`, for a text that is asked about more than one roster."""
    return _found(scene, roster, whole=False)


def _found(scene: Scene, roster: Roster, *, whole: bool) -> tuple[NameHit, ...]:
    hits = _hits(scene, roster, whole=whole)
    if scene.undisguised is None:
        return tuple(hits)
    # The surer reading of a place counts, and the longer of two that are as sure.
    both = sorted(
        (*hits, *_hits(scene.undisguised, roster, whole=whole)),
        key=lambda hit: (_SUREST_FIRST[hit.grade], hit.start - hit.end),
    )
    kept: list[NameHit] = []
    taken = bytearray(max((hit.end for hit in both), default=0))
    for hit in both:
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: hit.start))


_SUREST_FIRST = {grade: at for at, grade in enumerate(Grade)}


def _hits(scene: Scene, roster: Roster, *, whole: bool) -> list[NameHit]:
    cut, others = scene.text, scene.others
    possible = candidates(cut, scene.units, roster, whole=whole)
    graded = _with_rows([(grade(one, scene), one) for one in possible], scene)
    # What is surely a name claims its words before what is only perhaps one.
    ranked = sorted(
        ((verdict, one) for verdict, one in graded if verdict is not Grade.NOBODY),
        key=lambda pair: _SUREST_FIRST[pair[0]],
    )
    taken: set[int] = set()
    hits: list[NameHit] = []
    for verdict, one in ranked:
        low, high = _whole_name(cut, one)
        places = set(range(low, high))
        if places & taken:
            continue
        taken |= places
        start, end = one.place or (cut[low].start, cut[high - 1].end)
        shared = bool(places & others)
        sure = _as_shared(verdict, one, roster) if shared else verdict
        hits.append(NameHit(grade=sure, start=start, end=end, pupils=one.pupils, shared=shared))
    return sorted(hits, key=lambda hit: hit.start)


def _with_rows(
    graded: list[tuple[Grade, Candidate]], scene: Scene
) -> list[tuple[Grade, Candidate]]:
    """The same, and surnames that only their neighbours in a row tell from words."""
    unsure = [one for verdict, one in graded if one.way is Way.LAST and verdict is Grade.NOBODY]
    if not unsure:
        return graded
    named = {
        at for verdict, one in graded if verdict is Grade.LAST for at in range(one.low, one.high)
    }
    found: list[Candidate] = []
    for one in (*unsure, *reversed(unsure)):
        if named and one.low not in named and stands_in_a_row(one, scene, named):
            named.add(one.low)
            found.append(one)
    return [*graded, *((Grade.LAST, one) for one in found)]


def _as_shared(verdict: Grade, one: Candidate, roster: Roster) -> Grade:
    """``Mo Farah`` is the runner rather than our Mohammed: somebody looks, nothing is stopped."""
    if verdict is not Grade.FULL or not one.halves:
        return verdict
    (_, given), *_ = one.halves
    return verdict if roster.is_written(given, one.pupils) else Grade.FIRST


def _whole_name(cut: tuple[Atom, ...], one: Candidate) -> tuple[int, int]:
    """The candidate's atoms, with the other half of a hyphenated name."""
    low, high = one.low, one.high
    while low and cut[low].gap is Gap.HYPHEN and cut[low - 1].capitalised:
        low -= 1
    while high < len(cut) and cut[high].gap is Gap.HYPHEN and cut[high].capitalised:
        high += 1
    return low, high
