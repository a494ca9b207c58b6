"""Taking a table row by row: the header first, then each row, then what rows say of each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from bot.imports.cells import Cells
from bot.imports.parsed import Parsed, Record, RefusedRow, RowProblem
from bot.imports.wording import meant


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from bot.imports.cells import Setting
    from bot.imports.parsed import About
    from bot.tables import Table


SCHOOL = "school"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns that a file must and may have. ``optional`` ones may be missing altogether."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def missing(self, table: Table, setting: Setting) -> tuple[str, ...]:
        filled = {SCHOOL} if setting.school is not None or setting.schools is None else set()
        return tuple(name for name in self.needed if name not in {*table.columns, *filled})

    def ignored(self, table: Table) -> tuple[str, ...]:
        return tuple(name for name in table.columns if name not in {*self.needed, *self.optional})


R = TypeVar("R", bound=Record)
T = TypeVar("T")


def gather(
    table: Table,
    layout: Layout,
    setting: Setting,
    read: Callable[[Cells], R | None],
    clashes: Callable[[Sequence[R], Sequence[tuple[int, About]]], Iterable[RowProblem]],
) -> Parsed[R]:
    """Read every row; then refuse the rows that contradict each other.

    ``read`` answers a record, or ``None`` after noting a problem. ``clashes`` is given the records
    and, for every row where it is known, what the row is about.
    """
    header = tuple(_header_problems(table, layout, setting))
    if header:
        return Parsed(
            rows=(),
            problems=header,
            refused=(),
            ignored_columns=layout.ignored(table),
            assumed=table.assumed,
            readable=False,
        )
    records: list[R] = []
    problems: list[RowProblem] = []
    about: dict[int, About | None] = {}
    for line, values in table.rows:
        cells = Cells(line, values, setting)
        record = read(cells)
        about[line] = cells.about
        if cells.problems:
            problems += cells.problems
        elif record is not None:
            records.append(record)
    known = [(line, subject) for line, subject in about.items() if subject is not None]
    problems += clashes(records, known)
    bad = {problem.line for problem in problems}
    return Parsed(
        rows=tuple(record for record in records if record.line not in bad),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        refused=tuple(RefusedRow(line, about[line]) for line in sorted(bad)),
        ignored_columns=layout.ignored(table),
        assumed=table.assumed,
    )


def repeated(
    keyed: Iterable[tuple[int, Hashable]], column: str, sentence: Callable[[int], str]
) -> Iterable[RowProblem]:
    """A problem for every line whose key another line has too. Which of them is right, who knows.

    ``sentence`` is given the other line.
    """
    lines: defaultdict[Hashable, list[int]] = defaultdict(list)
    for line, key in keyed:
        lines[key].append(line)
    for same in lines.values():
        if len(same) > 1:
            yield RowProblem(same[0], column, sentence(same[1]))
            for other, line in pairwise(same):
                yield RowProblem(line, column, sentence(other))


def _header_problems(table: Table, layout: Layout, setting: Setting) -> Iterable[RowProblem]:
    at = table.header_line
    unused = layout.ignored(table)
    for name in layout.missing(table, setting):
        hint = " Add it, or say --school." if name == SCHOOL else _hint(name, layout, unused)
        yield RowProblem(at, name, f"The file has no column “{name}”.{hint}")
    school, known = setting.school, setting.schools
    if school is not None and known is not None and school not in known:
        more = meant(school.casefold(), setting.spellings())
        yield RowProblem(at, SCHOOL, f"--school names no school of app.yaml.{more}")


def _hint(name: str, layout: Layout, unused: Iterable[str]) -> str:
    """A column that may be meant, as “forename” for “legal_forename”.

    It is repeated only when it is made of words of our own columns, or is ours but for spaces and
    hyphens, as “e_mail”: in a file without a header the first row is somebody's data.
    """
    ours = {word for column in layout.needed for word in column.split("_")}
    wanted = set(name.split("_"))
    for other in unused:
        if other.replace("_", "") == name.replace("_", ""):
            return f" Is it the one named “{other}”?"
        words = set(other.split("_"))
        if words <= ours and words & wanted:
            return f" Is it the one named “{other}”?"
    return ""
