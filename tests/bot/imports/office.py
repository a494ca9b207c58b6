"""An invented trust's app.yaml and files, as the importing tests need them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bot.tables import Table, parse_table
from moderation.kernel import SchoolId


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.imports.parsed import Parsed, Record


@dataclass(frozen=True, slots=True)
class Place:
    name: str


TODAY = date(2026, 9, 14)
OAKFIELD, HILLSIDE, TRUST = SchoolId("oakfield"), SchoolId("hillside"), SchoolId("brightwater")
SCHOOLS = {
    OAKFIELD: Place("Oakfield Primary School"),
    HILLSIDE: Place("Hillside Academy"),
    TRUST: Place("Brightwater Trust"),
}


def written(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Table:
    """The table that a file with these rows gives; a column that a row lacks is empty."""
    file = io.StringIO()
    names = list(columns)
    writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return parse_table(file.getvalue().encode())


def grids(
    columns: Iterable[str], likely: Iterable[str], anything: st.SearchStrategy[str]
) -> st.SearchStrategy[Table]:
    """Tables whose cells are likely ones, of whatever column, or anything at all."""
    names = tuple(columns)
    cells = st.sampled_from(sorted(likely)) | anything.map(str.strip)
    rows = st.lists(st.fixed_dictionaries(dict.fromkeys(names, cells)), max_size=8)
    return rows.map(
        lambda rows: Table(columns=names, rows=tuple(enumerate(rows, start=2)), assumed="Read so.")
    )


def said(parsed: Parsed[Record]) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.sentence) for problem in parsed.problems]


def assert_whole(table: Table, parsed: Parsed[Record]) -> None:
    """Every row is a record or a problem, never both, and every sentence can be read aloud."""
    taken = [record.line for record in parsed.rows]
    refused = [row.line for row in parsed.refused]
    assert parsed.readable
    assert sorted(taken + refused) == [line for line, _row in table.rows]
    assert {problem.line for problem in parsed.problems} == set(refused)
    for problem in parsed.problems:
        assert problem.sentence[-1] in ".?"
        ours = re.sub(r"“[^”]*”", "it", problem.sentence)  # a cell may hold any number of words
        assert len(ours.split()) <= 25, problem.sentence
        assert "\n" not in problem.sentence
