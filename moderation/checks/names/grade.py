"""Grading a candidate by its context: surely a pupil, perhaps one, or a word, a place, a grown-up.

The order of questions is the rule: who else is it, is it a word here, is it a place. Every answer
is a :class:`Grade`; ``NOBODY`` drops the candidate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.checks.names.candidate import Grade, Way
from moderation.checks.names.lettered import first_initial, initial_last
from moderation.checks.names.pairs import is_disguised, pair, unparted
from moderation.checks.names.surnames import is_a_family, is_somebody
from moderation.checks.names.tokens import Gap, Shape
from moderation.checks.names.words import (
    AFTER_AN_INITIAL,
    EVERYDAY,
    MONTHS,
    NEVER_IN_LOWER_CASE,
    PERSON_BEFORE,
    SOMETIMES,
    WEAKLY_DO,
)


if TYPE_CHECKING:
    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.scene import Scene
    from moderation.checks.names.tokens import Atom


SHORT = 2
"""Letters up to which a name is never told from a word in lower case or in capitals."""
LEAST_LEET = 4
ARTICLES = frozenset({"an"})
"""Two letters that no sentence has without a word that they lead: ``An read to us``."""
KISSES = "x"
WORDS_OF_ONE_LETTER = "ai"


def grade(candidate: Candidate, scene: Scene) -> Grade:
    """What a candidate is worth where it stands."""
    match candidate.way:
        case Way.FIRST_LAST | Way.LAST_FIRST | Way.LAST_COMMA_FIRST:
            return pair(candidate, scene)
        case Way.CLOSED:
            return Grade.FULL if candidate.sure else unparted(candidate, scene)
        case Way.FIRST_INITIAL:
            return first_initial(candidate, scene)
        case Way.INITIAL_LAST:
            return initial_last(candidate, scene)
        case Way.HANDLE:
            return Grade.INITIALLED if candidate.sure else Grade.FIRST
        case Way.SLIP:
            return _slip(candidate, scene)
        case Way.FIRST:
            return _first(candidate, scene)
        case Way.LAST:
            return _last(candidate, scene)
        case _ as never:
            assert_never(never)


def _slip(candidate: Candidate, scene: Scene) -> Grade:
    """Both halves of one pupil's name, one of them with a slip: written as a name is."""
    places = range(candidate.low, candidate.high)
    if scene.others.intersection(places) or scene.titled(candidate.low):
        return Grade.NOBODY
    given, surname = (scene.text[at] for at, _ in candidate.halves)
    named = given.capitalised and surname.capitalised and not surname.opens
    return Grade.SLIP if named and not scene.placed(candidate.high) else Grade.NOBODY


def _first(candidate: Candidate, scene: Scene) -> Grade:
    ((at, form),) = candidate.halves
    atom = scene.text[at]
    if at in scene.others or scene.crowned(at) or scene.visited(at) or scene.dated(at):
        return Grade.NOBODY
    if scene.titled(at) and scene.staff.has_last(form):
        return Grade.NOBODY
    if scene.reigns(candidate.high) or scene.on_the_eve(at):
        return Grade.NOBODY
    if (form in SOMETIMES or form in EVERYDAY) and scene.kind_of(candidate.high):
        return Grade.NOBODY
    if _unlikely(candidate, scene, form):
        return Grade.FIRST if _no_article(candidate, scene, form) else Grade.NOBODY
    if (form in MONTHS or form in EVERYDAY) and not _is_spelt_in_figures(form, atom):
        return Grade.FIRST if _acts_like_a_person(candidate, scene, form) else Grade.NOBODY
    if form in SOMETIMES and _is_a_thing(candidate, scene):
        return Grade.NOBODY
    following = scene.after(candidate.high)
    if scene.placed(candidate.high) and following is not None and atom.capitalised:
        return Grade.NOBODY if following.capitalised or form in SOMETIMES else Grade.FIRST
    return Grade.FIRST


def _last(candidate: Candidate, scene: Scene) -> Grade:
    ((at, form),) = candidate.halves
    atom = scene.text[at]
    if at in scene.others or scene.crowned(at) or scene.visited(at):
        return Grade.NOBODY
    if _is_spelt_in_figures(form, atom):
        return Grade.NOBODY if scene.titled(at) or scene.placed(candidate.high) else Grade.LAST
    if form in EVERYDAY or form in SOMETIMES:
        if is_a_family(candidate, scene) or is_somebody(candidate, scene):
            return Grade.LAST
        if form in EVERYDAY:
            return Grade.NOBODY
    if scene.titled(at):
        return Grade.NOBODY if not scene.staff or scene.staff.has_last(form) else Grade.LAST
    if _unlikely(candidate, scene, form) or scene.placed(candidate.high):
        return Grade.NOBODY
    if form in SOMETIMES and (atom.opens or atom.headline or atom.sigil):
        return Grade.NOBODY
    return Grade.LAST


def _unlikely(candidate: Candidate, scene: Scene, form: str) -> bool:
    """Whether a single half is written as no name would be."""
    atom = scene.text[candidate.low]
    whole = candidate.high - candidate.low == 1
    if whole and _is_spelt_in_figures(form, atom):
        return False
    if not atom.capitalised and (form in SOMETIMES or form in EVERYDAY):
        return True
    if len(form) <= SHORT and (atom.shape is not Shape.TITLE or form in EVERYDAY):
        return True
    as_written = whole and form == atom.form
    if not as_written and whole:
        figures = not atom.form.isalpha()
        if figures and len(form) < LEAST_LEET:
            return True
        if form in SOMETIMES or form in EVERYDAY or atom.form in EVERYDAY or not atom.capitalised:
            return not (figures and form not in EVERYDAY)
    return False


def _is_spelt_in_figures(form: str, atom: Atom) -> bool:
    """Whether somebody wrote ``K1ng`` for it, as nobody writes a word."""
    inside = atom.shape is Shape.TITLE and atom.form[1:-1].isdigit()
    least = LEAST_LEET - 1 if inside else LEAST_LEET
    ends = atom.form[-1].isdigit()
    return len(form) >= least and form != atom.form and not ends and is_disguised(atom)


def _no_article(candidate: Candidate, scene: Scene, form: str) -> bool:
    """Whether ``An`` or ``Do`` is a name: a capital within a sentence, no word that it leads."""
    atom, before = scene.text[candidate.low], scene.before(candidate.low)
    whole = candidate.high - candidate.low == 1 and form == atom.form
    if len(form) != SHORT or not whole or atom.shape is not Shape.TITLE or atom.headline:
        return False
    if atom.sigil or atom.gap is Gap.NONE or is_a_family(candidate, scene):
        return False
    following = scene.after(candidate.high)
    leads = following is not None and not (atom.possessive or scene.does(candidate.high))
    if leads and following is not None and following.form not in NEVER_IN_LOWER_CASE:
        # "An today" is no article: that stands before a vowel or an abbreviation.
        sounded = following.form[0] in "aeiouh" or not following.form.isalpha()
        if form not in ARTICLES or following.capitalised or sounded:
            return False
    if form in ARTICLES:
        return True
    return not atom.opens and (before is None or not before.capitalised or before.opens)


def _is_a_thing(candidate: Candidate, scene: Scene) -> bool:
    """Whether a rarer word is more likely a thing: in a headline, or before what it describes."""
    atom, before = scene.text[candidate.low], scene.before(candidate.low)
    if atom.possessive or atom.sigil or scene.does(candidate.high):
        return False
    if atom.headline and atom.shape is Shape.UPPER:
        return before is None or before.form not in PERSON_BEFORE
    following = scene.after(candidate.high)
    if not atom.opens or following is None or following.gap is not Gap.SPACE:
        return False
    worded = following.form in EVERYDAY or following.form in SOMETIMES
    describes = worded and following.form not in NEVER_IN_LOWER_CASE
    return describes and not following.capitalised and len(following.form) > SHORT


def _is_part_of_a_thing(candidate: Candidate, scene: Scene) -> bool:
    """Whether a word is a piece of a brand (``KitKing``), or letters say of what: ``PE Kit``."""
    low, high = candidate.low, candidate.high
    gaps = {scene.text[at].gap for at in (low, high) if 0 < at < len(scene.text)}
    before = scene.before(low)
    lettered = before is not None and before.shape is Shape.UPPER and not before.headline
    return Gap.NONE in gaps or lettered


def _acts_like_a_person(candidate: Candidate, scene: Scene, form: str) -> bool:
    """An everyday word as a first name: capitalised inside a sentence, or doing something."""
    atom = scene.text[candidate.low]
    if atom.sigil or atom.headline or atom.shape is Shape.UPPER or not atom.capitalised:
        return False
    if form not in MONTHS and scene.classed(candidate.high):
        return True
    if _is_part_of_a_thing(candidate, scene):
        return False
    following = scene.after(candidate.high)
    weakly = following is not None and following.form in WEAKLY_DO
    by_itself = form in MONTHS or (form in NEVER_IN_LOWER_CASE and atom.opens)
    if scene.does(candidate.high) and not atom.possessive and not (weakly and by_itself):
        return True
    if form in MONTHS and scene.addressed(candidate.low, by=False):
        return following is None or following.form in AFTER_AN_INITIAL or scene.does(candidate.high)
    if form in MONTHS or atom.opens:
        return False
    if following is not None and following.capitalised and following.gap is Gap.SPACE:
        return False
    before = scene.before(candidate.low)
    part_of_a_title = before is not None and before.capitalised and not before.opens
    return not part_of_a_title
