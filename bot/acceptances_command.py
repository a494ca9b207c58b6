"""``schoolgate acceptances``: who has accepted each school's policy, in which edition and when.

Beside a running Schoolgate, or without one. Exit codes: 0 everybody has, or nobody is asked; 1
somebody hasn't; 64 wrong usage; 78 configuration.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.settings import SettingsError
from bot.settings_values import MAKE_A_KEY
from bot.stamping import stamp_of
from bot.wiring import build
from storage import schema


if TYPE_CHECKING:
    from datetime import datetime

    from bot.application import Application
    from bot.settings import Settings
    from moderation.acceptances.model import Acceptance
    from storage.unit_of_work import Unit

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Answer with a table for a spreadsheet.")]

NOBODY: Final = "No school asks its people to accept its policy: see accept_policy."
HEADINGS: Final = ("person", "name", "school", "policy", "edition", "accepted", "where")
NOT_YET: Final = "not yet"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person and one edition. ``current``: the one asked for today; an older one is history."""

    person: str
    name: str
    school: str
    policy: str
    edition: str
    accepted: str
    where: str
    current: bool

    def cells(self) -> tuple[str, ...]:
        """As a table shows it."""
        return (
            self.person,
            self.name,
            self.school,
            self.policy,
            self.edition,
            self.accepted or NOT_YET,
            self.where or "-",
        )


def acceptances(config: Config = HERE, *, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """List who has accepted the policy, in which edition and when, and who hasn't."""
    lines = asyncio.run(_read(settings_of(config)))
    if as_json:
        say(json.dumps({"acceptances": [asdict(line) for line in lines]}))
    elif as_csv:
        say(_csv(lines))
    elif not lines:
        say(NOBODY)
    else:
        say(*_table(lines))
    if any(line.current and not line.accepted for line in lines):
        raise typer.Exit(Exit.NOT_SO)


async def _read(settings: Settings) -> tuple[Line, ...]:
    if not settings.keys:
        raise SettingsError((f"A key is missing: set SCHOOLGATE_KEYS. {MAKE_A_KEY}",))
    application = build(settings, stamp=stamp_of(settings), platforms={})
    await application.database.open()
    try:
        await schema.ready(application.database, application.keys, application.stamp)
        async with application.units.read() as unit:
            return await gather(application, unit)
    finally:
        await application.database.close()


async def gather(application: Application, unit: Unit) -> tuple[Line, ...]:
    """Everybody with a role today at a school that asks, and every edition ever accepted there."""
    schools, now = application.schools, application.clock.now()
    today = now.astimezone(schools.zone).date()
    kept: dict[tuple[str, str], list[Acceptance]] = {}
    for one in await unit.acceptances.all():
        kept.setdefault((one.person, one.policy), []).append(one)
    found: list[Line] = []
    for school in dict.fromkeys((*schools.ids(), schools.trust)):
        pack = await unit.packs.current(school)
        asked_for = pack.settings.accept_policy
        for person in await unit.people.at(frozenset({school})):
            theirs = kept.get((person.id, pack.id), [])
            editions = [(one.version, one.at, one.where) for one in theirs]
            waits = asked_for and all(edition != asked_for for edition, _, _ in editions)
            if not person.roles(school, today):
                continue
            rows: list[tuple[str, datetime | None, str]] = [*editions]
            if waits:
                rows.append((asked_for, None, ""))
            found += [
                Line(
                    person=person.id,
                    name=person.name,
                    school=school,
                    policy=pack.id,
                    edition=edition,
                    accepted="" if at is None else at.astimezone(schools.zone).isoformat(),
                    where=where,
                    current=edition == asked_for,
                )
                for edition, at, where in rows
            ]
    return tuple(found)


def _table(lines: tuple[Line, ...]) -> list[str]:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _csv(lines: tuple[Line, ...]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for line in lines:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line.cells()])
    return out.getvalue().rstrip("\n")
