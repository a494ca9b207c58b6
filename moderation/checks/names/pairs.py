"""Grading a first name that stands with a surname: which of the two could be words, and are they.

A pair of plain names is surely a pupil. Where a half is an everyday word the case tells, and where
the case tells nothing the words around it do: whom the sentence thanks, and who does something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.checks.names.candidate import Grade, Way
from moderation.checks.names.tokens import Gap, Shape
from moderation.checks.names.words import (
    AFTER_A_PLACE,
    AFTER_AN_INITIAL,
    EVERYDAY,
    MONTHS,
    NEVER_IN_LOWER_CASE,
    SOMETIMES,
    is_cheer,
)


if TYPE_CHECKING:
    from moderation.checks.names.candidate import Candidate
    from moderation.checks.names.scene import Scene
    from moderation.checks.names.tokens import Atom


STILL_NAMES = frozenset(
    {"art", "day", "good", "june", "long", "love", "man", "mark", "old", "park", "young"}
)
"""Words that a plain first name may have for its surname in any case: they join no clauses."""
MODALS = frozenset({"can", "do", "may", "must", "will"})
LEFT_OVER = frozenset({"an", "do", "go", "he"})
"""Words that follow nobody whom a sentence has just thanked: ``a goal by Ken do``."""
AS_EVER = frozenset({"beat", "come", "cost", "cut", "hit", "let", "put", "read", "run", "set"})
"""Verbs that "can" and "may" stand before, though they also tell what somebody did."""
EXCLAIMED = frozenset(
    {"all", "and", "but", "good", "how", "if", "just", "like", "look", "no", "not", "now", "or"}
    | {"see", "so", "some", "such", "then", "there", "this", "too", "well", "what", "who"}
)
"""What stands before a comma at the beginning of a sentence, and before whom it addresses."""
OF_THINGS = frozenset(
    {"a", "at", "each", "every", "from", "in", "last", "near", "next", "on", "our", "the", "this"}
    | {"your"}
)
"""Words before a thing or a place: "in the Hall, Grace read"."""
JOINED = frozenset({Gap.NONE, Gap.TIGHT, Gap.HYPHEN})


def is_word(form: str, atom: Atom) -> bool:
    """Whether a form, as written, is more likely a word than a name."""
    if form != atom.form and is_disguised(atom):
        return False
    return form in EVERYDAY or (form in SOMETIMES and not atom.capitalised)


def is_disguised(atom: Atom) -> bool:
    """Whether figures stand for letters in it: ``Y0ung``, and not ``100m`` or ``HA11``."""
    if atom.form.isalpha() or atom.form[-2:].isdigit():
        return False
    return 2 * sum(char.isalpha() for char in atom.form) >= len(atom.form)


def _is_another_word(form: str, atom: Atom) -> bool:
    """Whether a name was met only by taking the s off a small word: ``Ana was`` is no Ana Wa."""
    shortened = form != atom.form and atom.form.startswith(form)
    return shortened and not atom.capitalised and atom.form in EVERYDAY


def pair(candidate: Candidate, scene: Scene) -> Grade:
    """What a first name and a surname are worth where they stand."""
    (first_at, first), (last_at, last) = candidate.halves
    one, two = sorted((first_at, last_at))
    atoms = (scene.text[first_at], scene.text[last_at])
    words = [is_word(form, atom) for form, atom in zip((first, last), atoms, strict=True)]
    gaps = [atom.gap for atom in scene.text[one + 1 : two + 1]]
    if scene.titled(candidate.low):
        return Grade.NOBODY if scene.staff.has_last(last) else Grade.FIRST
    if any(_is_another_word(form, atom) for form, atom in zip((first, last), atoms, strict=True)):
        return Grade.NOBODY
    if scene.dated(candidate.low):
        return Grade.NOBODY if all(words) or scene.text[two].form in EVERYDAY else Grade.FIRST
    if not any(words):
        return Grade.FULL
    if Gap.BRACKET in gaps and _placed(candidate, scene):
        return Grade.NOBODY
    if gaps and JOINED.issuperset(gaps):
        # Addresses, file names and tags have no capitals to go by.
        if not (first in EVERYDAY and last in EVERYDAY):
            return Grade.FULL
        if Gap.HYPHEN not in gaps or (
            candidate.way is Way.FIRST_LAST and _in_a_file(one, two, scene)
        ):
            return unparted(candidate, scene)
    if gaps == [Gap.BRACKET] and all(words):
        return _bracketed(candidate, scene)
    return _wordy_pair(candidate, scene, atoms, words)


def _placed(candidate: Candidate, scene: Scene) -> bool:
    """Whether it's a place or a thing; "Joy Gates's team" is somebody's."""
    return scene.placed(candidate.high) and not scene.text[candidate.high - 1].possessive


def _in_a_file(one: int, two: int, scene: Scene) -> bool:
    """Whether a dot or a slash stands beside without white space, as in ``grace-hall.jpg``."""
    behind = two + 1 < len(scene.text) and scene.text[two + 1].gap is Gap.TIGHT
    return behind or (one > 0 and scene.text[one].gap is Gap.TIGHT)


def unparted(candidate: Candidate, scene: Scene) -> Grade:
    """Two words in one, as in ``#GraceHall`` or ``@grace_hall``: whose, or what, is it.

    A whole handle is somebody's. A tag is where it cheers, or where the sentence does. Otherwise
    ``#AngelStone`` is, and ``#MayDay``, ``#WillPower`` and ``#RoseLane`` are asked about.
    """
    (_, first), (_, last) = candidate.halves
    start = candidate.low
    while start and scene.text[start].gap is Gap.NONE:
        start -= 1
    whole = candidate.place is None or (
        candidate.place[0] == scene.text[candidate.low].start
        and candidate.place[1] == scene.text[candidate.high - 1].end
    )
    alone = whole and scene.alone(candidate.low, candidate.high)
    if alone and scene.text[candidate.low].sigil == "@":
        return Grade.FULL
    if is_cheer("".join(atom.form for atom in scene.text[start : candidate.low])):
        return Grade.FULL
    if scene.addressed(start) or scene.surely_does(candidate.high):
        return Grade.FULL
    said = last in AFTER_A_PLACE or first in MONTHS or first in NEVER_IN_LOWER_CASE
    return Grade.FULL if alone and not said else Grade.FIRST


def _wordy_pair(
    candidate: Candidate, scene: Scene, atoms: tuple[Atom, Atom], words: list[bool]
) -> Grade:
    """A pair with an everyday word in it: it must look like a name."""
    first, last = atoms
    second = scene.text[max(at for at, _ in candidate.halves)]
    for (_, form), atom in zip(candidate.halves, atoms, strict=True):
        joining = form in NEVER_IN_LOWER_CASE and not atom.capitalised
        if joining and not (form in STILL_NAMES and _half_said(candidate, words)):
            return _joining(candidate, scene, words)
    mixed = first.capitalised is not last.capitalised
    wordy = [atom for atom, word in zip(atoms, words, strict=True) if word]
    if mixed and any(not atom.capitalised for atom in wordy) and not _half_said(candidate, words):
        return _in_small_letters(candidate, scene)
    if not all(words):
        return _half_wordy(candidate, scene, wordy[0])
    if candidate.way is Way.LAST_COMMA_FIRST:
        return _listed(candidate, scene)
    if not (first.capitalised and last.capitalised):
        return _in_small_letters(candidate, scene)
    if _placed(candidate, scene) or _in_a_headline(candidate, scene, first):
        return Grade.NOBODY
    if second.opens:
        return _on_two_lines(candidate, scene)
    if candidate.way is Way.LAST_FIRST:
        return _family_first(candidate, scene)
    return Grade.FIRST if _may_ask(candidate, scene, last) else Grade.FULL


def _in_a_headline(candidate: Candidate, scene: Scene, atom: Atom) -> bool:
    """Whether capitals mean nothing here, and nobody is thanked: "Hooray for Grace Hall!"."""
    if not atom.headline:
        return False
    return atom.shape is not Shape.TITLE or not scene.addressed(candidate.low)


def _set_apart(family: Atom, given: Atom) -> bool:
    """``KING Grace`` and ``KING, Grace``, as registers have it."""
    return family.shape is Shape.UPPER and given.shape is Shape.TITLE


def _family_first(candidate: Candidate, scene: Scene) -> Grade:
    """``Moon Song`` of the family Moon, where both are words."""
    family, given = scene.text[candidate.low], scene.text[candidate.halves[0][0]]
    if _set_apart(family, given):
        return Grade.FULL
    before, (_, first) = scene.before(candidate.low), candidate.halves[0]
    if before is not None and before.form in OF_THINGS:
        return Grade.NOBODY
    if scene.addressed(candidate.low, by=first not in MONTHS):
        return Grade.FULL
    if family.opens or first in MONTHS:
        return Grade.NOBODY
    return Grade.FULL if scene.surely_does(candidate.high) else Grade.FIRST


def _may_ask(candidate: Candidate, scene: Scene, last: Atom) -> bool:
    """Whether ``Will Hall`` may begin a question: not where he does something, or nothing comes."""
    (_, form), _ = candidate.halves
    if not scene.text[candidate.low].opens or form not in NEVER_IN_LOWER_CASE:
        return False
    if scene.does(candidate.high) and not last.possessive:
        return False
    return form in MONTHS or scene.after(candidate.high) is not None


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
            well = word.opens and word.form in NEVER_IN_LOWER_CASE - STILL_NAMES - LEFT_OVER
            said = word.form in EXCLAIMED or scene.does(candidate.high)
            return Grade.NOBODY if well and said else Grade.FULL
        if word.form in MONTHS:
            # "Phan, Summer." is somebody in a list; "Phan, Summer term" is a date.
            named = scene.after(candidate.high) is None or scene.does(candidate.high)
            named |= scene.addressed(candidate.low) and not _placed(candidate, scene)
            return Grade.FULL if named else Grade.NOBODY
        return Grade.FULL
    return Grade.FULL


def _in_small_letters(candidate: Candidate, scene: Scene) -> Grade:
    """Two words right after each other, not both with a capital: ``well done to amber west``."""
    (_, first), (_, last) = candidate.halves
    one, two = scene.text[candidate.low], scene.text[candidate.high - 1]
    together = candidate.high - candidate.low == len(candidate.halves) and two.gap is Gap.SPACE
    if candidate.way is not Way.FIRST_LAST or not together or two.opens or one.headline:
        return Grade.NOBODY
    if _placed(candidate, scene):
        return Grade.NOBODY
    doubtful = last in AFTER_A_PLACE or first in MONTHS
    if scene.addressed(candidate.low):
        # "by rose lane" and "prize for winter garden" may be places and seasons.
        sure = scene.addressed(candidate.low, by=not doubtful) and first not in MONTHS
        return Grade.FULL if sure else Grade.FIRST
    capital = one.capitalised and not one.opens
    if scene.surely_does(candidate.high) or (capital and scene.does(candidate.high)):
        return Grade.FIRST if doubtful else Grade.FULL
    return Grade.NOBODY if doubtful else Grade.FIRST


def _joining(candidate: Candidate, scene: Scene, words: list[bool]) -> Grade:
    """A pair of which a half, in small letters, joins words to each other: ``may``, ``an``."""
    (first_at, first), (last_at, last) = candidate.halves
    if candidate.way is not Way.FIRST_LAST or last_at - first_at != 1:
        return Grade.NOBODY
    if scene.text[last_at].gap is not Gap.SPACE or _placed(candidate, scene):
        return Grade.NOBODY
    one, two = scene.text[first_at], scene.text[last_at]
    if first in NEVER_IN_LOWER_CASE and not one.capitalised:
        if not _leads_as_a_name(candidate, scene, wordy=words[1]):
            return Grade.NOBODY
        if words[1] and last not in LEFT_OVER:
            return Grade.FIRST
    if last in NEVER_IN_LOWER_CASE and not two.capitalised:
        left_over = last in LEFT_OVER | STILL_NAMES and _is_left_over(candidate, scene)
        return Grade.FULL if left_over else Grade.NOBODY
    return Grade.FULL


def _leads_as_a_name(candidate: Candidate, scene: Scene, *, wordy: bool) -> bool:
    """Whether ``may`` or ``an`` before a surname is somebody: it is no verb, no article there."""
    (_, first), (_, last) = candidate.halves
    if first == "an" and not wordy:
        return last[0] not in "aeiouh"
    if first not in MODALS | STILL_NAMES | {"an"}:
        return False
    if scene.addressed(candidate.low):
        return True
    sang = scene.surely_does(candidate.high) and scene.text[candidate.high].form not in AS_EVER
    return first in MODALS and sang and not wordy


def _is_left_over(candidate: Candidate, scene: Scene) -> bool:
    """Whether ``an``, ``do`` or ``young`` can be nothing but a surname where it stands."""
    following = scene.after(candidate.high)
    (_, _), (_, last) = candidate.halves
    if following is None:
        return last == "an" or scene.addressed(candidate.low)
    if not scene.addressed(candidate.low):
        return last == "an" and scene.surely_does(candidate.high)
    return following.form in AFTER_AN_INITIAL or (last != "he" and scene.does(candidate.high))


def _listed(candidate: Candidate, scene: Scene) -> Grade:
    """``Lane, Angel`` where both are words: as in a register, and no row of words or names."""
    low, high = candidate.low, candidate.high
    family, given = scene.text[low], scene.text[high - 1]
    apart = _set_apart(family, given)
    if not (apart or family.shape is given.shape is Shape.TITLE):
        return Grade.NOBODY
    if _in_a_headline(candidate, scene, family):
        return Grade.NOBODY
    (_, first), (_, last) = candidate.halves
    before, following = scene.before(low), scene.after(high)
    if before is not None and before.form in OF_THINGS:
        return Grade.NOBODY
    if _is_one_of_many(candidate, scene):
        return Grade.NOBODY
    if last in NEVER_IN_LOWER_CASE - STILL_NAMES - LEFT_OVER or _placed(candidate, scene):
        return Grade.NOBODY
    if apart or scene.addressed(low, by=first not in MONTHS):
        return Grade.FULL
    if first in MONTHS or (family.opens and following is not None):
        return Grade.NOBODY
    return Grade.FIRST if following is not None or last in AFTER_A_PLACE else Grade.FULL


def _is_one_of_many(candidate: Candidate, scene: Scene) -> bool:
    """Whether the two belong to a longer row: ``Rose, Grace and Will``."""
    text, low, high = scene.text, candidate.low, candidate.high
    behind = low > 0 and text[low].gap is Gap.COMMA and text[low - 1].capitalised
    if behind or high >= len(text):
        return behind
    if text[high].gap is Gap.COMMA:
        return text[high].capitalised
    ahead = high + 1 < len(text) and text[high + 1].capitalised
    return ahead and text[high].form in {"and", "or"} and text[high].gap is Gap.SPACE


def _bracketed(candidate: Candidate, scene: Scene) -> Grade:
    """``Angel (Lane)``: one word in brackets behind another, both with capitals."""
    (_, first), _ = candidate.halves
    one, two = scene.text[candidate.low], scene.text[candidate.high - 1]
    if not (one.shape is two.shape is Shape.TITLE) or candidate.way is not Way.FIRST_LAST:
        return Grade.NOBODY
    high = candidate.high
    if high < len(scene.text) and scene.text[high].gap in {Gap.SPACE, *JOINED}:
        return Grade.NOBODY
    if first in MONTHS or first in NEVER_IN_LOWER_CASE or one.opens:
        return Grade.FULL if scene.addressed(candidate.low, by=False) else Grade.FIRST
    return Grade.FULL


def _on_two_lines(candidate: Candidate, scene: Scene) -> Grade:
    """``Angel`` at the end of a line, ``Lane`` at the beginning of the next."""
    (_, first), _ = candidate.halves
    one = scene.text[candidate.low]
    if candidate.way is not Way.FIRST_LAST:
        return Grade.NOBODY
    if scene.surely_does(candidate.high):
        return Grade.FULL
    if one.opens:
        return Grade.NOBODY
    if scene.addressed(candidate.low, by=first not in MONTHS):
        return Grade.FULL
    return Grade.NOBODY if first in MONTHS else Grade.FIRST
