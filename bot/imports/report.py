"""What came of one file: plain data, ready to be printed or written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.imports.parsed import RowProblem
from moderation.imports.model import BatchId, Counts, Kind
from moderation.kernel import PersonId, SchoolId


class Outcome(StrEnum):
    """How it ended, or how it would. Its value stands in the JSON."""

    DONE = "done"
    NOTHING = "nothing_new"
    REFUSED = "refused"
    HEADINGS = "headings_needed"
    TYPES = "types_needed"
    NUMBER_NEEDED = "number_needed"
    WAITING = "waiting_for_a_yes"
    NOT_CONFIRMED = "not_confirmed"
    NO_SUCH_PERSON = "no_such_person"


DONE, REFUSED, CONFIRMATION_NEEDED, USAGE = 0, 1, 3, 64
EXITS = {
    Outcome.DONE: DONE,
    Outcome.NOTHING: DONE,
    Outcome.REFUSED: REFUSED,
    Outcome.HEADINGS: CONFIRMATION_NEEDED,
    Outcome.TYPES: CONFIRMATION_NEEDED,
    Outcome.NUMBER_NEEDED: CONFIRMATION_NEEDED,
    Outcome.WAITING: CONFIRMATION_NEEDED,
    Outcome.NOT_CONFIRMED: CONFIRMATION_NEEDED,
    Outcome.NO_SUCH_PERSON: USAGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One difference: the id of a person or account, how it differs, and in what.

    Never made for files about pupils: their counts are all that is shown.
    """

    id: str
    how: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who is asked to say yes for one school, by id and by name."""

    school: SchoolId
    of: str
    people: tuple[PersonId, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``sentences`` say what came of it and what to do next; ``notes`` what else is worth knowing.

    ``refused`` counts rows. ``closing`` is the number of pupils who would leave.
    """

    kind: Kind
    outcome: Outcome
    assumed: str
    ignored: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    refused: int = 0
    dry_run: bool = False
    counts: Counts | None = None
    summary: str = ""
    schools: Mapping[SchoolId, Counts] = field(default_factory=dict)
    closing: int | None = None
    details: tuple[Detail, ...] = ()
    rights: tuple[str, ...] = ()
    asked: tuple[Question, ...] = ()
    batch: BatchId | None = None
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit(self) -> int:
        """0 done, 1 rows were refused (others may be imported), 3 confirmation needed, 64 usage.

        A dry run that could be shown is done, whatever the import itself would still need.
        """
        code = EXITS[self.outcome]
        if self.dry_run and code == CONFIRMATION_NEEDED:
            code = DONE
        return REFUSED if code == DONE and self.problems else code

    @property
    def written(self) -> bool:
        """Whether the register is as the file says now."""
        return self.outcome is Outcome.DONE and not self.dry_run

    def as_json(self) -> dict[str, Any]:
        """One object of plain values; every key is always there."""
        return {
            "kind": self.kind.value,
            "outcome": self.outcome.value,
            "exit": self.exit,
            "dry_run": self.dry_run,
            "written": self.written,
            "read_as": self.assumed,
            "ignored_columns": list(self.ignored),
            "refused_rows": self.refused,
            "problems": [asdict(problem) for problem in self.problems],
            "difference": None if self.counts is None else asdict(self.counts),
            "schools": {school: asdict(counts) for school, counts in self.schools.items()},
            "closing": self.closing,
            "details": [asdict(detail) for detail in self.details],
            "rights": list(self.rights),
            "asked": [asdict(question) for question in self.asked],
            "import": self.batch,
            "sentences": list(self.sentences),
            "notes": list(self.notes),
        }
