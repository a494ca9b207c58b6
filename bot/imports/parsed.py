"""What a parser answers: records, problems, and what the refused rows were about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar


if TYPE_CHECKING:
    from collections.abc import Iterable


About = tuple[str, ...]
"""Who or what a row speaks of: (person), (account) or (school, pupil's number)."""


class Record(Protocol):
    """A row that was read whole."""

    @property
    def line(self) -> int:
        """The row's line in the file, from 1."""

    @property
    def about(self) -> About: ...


R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one cell. ``sentence`` never holds a pupil's name or number.

    In a file about pupils it quotes no cell at all: when columns have slipped, any cell may hold a
    name.
    """

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True, repr=False)
class RefusedRow:
    """A row with a problem. ``about`` is ``None`` where even that couldn't be read."""

    line: int
    about: About | None

    def __repr__(self) -> str:
        return f"RefusedRow(line={self.line})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parsed(Generic[R_co]):
    """Every row of the table, as a record in ``rows`` or in ``refused`` with its ``problems``.

    ``readable`` is false when the header itself is wrong: then no row was read, and leaving out bad
    rows can't help. ``ignored_columns`` were in the file and are neither read nor stored.
    ``assumed`` says in a sentence how the file was read.
    """

    rows: tuple[R_co, ...]
    problems: tuple[RowProblem, ...]
    refused: tuple[RefusedRow, ...]
    ignored_columns: tuple[str, ...]
    assumed: str
    readable: bool = True

    def sound(self) -> tuple[R_co, ...]:
        """The rows to take with ``--skip-bad``: those about nobody that a refused row is about.

        Half of what a file says about somebody is worse than nothing: the other half may be a
        refused permission, or the day on which an appointment ended.
        """
        spoilt = {row.about for row in self.refused}
        return tuple(row for row in self.rows if row.about not in spoilt)

    def held(self) -> tuple[int, ...]:
        """The lines that are right and still not sound: those that a refused row takes along."""
        sound = {row.line for row in self.sound()}
        return tuple(row.line for row in self.rows if row.line not in sound)

    def without(self, problems: Iterable[RowProblem]) -> Parsed[R_co]:
        """The same, with the rows that these problems are about refused as well."""
        found = tuple(problems)
        bad = {problem.line for problem in found}
        spoilt = (RefusedRow(row.line, row.about) for row in self.rows if row.line in bad)
        return replace(
            self,
            rows=tuple(row for row in self.rows if row.line not in bad),
            problems=tuple(sorted((*self.problems, *found), key=lambda problem: problem.line)),
            refused=tuple(sorted((*self.refused, *spoilt), key=lambda row: row.line)),
        )

    @property
    def blind(self) -> bool:
        """Whether a refused row may be about anybody: then absence from the file says nothing."""
        return any(row.about is None for row in self.refused)

    def __repr__(self) -> str:
        return f"Parsed({len(self.rows)} rows, {len(self.problems)} problems)"
