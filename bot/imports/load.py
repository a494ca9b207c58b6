"""A folder of files, loaded in their order: for the demo and for tests.

The four files stand for a whole trust: ``people.csv``, ``accounts.csv``, ``pupils.csv``,
``consents.csv``. They go through the same desk as an operator's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.imports.desk import Desk, Errand
from bot.imports.reading import Reader
from bot.imports.report import Outcome
from bot.tables import parse_table
from moderation.imports.model import Kind
from moderation.kernel import SchoolgateError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from bot.imports.report import Report
    from bot.tables import Table
    from moderation.people.ports import Schools
    from moderation.ports import Clock, Ids
    from moderation.service import Service, Units


ORDER = (Kind.PEOPLE, Kind.ACCOUNTS, Kind.PUPILS, Kind.CONSENTS)
DATES = frozenset({"from", "until", "opened_on", "closed_on", "given_on", "expires_on"})
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotLoaded(SchoolgateError):
    """A file was not taken whole. Says where and why, without any pupil's name."""


async def load_all(
    folder: Traversable,
    *,
    service: Service,
    units: Units,
    schools: Schools,
    ids: Ids,
    clock: Clock,
    sandbox: bool = False,
    written_on: date | None = None,
) -> tuple[Report, ...]:
    """Import the folder's four files into an empty database; one report for each.

    ``sandbox`` gives everybody a sandbox identity under their person id. With ``written_on`` the
    files are read as if they had been written today: every whole date moves by as many days.

    Raises :class:`NotLoaded` for the first file that isn't taken whole.
    """
    reader = Reader(units=units, schools=schools, ids=ids, sandbox=sandbox)
    desk = Desk(service=service, reader=reader, clock=clock)
    today = clock.now().astimezone(schools.zone).date()
    moved = timedelta() if written_on is None else today - written_on
    reports = []
    for kind in ORDER:
        table = parse_table(folder.joinpath(f"{kind}.csv").read_bytes())
        report = await desk.take(Errand(kind=kind, table=_moved(table, moved)))
        if report.outcome not in (Outcome.DONE, Outcome.NOTHING):
            raise NotLoaded("\n".join(_why(kind, report)))
        reports.append(report)
    return tuple(reports)


def _why(kind: Kind, report: Report) -> Iterator[str]:
    for problem in report.problems:
        yield f"{kind}.csv, line {problem.line}, {problem.column}: {problem.sentence}"
    yield from (f"{kind}.csv: {sentence}" for sentence in report.sentences)


def _moved(table: Table, by: timedelta) -> Table:
    """The same table, as many days later."""
    rows = tuple(
        (line, {column: _later(column, value, by) for column, value in cells.items()})
        for line, cells in table.rows
    )
    return replace(table, rows=rows)


def _later(column: str, value: str, by: timedelta) -> str:
    if column not in DATES or not DAY.fullmatch(value):
        return value
    return (date.fromisoformat(value) + by).isoformat()
