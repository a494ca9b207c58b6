"""Telling a surname that is an everyday word too from the word: ``Stone was player of the match``.

A capital within a sentence is not enough, as it is for first names: houses, streets, makers and
teams have such names. Something must be said of it that is said of people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.names.tokens import Gap, Shape
from moderation.checks.names.words import AFTER_AN_INITIAL, FAMILIES, MONTHS


if TYPE_CHECKING:
    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.scene import Scene


GROWN_UPS = frozenset({"dr", "miss", "mr", "mrs", "ms", "mx"})
"""Titles that no word of English follows, unless it is a name."""
OF_TALES = frozenset({"badger", "bear", "fox", "goose", "mole", "rabbit", "tiger", "toad", "wolf"})
"""Animals whom every play calls Mr and Mrs."""
BOYS = frozenset({"master"})
PLAYED = frozenset({"assisted", "batted", "bowled", "dribbled", "equalised", "grinned"}) | {
    *("headed", "netted", "sang", "scored", "smiled", "sprinted", "swam", "tackled")
}
PLAYED_HOW = frozenset({"a", "again", "an", "and", "at", "early", "first", "from", "her"}) | {
    *("his", "in", "late", "on", "superbly", "twice", "well", "with")
}
"""What follows of one player: "Green scored the most points" may be a house."""
THEIRS = frozenset({"assist", "drawing", "free", "goal", "goals", "hat", "header", "medal"}) | {
    *("costume", "design", "essay", "experiment", "invention", "jump", "map", "model", "sculpture"),
    *("mother", "mum", "painting", "parents", "pass", "penalty", "poem", "save", "shot", "sketch"),
    *("solo", "story", "strike", "tackle", "try", "volley", "wicket", "wickets"),
}
"""What is somebody's, and neither a king's, a baker's nor a season's."""
ROLES = frozenset(
    {"bowlers", "captain", "defenders", "goalkeeper", "goals", "keeper", "lineup"}
) | {
    *("midfield", "player", "reserves", "scorer", "scorers", "squad", "subs", "team", "tries"),
    *("wickets",),
}
"""What stands before a colon and those who play."""
FAR_ROLE = 4
IN_PLACES = frozenset({"across", "around", "at", "in", "near", "on", "over", "through", "up"})


def is_a_family(candidate: Candidate, scene: Scene) -> bool:
    """Whether an everyday word stands in ``the King family``, written as a name."""
    at, high = candidate.low, candidate.high
    atom, before, following = scene.text[at], scene.before(at), scene.after(high)
    if atom.shape is not Shape.TITLE or following is None:
        return False
    the = before is not None and before.form == "the"
    if following.form in FAMILIES and not following.capitalised:
        return the or not atom.opens
    # "the King and Young families"
    rest = scene.text[high : high + 3]
    families = len(rest) == 3 and rest[2].form in FAMILIES and rest[1].capitalised  # noqa: PLR2004
    return the and families and rest[0].form == "and"


def stands_in_a_row(candidate: Candidate, scene: Scene, named: set[int]) -> bool:
    """Whether a surname's neighbour in a row is somebody: ``Young, King, Khan`` on a team sheet.

    ``named`` are the indices of the atoms that name somebody already.
    """
    at, high = candidate.low, candidate.high
    atom = scene.text[at]
    plain = atom.shape is Shape.TITLE and not (atom.sigil or atom.possessive or scene.titled(at))
    if not plain or high - at > 1 or at in scene.others or atom.form != candidate.halves[0][1]:
        return False
    behind = atom.gap is Gap.COMMA and at - 1 in named
    ahead = high < len(scene.text) and scene.text[high].gap is Gap.COMMA and high in named
    return behind or ahead


def is_somebody(candidate: Candidate, scene: Scene) -> bool:
    """Whether the sentence speaks of a person by this surname."""
    (_, form), *_ = candidate.halves
    at, high = candidate.low, candidate.high
    atom, before, following = scene.text[at], scene.before(at), scene.after(high)
    if atom.shape is not Shape.TITLE or atom.headline or atom.sigil or high - at > 1:
        return False
    if before is not None and before.form in GROWN_UPS and before.capitalised:
        unknown = bool(scene.staff) and not scene.staff.has_last(form)
        return unknown and form not in OF_TALES
    if before is not None and before.form in BOYS and before.capitalised:
        return following is None or not following.capitalised
    if atom.form != form:
        return atom.form == form + "s" and _are_several(candidate, scene)
    if scene.titled(at) or scene.placed(high):
        return False
    the = before is not None and before.form in {"a", "an", "the"}
    if atom.possessive:
        return following is not None and following.form in THEIRS and not the
    if _has_a_part(candidate, scene):
        return True
    if following is not None and following.form in PLAYED and not the:
        rest = scene.after(high + 1)
        return rest is None or rest.form in PLAYED_HOW
    if scene.addressed(at, by=form not in MONTHS):
        return following is None or following.form in AFTER_AN_INITIAL or scene.does(high)
    return False


def _has_a_part(candidate: Candidate, scene: Scene) -> bool:
    """``Captain: Stone`` and ``Stone was player of the match``."""
    at, high = candidate.low, candidate.high
    following = scene.after(high)
    if following is None and at and scene.text[at].gap is Gap.BREAK:
        return any(atom.form in ROLES for atom in scene.text[max(0, at - FAR_ROLE) : at])
    if following is not None and following.form in {"is", "was"}:
        return any(atom.form in ROLES for atom in scene.text[high + 1 : high + FAR_ROLE])
    return False


def _are_several(candidate: Candidate, scene: Scene) -> bool:
    """Whether ``the Youngs`` are a family: they do something, or are thanked."""
    at = candidate.low
    before = scene.before(at)
    if before is None or before.form != "the" or before.gap is Gap.HYPHEN:
        return False
    if at > 1 and scene.addressed(at - 1):
        return True
    led = at > 1 and scene.text[at - 2].form in IN_PLACES and not before.opens
    return scene.does(candidate.high) and not led
