"""Grading a name of which one half is a letter: an initial, an article, a pronoun, or a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.names.candidate import Grade
from moderation.checks.names.pairs import LEFT_OVER, STILL_NAMES, is_word
from moderation.checks.names.tokens import Gap, Shape
from moderation.checks.names.words import (
    ABBREVIATIONS,
    AFTER_A_PLACE,
    AFTER_AN_INITIAL,
    BEFORE_A_LETTER,
    EVERYDAY,
    I_DO,
    MONTHS,
    NEVER_IN_LOWER_CASE,
    PEOPLE_DO,
    SOMETIMES,
    is_cheer,
)


if TYPE_CHECKING:
    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.scene import Scene
    from moderation.checks.names.tokens import Atom


KISSES = "x"
WORDS_OF_ONE_LETTER = "ai"
DAYS = frozenset({"club", "day", "shirt", "shirts"})
"""What a letter alone makes a thing of: ``D Day``, ``T Shirt``."""


def first_initial(candidate: Candidate, scene: Scene) -> Grade:
    """What a first name and a letter are worth where they stand."""
    (first_at, first), (letter_at, letter) = candidate.halves
    name, initial = scene.text[first_at], scene.text[letter_at]
    if candidate.low in scene.others or scene.crowned(candidate.low):
        return Grade.NOBODY
    if name.sigil or initial.gap is Gap.TIGHT:
        known = _tightly(name, initial, first) or _cheered(candidate.low, scene)
        return Grade.INITIALLED if known else Grade.NOBODY
    does = scene.does(candidate.high)
    following = scene.after(candidate.high)
    if is_word(first, name) and not _named_with_initial(name, initial, following, does=does):
        return Grade.NOBODY
    if initial.dotted and (initial.capitalised or not is_word(first, name)):
        return Grade.INITIALLED
    if initial.gap is Gap.BRACKET:
        # "Tarek (a)" is of a family "al-…"; of two such letters each is a number.
        counted = not initial.capitalised and (first in SOMETIMES or _enumerates(scene))
        return Grade.NOBODY if counted else Grade.INITIALLED
    if initial.capitalised is not name.capitalised or letter in KISSES:
        return Grade.NOBODY
    if letter in WORDS_OF_ONE_LETTER and not _is_initial(initial, following):
        return Grade.NOBODY
    another = following is not None and following.letter
    return Grade.NOBODY if another else Grade.INITIALLED


def _cheered(at: int, scene: Scene) -> bool:
    """Whether a tag cheers whose name begins here: ``#WellDonePreciousA``."""
    start = at
    while start and scene.text[start].gap is Gap.NONE:
        start -= 1
    return is_cheer("".join(atom.form for atom in scene.text[start:at]))


def _enumerates(scene: Scene) -> bool:
    """Whether more than one small letter stands in brackets: ``(a) to read, (b) to write``."""
    bracketed = (atom.gap is Gap.BRACKET and atom.shape is Shape.LOWER for atom in scene.text)
    letters = zip(scene.text, bracketed, strict=True)
    return sum(atom.letter and small for atom, small in letters) > 1


def _tightly(one: Atom, other: Atom, form: str) -> bool:
    """Whether a name and a letter, with no space between, are somebody: ``@sunny_d``, ``Pat.K``."""
    if form not in EVERYDAY or "@" in {one.sigil, other.sigil}:
        return True
    letter = one if one.letter else other
    return one.capitalised and other.capitalised and letter.form not in WORDS_OF_ONE_LETTER


def _named_with_initial(name: Atom, initial: Atom, following: Atom | None, *, does: bool) -> bool:
    """Whether a word that is a name too stands with a letter as names do: ``Grace K``."""
    if not name.capitalised or not initial.capitalised:
        return False
    if initial.dotted:
        return True
    if name.headline:
        return False
    if initial.form in WORDS_OF_ONE_LETTER:
        # Within a sentence no article has a capital: "It was Dawn A who sang".
        if name.opens or name.form in MONTHS:
            return False
        led = following is None or does or following.form in AFTER_AN_INITIAL
        return led or initial.gap is Gap.BRACKET
    if does or not name.opens or initial.possessive or following is None:
        return True
    return following.form in AFTER_AN_INITIAL or following.form.endswith("ing")


def _is_initial(initial: Atom, following: Atom | None) -> bool:
    """Whether a capital A or I is an initial, and neither the article nor the pronoun."""
    if not initial.capitalised:
        return False
    if initial.possessive or following is None or following.form in PEOPLE_DO:
        return True
    if initial.form == "i":
        return following.form not in I_DO and not following.form.endswith("ly")
    return not initial.opens and not initial.headline


def initial_last(candidate: Candidate, scene: Scene) -> Grade:
    """What a letter and a surname are worth where they stand, either way round."""
    (letter_at, letter), (last_at, last) = candidate.halves
    initial, name = scene.text[letter_at], scene.text[last_at]
    if last_at < letter_at:
        return _last_comma_initial(candidate, scene)
    before = scene.before(candidate.low)
    if scene.titled(candidate.low) or scene.titled(letter_at + 1):
        return Grade.NOBODY if not scene.staff or scene.staff.has_last(last) else Grade.LAST
    if candidate.low in scene.others:
        return Grade.NOBODY
    if name.gap is Gap.TIGHT or initial.sigil:
        return Grade.INITIALLED if _tightly(initial, name, last) else Grade.NOBODY
    if not initial.capitalised or not name.capitalised or name.opens:
        return Grade.NOBODY
    # "Plan B. Khan sang": the letter belongs to the word before it.
    if scene.placed(candidate.high) or (before is not None and before.form in BEFORE_A_LETTER):
        return Grade.NOBODY
    if not initial.letter:
        return _two_letters(candidate, scene)
    article = letter in WORDS_OF_ONE_LETTER and not _stands_for_a_name(candidate, scene, last)
    doubts = (last in EVERYDAY) + article
    if not initial.dotted and doubts > scene.does(candidate.high):
        return Grade.LAST if _perhaps(candidate, scene, name) else Grade.NOBODY
    return Grade.INITIALLED


def _stands_for_a_name(candidate: Candidate, scene: Scene, last: str) -> bool:
    """Whether a capital A or I before a plain surname is no word: ``the cup for A Rashid``."""
    if last in EVERYDAY or last in SOMETIMES or scene.text[candidate.low].headline:
        return False
    # "A Rashid tradition" may begin a sentence; "Winner: A Rashid" ends one.
    return not scene.text[candidate.low].opens or scene.after(candidate.high) is None


def _perhaps(candidate: Candidate, scene: Scene, name: Atom) -> bool:
    """Whether ``J Young`` may be somebody, though the surname is a word and no dot tells."""
    (_, letter), (_, last) = candidate.halves
    if last not in EVERYDAY or name.gap is not Gap.SPACE or last in DAYS:
        return False
    if name.headline or name.shape not in {Shape.TITLE, Shape.UPPER}:
        return False
    following = scene.after(candidate.high)
    goes_on = following is not None and following.capitalised
    if letter in WORDS_OF_ONE_LETTER:
        return scene.addressed(candidate.low) and not goes_on
    return not goes_on or scene.addressed(candidate.low)


def _two_letters(candidate: Candidate, scene: Scene) -> Grade:
    """``JP Young``: of a plain surname there's nothing to add to what it says by itself."""
    (letter_at, _), (last_at, last) = candidate.halves
    name = scene.text[last_at]
    if last not in EVERYDAY or scene.text[letter_at].form in ABBREVIATIONS:
        return Grade.NOBODY
    named = name.shape is Shape.TITLE and not name.headline
    told = scene.addressed(candidate.low) or scene.surely_does(candidate.high)
    return Grade.LAST if named and told else Grade.NOBODY


def _last_comma_initial(candidate: Candidate, scene: Scene) -> Grade:
    """``King, Y.`` as in a list of names."""
    name = scene.text[candidate.low]
    known = scene.titled(candidate.low) or scene.crowned(candidate.low)
    if known or candidate.low in scene.others or not name.capitalised:
        return Grade.NOBODY
    (letter_at, letter), (_, last) = candidate.halves
    initial = scene.text[letter_at]
    joins = last in NEVER_IN_LOWER_CASE - STILL_NAMES
    if initial.dotted and initial.gap is Gap.COMMA:
        well = name.opens and joins and last not in LEFT_OVER
        return Grade.NOBODY if well else Grade.LAST
    # "Young, J" and "YOUNG J", as on a team sheet; a plain surname says enough by itself.
    if (
        not (last in EVERYDAY or last in SOMETIMES)
        or joins
        or name.headline
        or letter in WORDS_OF_ONE_LETTER + KISSES
    ):
        return Grade.NOBODY
    if name.shape is Shape.MIXED or name.form != last or name.form in BEFORE_A_LETTER:
        return Grade.NOBODY
    following = scene.after(candidate.high)
    told = scene.addressed(candidate.low) or scene.surely_does(candidate.high)
    if told:
        return Grade.LAST
    return Grade.LAST if following is None and last not in AFTER_A_PLACE else Grade.NOBODY
