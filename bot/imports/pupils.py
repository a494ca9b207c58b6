"""pupils.csv: the whole roster of each school in it.

Columns: ``pupil_id,school,legal_forename,preferred_forename,legal_surname,preferred_surname,
year_group,form``. The key is (school, pupil_id). Without app.yaml (``schoolgate check``) only
``pupil_id`` and the legal names are needed.

No problem quotes a cell, and no record shows one: these are children.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.imports.cells import Cells, Setting
from bot.imports.gather import Layout, gather, repeated
from moderation.checks.model import PupilName
from moderation.kernel import PupilKey, SchoolId


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from bot.imports.cells import Named
    from bot.imports.parsed import About, Parsed, RowProblem
    from bot.tables import Table


NEEDED = ("pupil_id", "school", "legal_forename", "legal_surname")
FURTHER = ("preferred_forename", "preferred_surname", "year_group", "form")
LAYOUT = Layout(
    needed=(
        "pupil_id",
        "school",
        "legal_forename",
        "preferred_forename",
        "legal_surname",
        "preferred_surname",
        "year_group",
        "form",
    ),
    optional=("name",),
)
LAYOUT_OF_CHECK = Layout(needed=NEEDED, optional=(*FURTHER, "name"))
KNOWN_AS = re.compile(r"(.*?)[ ]*\(([^()]+)\)")
ONE_COMMA = "Write it as “Surname, Forename”: one comma, with a name on each side."
LONGEST_GROUP = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilRecord:
    """One row. ``number`` is the school's own id. ``repr`` shows the line alone."""

    line: int
    school: SchoolId
    number: str
    legal_forename: str
    preferred_forename: str
    legal_surname: str
    preferred_surname: str
    year_group: str
    form: str

    @property
    def about(self) -> About:
        return (self.school, self.number)

    def name(self, key: PupilKey) -> PupilName:
        """The pupil as the name check needs one, under our own opaque key."""
        return PupilName(
            pupil=key,
            legal_forename=self.legal_forename,
            preferred_forename=self.preferred_forename,
            legal_surname=self.legal_surname,
            preferred_surname=self.preferred_surname,
            year_group=self.year_group,
            form=self.form,
        )

    def __repr__(self) -> str:
        return f"PupilRecord(line={self.line})"


def parse(
    table: Table,
    *,
    schools: Mapping[SchoolId, Named] | None,
    school: SchoolId | None,
    today: date,  # noqa: ARG001 - every parser is asked alike; a roster has no dates
) -> Parsed[PupilRecord]:
    """Read the file as :mod:`bot.imports` says."""
    setting = Setting(schools=schools, school=school, quotes=False)
    layout = LAYOUT_OF_CHECK if schools is None else LAYOUT
    return gather(table, layout, setting, _read, _clashes)


def _read(cells: Cells) -> PupilRecord | None:
    number = cells.identifier("pupil_id", spaced=True)
    school = cells.school()
    if number and school is not None:
        cells.about = (school, number)
    preferred_forename = cells.name("preferred_forename")
    preferred_surname = cells.name("preferred_surname")
    legal_forename = legal_surname = ""
    if joined := cells.name("name"):
        legal_surname, legal_forename, called = _apart(cells, joined)
        preferred_forename = preferred_forename or called
    elif not any(problem.column == "name" for problem in cells.problems):
        legal_forename = _legal_name(cells, "legal_forename")
        legal_surname = _legal_name(cells, "legal_surname")
    if cells.checking and not (legal_forename or legal_surname) and not cells.problems:
        cells.wrong("legal_surname", "This pupil has no name.")
    year_group = cells.text("year_group", longest=LONGEST_GROUP)
    form = cells.text("form", longest=LONGEST_GROUP)
    if cells.problems or school is None:
        return None
    return PupilRecord(
        line=cells.line,
        school=school,
        number=number,
        legal_forename=legal_forename,
        preferred_forename=preferred_forename,
        legal_surname=legal_surname,
        preferred_surname=preferred_surname,
        year_group=year_group,
        form=form,
    )


def _apart(cells: Cells, joined: str) -> tuple[str, str, str]:
    """“Kovač, Amelia (Millie)” as surname, forename and what she is called."""
    surname, *rest = (part.strip() for part in joined.split(","))
    forename, called = rest[0] if len(rest) == 1 else "", ""
    if found := KNOWN_AS.fullmatch(forename):
        forename, called = found[1].strip(), found[2].strip()
    if not all(any(map(str.isalpha, part)) for part in (surname, forename)):
        cells.wrong("name", ONE_COMMA)
        return "", "", ""
    return surname, forename, called


def _legal_name(cells: Cells, column: str) -> str:
    name = cells.name(column)
    if cells.checking:
        return name
    if not name and not any(problem.column == column for problem in cells.problems):
        cells.wrong(column, "This is empty: a pupil with one name only has it in both columns.")
    return name


def _clashes(
    _records: Sequence[PupilRecord], known: Sequence[tuple[int, About]]
) -> Iterator[RowProblem]:
    yield from repeated(
        known, "pupil_id", lambda other: f"Line {other} has the same pupil of this school."
    )
