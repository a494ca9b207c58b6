"""The text around what may be a name: what stands before and after it, and who else is named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moderation.checks.names.candidate import Units
from moderation.checks.names.people import People
from moderation.checks.names.tokens import Atom, Gap, Shape
from moderation.checks.names.words import (
    AFTER_A_PLACE,
    CROWNS,
    HONOURED,
    JOURNEYS,
    PEOPLE_DO,
    PERSON_BEFORE,
    PLACE_BEFORE,
    PLACES,
    TITLES,
    WEAKLY_DO,
)


LEAST_VERB = 5
CLASSES = frozenset({"aged", "class", "nursery", "reception", "year", "yr"})
_CLASS = re.compile(r"y?\d{1,2}[a-z]{0,2}")
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
SHORT_MONTHS = frozenset(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
)
_REIGN = re.compile(r"x{0,2}(?:i{2,3}|iv|vi{1,3}|ix)|x{1,2}i|xx|x{1,2}v")
"""From the second to the twenty-third; one letter alone may be an initial."""
FEASTS = frozenset({"christmas", "hallows", "year", "years"})
PARTING = frozenset({Gap.BREAK, Gap.COMMA, Gap.BRACKET})
CLOSE = frozenset({Gap.NONE, Gap.TIGHT, Gap.HYPHEN})
FILE_ENDINGS = frozenset({"gif", "heic", "jpeg", "jpg", "mov", "mp4", "pdf", "png", "tif", "webp"})
TOWARDS = frozenset({"for", "of", "to", "with"})
WINNERS = frozenset({"captain", "champion", "finalist", "head", "leader", "match", "player"}) | {
    *("president", "star", "winner"),
}
"""Of whom it is said who it is: ``the player of the match was``."""
FAR_WINNER = 9
"""Words back from "is" or "was" within which somebody has won."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scene:
    """The text around a candidate, and the people who aren't pupils."""

    text: tuple[Atom, ...]
    units: Units
    staff: People
    others: frozenset[int]
    """Atoms that belong to the full name of a member of staff or somebody well known."""
    undisguised: Scene | None = None
    """The same text with signs read as letters, where it has such signs."""

    def before(self, at: int) -> Atom | None:
        """The atom before, unless a sentence ended between."""
        if at == 0 or self.text[at].gap in PARTING:
            return None
        return self.text[at - 1]

    def after(self, at: int) -> Atom | None:
        """The atom after, unless a sentence ended between."""
        if at >= len(self.text) or self.text[at].gap in PARTING:
            return None
        return self.text[at]

    def titled(self, at: int) -> bool:
        """Whether Mr, Mrs, Dr … stands before, an initial between them or not."""
        atom = self.before(at)
        if atom is not None and atom.letter:
            atom = self.before(at - 1)
        dotted = at > 0 and self.text[at - 1].dotted and self.text[at - 1].form in TITLES
        return dotted or (atom is not None and atom.form in TITLES)

    def crowned(self, at: int) -> bool:
        """Whether King, Saint, Lord … stands before."""
        atom = self.text[at - 1] if at else None
        if atom is None or atom.form not in CROWNS:
            return False
        # "St. Mark", but neither "King, Mark" in a row nor "Captain: Mark".
        parted = self.text[at].gap in PARTING and not atom.dotted
        return not parted and (atom.capitalised or atom.dotted)

    def dated(self, at: int) -> bool:
        """Whether a month's short name stands right after its day: ``14th Jun``, ``3 Jan``."""
        if self.text[at].form not in SHORT_MONTHS or (before := self.before(at)) is None:
            return False
        if before.gap is Gap.NONE and at > 1:  # "14th" is cut behind its figures
            return bool(_DAY.fullmatch(self.text[at - 2].form + before.form))
        return bool(_DAY.fullmatch(before.form))

    def placed(self, at: int) -> bool:
        """Whether Road, Hall, Day, Cup … follows, so that the name is a place's or a thing's."""
        atom = self.after(at)
        return atom is not None and atom.form in AFTER_A_PLACE and atom.gap is not Gap.TIGHT

    def reigns(self, at: int) -> bool:
        """Whether a king's number follows: ``Henry VIII``, ``Louis XVI``."""
        atom = self.after(at)
        if atom is None or atom.shape is not Shape.UPPER or atom.gap is not Gap.SPACE:
            return False
        return bool(_REIGN.fullmatch(atom.form))

    def on_the_eve(self, at: int) -> bool:
        """Whether this is the day before a feast: ``Christmas Eve``, ``New Year's Eve``."""
        before = self.before(at)
        return self.text[at].form == "eve" and before is not None and before.form in FEASTS

    def kind_of(self, at: int) -> bool:
        """Whether "of" and a thing follow, and no class: ``Ray of sunshine``."""
        atom, thing = self.after(at), self.after(at + 1)
        if atom is None or atom.form != "of" or atom.gap is not Gap.SPACE or thing is None:
            return False
        classed = thing.form in CLASSES or bool(_CLASS.fullmatch(thing.form))
        return not (classed or thing.capitalised)

    def visited(self, at: int) -> bool:
        """Whether a town or country stands here, and words that go before one."""
        if self.text[at].form not in PLACES or not self.text[at].capitalised:
            return False
        while at > 1 and self.text[at - 1].form == "and" and self.text[at - 2].form in PLACES:
            at -= 2
        before = self.before(at)
        if before is None:
            return False
        if before.form in {"to", "from"}:
            earlier = self.before(at - 1)
            return earlier is not None and earlier.form in JOURNEYS
        return before.form in PLACE_BEFORE

    def classed(self, at: int) -> bool:
        """Whether a class or an age follows as it does behind a name: ``, Year 4`` or ``(4B)``."""
        if at >= len(self.text):
            return False
        atom = self.text[at]
        parted = atom.gap in {Gap.COMMA, Gap.BRACKET} or atom.form == "aged"
        return parted and (atom.form in CLASSES or bool(_CLASS.fullmatch(atom.form)))

    def addressed(self, at: int, *, by: bool = True) -> bool:
        """Whether the words before speak to or of somebody: "well done to", "proud of", "by".

        Without ``by`` that one word isn't enough: "by May" is a date.
        """
        if at == 0 or self.text[at].gap in {Gap.BREAK, Gap.BRACKET}:
            return False
        form = self.text[at - 1].form
        earlier = self.text[at - 2].form if at > 1 else ""
        if form in PERSON_BEFORE:
            return by or form != "by"
        if self.text[at].gap is Gap.COMMA:
            return False
        if form in {"luck", "you"}:
            return earlier == ("thank" if form == "you" else "good")
        if form in {"is", "was"}:
            before = self.text[max(0, at - FAR_WINNER) : at - 1]
            return any(atom.form in WINNERS for atom in before)
        return form in TOWARDS and (earlier in HONOURED or earlier in PERSON_BEFORE)

    def alone(self, low: int, high: int) -> bool:
        """Whether nothing but figures or a file's ending is joined to these atoms."""
        if self.text[low].gap in CLOSE and low:
            return False
        while high < len(self.text) and self.text[high].gap in CLOSE:
            if not (self.text[high].form.isdigit() or self.text[high].form in FILE_ENDINGS):
                return False
            high += 1
        return True

    def surely_does(self, at: int) -> bool:
        """As :meth:`does`, and said of people alone: a season or a hall "was" and "began" too."""
        return self.does(at) and self.text[at].form not in WEAKLY_DO

    def does(self, at: int) -> bool:
        """Whether what follows is said of people: sang, helped, who."""
        atom = self.after(at)
        if atom is None or atom.capitalised:
            return False
        past = atom.form.endswith("ed") and len(atom.form) >= LEAST_VERB
        return atom.form in PEOPLE_DO or past
