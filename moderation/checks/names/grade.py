"""Grading a candidate by its context: surely a pupil, perhaps one, or a word, a place, a grown-up.

The order of questions is the rule: who else is it, is it a word here, is it a place. Every answer
is a :class:`Grade`; ``NOBODY`` drops the candidate.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.checks.names.candidate import Way
from moderation.checks.names.tokens import Gap, Shape
from moderation.checks.names.words import (
    AFTER_AN_INITIAL,
    BEFORE_A_LETTER,
    EVERYDAY,
    FAMILIES,
    I_DO,
    MONTHS,
    NEVER_IN_LOWER_CASE,
    PEOPLE_DO,
    PERSON_BEFORE,
    SOMETIMES,
    WEAKLY_DO,
)


if TYPE_CHECKING:
    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.scene import Scene
    from moderation.checks.names.tokens import Atom


class Grade(StrEnum):
    """The categories of the check ``pupil_names``; see ``policies/vocabulary.py``."""

    FULL = "full_name"
    INITIALLED = "initialled"
    SLIP = "slip"
    FIRST = "first_name"
    LAST = "surname"
    NOBODY = ""


SHORT = 2
"""Letters up to which a name is never told from a word in lower case or in capitals."""
LEAST_LEET = 4
ARTICLES = frozenset({"an"})
"""Two letters that no sentence has without a word that they lead: ``An read to us``."""
KISSES = "x"
WORDS_OF_ONE_LETTER = "ai"
STILL_NAMES = frozenset(
    {"art", "day", "good", "june", "long", "love", "man", "mark", "old", "park", "young"}
)
"""Words that a plain first name may have for its surname in any case: they join no clauses."""
EXCLAIMED = frozenset(
    {"all", "and", "but", "good", "how", "if", "just", "like", "look", "no", "not", "now", "or"}
    | {"see", "so", "some", "such", "then", "there", "this", "too", "well", "what", "who"}
)
"""What stands before a comma at the beginning of a sentence, and before whom it addresses."""


def grade(candidate: Candidate, scene: Scene) -> Grade:
    """What a candidate is worth where it stands."""
    match candidate.way:
        case Way.FIRST_LAST | Way.LAST_FIRST | Way.LAST_COMMA_FIRST:
            return _pair(candidate, scene)
        case Way.CLOSED:
            return Grade.FULL if candidate.sure else Grade.FIRST
        case Way.FIRST_INITIAL:
            return _first_initial(candidate, scene)
        case Way.INITIAL_LAST:
            return _initial_last(candidate, scene)
        case Way.HANDLE:
            return Grade.INITIALLED
        case Way.SLIP:
            return _slip(candidate, scene)
        case Way.FIRST:
            return _first(candidate, scene)
        case Way.LAST:
            return _last(candidate, scene)
        case _ as never:
            assert_never(never)


def _is_word(form: str, atom: Atom) -> bool:
    """Whether a form, as written, is more likely a word than a name."""
    return form in EVERYDAY or (form in SOMETIMES and not atom.capitalised)


def _is_another_word(form: str, atom: Atom) -> bool:
    """Whether a name was met only by taking the s off a small word: ``Ana was`` is no Ana Wa."""
    shortened = form != atom.form and atom.form.startswith(form)
    return shortened and not atom.capitalised and atom.form in EVERYDAY


def _pair(candidate: Candidate, scene: Scene) -> Grade:
    (first_at, first), (last_at, last) = candidate.halves
    one, two = sorted((first_at, last_at))
    atoms = (scene.text[first_at], scene.text[last_at])
    words = [_is_word(form, atom) for form, atom in zip((first, last), atoms, strict=True)]
    gaps = {atom.gap for atom in scene.text[one + 1 : two + 1]}
    if scene.titled(candidate.low):
        return Grade.NOBODY if scene.staff.has_last(last) else Grade.FIRST
    if any(_is_another_word(form, atom) for form, atom in zip((first, last), atoms, strict=True)):
        return Grade.NOBODY
    if not any(words):
        return Grade.FULL
    if Gap.BRACKET in gaps and (all(words) or scene.placed(candidate.high)):
        return Grade.NOBODY
    if gaps and gaps <= {Gap.NONE, Gap.TIGHT, Gap.HYPHEN}:
        # Addresses, file names and tags have no capitals to go by.
        if not (first in EVERYDAY and last in EVERYDAY):
            return Grade.FULL
        if Gap.HYPHEN not in gaps:
            return Grade.FIRST
    return _wordy_pair(candidate, scene, atoms, words)


def _wordy_pair(
    candidate: Candidate, scene: Scene, atoms: tuple[Atom, Atom], words: list[bool]
) -> Grade:
    """A pair with an everyday word in it: it must look like a name."""
    first, last = atoms
    second = scene.text[max(at for at, _ in candidate.halves)]
    for (_, form), atom in zip(candidate.halves, atoms, strict=True):
        joining = form in NEVER_IN_LOWER_CASE and not atom.capitalised
        if joining and not (form in STILL_NAMES and _half_said(candidate, words)):
            return Grade.NOBODY
    mixed = first.capitalised is not last.capitalised
    wordy = [atom for atom, word in zip(atoms, words, strict=True) if word]
    if mixed and any(not atom.capitalised for atom in wordy) and not _half_said(candidate, words):
        return Grade.NOBODY
    if not all(words):
        return _half_wordy(candidate, scene, wordy[0])
    if second.opens or candidate.way is Way.LAST_COMMA_FIRST:
        return Grade.NOBODY
    if not (first.capitalised and last.capitalised) or first.headline:
        return Grade.NOBODY
    if scene.placed(candidate.high) or candidate.way is Way.LAST_FIRST:
        return Grade.NOBODY
    (_, form), _ = candidate.halves
    does = scene.does(candidate.high) and not last.possessive
    unsure = first.opens and form in NEVER_IN_LOWER_CASE and not does
    return Grade.FIRST if unsure else Grade.FULL


def _half_said(candidate: Candidate, words: list[bool]) -> bool:
    """Whether one half can be nothing but a name: ``Priya hall`` is a pupil in a hurry."""
    halves = zip((form for _, form in candidate.halves), words, strict=True)
    plain = [form for form, word in halves if not word and form not in SOMETIMES]
    return len(plain) == 1


def _half_wordy(candidate: Candidate, scene: Scene, word: Atom) -> Grade:
    """A pair with one everyday word: a comma may part the word from the name."""
    second = scene.text[max(at for at, _ in candidate.halves)]
    if candidate.way is Way.LAST_COMMA_FIRST:
        family, given = scene.text[candidate.low], second
        if not (family.capitalised and given.capitalised):
            return Grade.NOBODY
        if family is word:
            # "Long, Maryam" may be listed; "Well, Maryam sang" begins a sentence.
            well = word.opens and word.form in NEVER_IN_LOWER_CASE - STILL_NAMES
            said = word.form in EXCLAIMED or scene.does(candidate.high)
            return Grade.NOBODY if well and said else Grade.FULL
        if word.form in MONTHS:
            # "Phan, Summer." is somebody in a list; "Phan, Summer term" is a date.
            ends = scene.after(candidate.high) is None
            return Grade.FULL if ends or scene.does(candidate.high) else Grade.NOBODY
        return Grade.FULL
    return Grade.FULL


def _first_initial(candidate: Candidate, scene: Scene) -> Grade:
    (first_at, first), (letter_at, letter) = candidate.halves
    name, initial = scene.text[first_at], scene.text[letter_at]
    if candidate.low in scene.others or scene.crowned(candidate.low):
        return Grade.NOBODY
    if name.sigil or initial.gap is Gap.TIGHT:
        return Grade.INITIALLED if _tightly(name, initial, first) else Grade.NOBODY
    does = scene.does(candidate.high)
    following = scene.after(candidate.high)
    if _is_word(first, name) and not _named_with_initial(name, initial, following, does=does):
        return Grade.NOBODY
    if initial.dotted and (initial.capitalised or not _is_word(first, name)):
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
    letter = initial.form
    if name.headline or letter in WORDS_OF_ONE_LETTER:
        return False
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


def _initial_last(candidate: Candidate, scene: Scene) -> Grade:
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
    doubts = (last in EVERYDAY) + (letter in WORDS_OF_ONE_LETTER)
    if not initial.dotted and doubts > scene.does(candidate.high):
        return Grade.NOBODY
    # "Plan B. Khan sang": the letter belongs to the word before it.
    if before is not None and before.form in BEFORE_A_LETTER:
        return Grade.NOBODY
    return Grade.NOBODY if scene.placed(candidate.high) else Grade.INITIALLED


def _last_comma_initial(candidate: Candidate, scene: Scene) -> Grade:
    """``King, Y.`` as in a list of names."""
    name = scene.text[candidate.low]
    known = scene.titled(candidate.low) or scene.crowned(candidate.low)
    if known or candidate.low in scene.others or not name.capitalised:
        return Grade.NOBODY
    return Grade.NOBODY if name.opens and name.form in EVERYDAY else Grade.LAST


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
    if at in scene.others or scene.crowned(at) or scene.visited(at):
        return Grade.NOBODY
    if scene.titled(at) and scene.staff.has_last(form):
        return Grade.NOBODY
    if _unlikely(candidate, scene, form):
        return Grade.FIRST if _no_article(candidate, scene, form) else Grade.NOBODY
    if form in MONTHS or form in EVERYDAY:
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
    if form in EVERYDAY:
        return Grade.LAST if _is_a_family(candidate, scene) else Grade.NOBODY
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


def _no_article(candidate: Candidate, scene: Scene, form: str) -> bool:
    """Whether ``An`` or ``Do`` is a name: a capital within a sentence, no word that it leads."""
    atom, before = scene.text[candidate.low], scene.before(candidate.low)
    whole = candidate.high - candidate.low == 1 and form == atom.form
    if len(form) != SHORT or not whole or atom.shape is not Shape.TITLE or atom.headline:
        return False
    if atom.sigil or atom.gap is Gap.NONE or _is_a_family(candidate, scene):
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


def _is_a_family(candidate: Candidate, scene: Scene) -> bool:
    """Whether an everyday word stands in ``the King family``, written as a name."""
    atom, before = scene.text[candidate.low], scene.before(candidate.low)
    following = scene.after(candidate.high)
    family = following is not None and following.form in FAMILIES and not following.capitalised
    named = atom.shape is Shape.TITLE and before is not None and before.form == "the"
    return family and named


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


def _acts_like_a_person(candidate: Candidate, scene: Scene, form: str) -> bool:
    """An everyday word as a first name: capitalised inside a sentence, or doing something."""
    atom = scene.text[candidate.low]
    if atom.sigil or atom.headline or atom.shape is Shape.UPPER or not atom.capitalised:
        return False
    if form not in MONTHS and scene.classed(candidate.high):
        return True
    following = scene.after(candidate.high)
    weakly = following is not None and following.form in WEAKLY_DO
    by_itself = form in MONTHS or (form in NEVER_IN_LOWER_CASE and atom.opens)
    if scene.does(candidate.high) and not atom.possessive and not (weakly and by_itself):
        return True
    if form in MONTHS or atom.opens:
        return False
    if following is not None and following.capitalised and following.gap is Gap.SPACE:
        return False
    before = scene.before(candidate.low)
    part_of_a_title = before is not None and before.capitalised and not before.opens
    return not part_of_a_title
