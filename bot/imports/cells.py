"""One row's cells, read one by one; what is wrong is collected, so that every problem is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.imports.dates import NoDate, read_day, read_month_or_day
from bot.imports.parsed import RowProblem
from bot.imports.wording import listed, meant, quoted
from bot.tables import column_name
from moderation.kernel import SchoolId


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.imports.parsed import About
    from moderation.accounts.model import MonthOrDay


LONGEST_ID = 64
LONGEST_NAME = 120
LONGEST_TEXT = 200

IDENTIFIER = re.compile(r"[^\s;,]+")
SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")
# Invisible characters that would hide a name from a reader who compares letters. The two joiners
# that some scripts need to spell a name (U+200C, U+200D) stay.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
NOT_DECODED = re.compile("[\u0080-\u009f\ufffd]")
# After a capital such as É these would look like the second half of a letter in UTF-8.
PUNCTUATION = re.compile("[‘’“”–—…]")

V = TypeVar("V")
Choice = TypeVar("Choice", bound=StrEnum)


class Named(Protocol):
    """What app.yaml says of a school, as far as it is needed here."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every row of a file is read against (see :mod:`bot.imports`).

    ``quotes`` is whether a problem may quote a cell: never in a file about pupils.
    """

    schools: Mapping[SchoolId, Named] | None
    school: SchoolId | None
    quotes: bool

    def spellings(self) -> dict[str, str]:
        """Every folded id and name of a school, and the id that it means."""
        schools = self.schools or {}
        names = {each.name.casefold(): str(school) for school, each in schools.items()}
        return names | {school.casefold(): str(school) for school in schools}


class Cells:
    """The cells of one row.

    A reading method answers the value, or the type's nothing ("" or ``None``) after noting a
    problem; so a record may be made only while ``problems`` is empty. ``about`` is set by the
    parser as soon as it knows.
    """

    def __init__(self, line: int, values: Mapping[str, str], setting: Setting) -> None:
        self.line = line
        self.problems: list[RowProblem] = []
        self.about: About | None = None
        self._values = values
        self._setting = setting

    @property
    def checking(self) -> bool:
        """Whether there is no app.yaml, and the file serves ``schoolgate check`` alone."""
        return self._setting.schools is None

    def wrong(self, column: str, sentence: str) -> None:
        self.problems.append(RowProblem(self.line, column, sentence))

    # -- words -----------------------------------------------------------------------------------

    def text(self, column: str, *, needed: bool = False, longest: int = LONGEST_TEXT) -> str:
        """Text on one line, composed (NFC), without invisible characters."""
        written = self._values.get(column, "")
        text = " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", written)).split())
        if _damaged(text):
            self.wrong(column, "The letters are damaged: save the file again as “CSV UTF-8”.")
            return ""
        if not text and needed:
            self.wrong(column, "This is empty.")
        if len(text) > longest:
            self.wrong(column, f"This is over {longest} characters long.")
            return ""
        return text

    def name(self, column: str, *, needed: bool = False) -> str:
        """Somebody's name."""
        name = self.text(column, needed=needed, longest=LONGEST_NAME)
        if name and not any(map(str.isalpha, name)):
            self.wrong(column, "This has no letters, so it isn't a name.")
            return ""
        return name

    def identifier(self, column: str, *, spaced: bool = False) -> str:
        """The id of who or what the row is about: without semicolons, commas or (mostly) spaces."""
        written = self.text(column, needed=True, longest=LONGEST_ID)
        if not written:
            return ""
        if SCIENTIFIC.fullmatch(written):
            self.wrong(column, "A spreadsheet has rounded this number: set the column to text.")
            return ""
        if not IDENTIFIER.fullmatch(written.replace(" ", "") if spaced else written):
            self.wrong(column, "An id has no spaces, commas or semicolons.")
            return ""
        return written

    def items(self, column: str) -> tuple[str, ...]:
        """What stands between semicolons, each once."""
        parts = (part.strip() for part in self.text(column, longest=4000).split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))

    # -- known words -----------------------------------------------------------------------------

    def choice(self, column: str, kind: type[Choice], *, needed: bool = False) -> Choice | None:
        """One of a few words, in any case, with spaces or hyphens or underscores."""
        written = self.text(column, needed=needed)
        if not written:
            return None
        try:
            return kind(column_name(written))
        except ValueError:
            self.wrong(column, f"{self.quote(written)} isn't known: write {listed(list(kind))}.")
            return None

    def school(self, column: str = "school") -> SchoolId | None:
        """The one school of the row."""
        found = self.schools(column)
        if len(found) > 1:
            self.wrong(column, "One school only, please.")
            return None
        return found[0] if found else None

    def schools(self, column: str = "school") -> tuple[SchoolId, ...]:
        """Each school that is named; with ``--school`` that one where none is."""
        written = self.items(column)
        known = self._setting.schools
        if not written and self._setting.school is not None:
            return (self._setting.school,)
        if known is None:
            return tuple(map(SchoolId, written)) or (SchoolId(""),)
        if not written:
            self.wrong(column, "This is empty: write the school's id.")
        found = [self._known_school(column, word, known) for word in written]
        return tuple(dict.fromkeys(school for school in found if school is not None))

    def _known_school(
        self, column: str, word: str, known: Mapping[SchoolId, Named]
    ) -> SchoolId | None:
        if SchoolId(word) in known:
            return SchoolId(word)
        alike = [school for school in known if school.casefold() == word.casefold()]
        if len(alike) == 1:
            return alike[0]
        self.unknown(column, word, "school", self._setting.spellings())
        return None

    def unknown(
        self, column: str, word: str, noun: str, spellings: Mapping[str, str], look_up: str = ""
    ) -> None:
        """Note that a word names nothing, and what :func:`meant` makes of it."""
        subject = (
            f"There is no {noun} {quoted(word)}" if self._setting.quotes else f"No such {noun}"
        )
        self.wrong(column, f"{subject}.{meant(word, spellings, look_up)}")

    def quote(self, word: str) -> str:
        return quoted(word) if self._setting.quotes else "This"

    # -- dates -----------------------------------------------------------------------------------

    def day(self, column: str) -> date | None:
        return self._date(column, read_day)

    def month_or_day(self, column: str) -> MonthOrDay | None:
        return self._date(column, read_month_or_day)

    def _date(self, column: str, read: Callable[[str], V]) -> V | None:
        written = self.text(column)
        if not written:
            return None
        try:
            return read(written)
        except NoDate as error:
            self.wrong(column, str(error))
            return None


def _damaged(text: str) -> bool:
    """Whether these letters came through a wrong encoding, as “JosÃ©” does.

    A pupil whose name is damaged in the roster is protected by no check.
    """
    if text.isascii():
        return False
    if NOT_DECODED.search(text):
        return True
    letters = PUNCTUATION.sub("", text)
    try:
        return letters.encode("cp1252").decode("utf-8") != letters
    except UnicodeError:
        return False
