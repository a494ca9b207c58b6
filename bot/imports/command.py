"""``schoolgate import``: an office's file into the register.

Exit codes: 0 done; 1 rows were refused (with ``--skip-bad`` the others were imported); 3 nothing
changed yet, because a number or somebody's yes is needed; 64 wrong usage; 65 unreadable file;
70 our fault; 78 configuration.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.imports import answers, headings
from bot.imports.desk import Errand
from bot.imports.opening import opened
from bot.imports.printing import printed
from bot.imports.wording import folded, meant, quoted
from bot.schools import KnownSchools
from bot.tables import TableError, read_table
from moderation.checks.model import Purpose  # noqa: TC001 -- typer reads annotations while running
from moderation.imports.model import Kind
from moderation.kernel import Conflict, PersonId, SchoolId


if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.imports.report import Report
    from bot.settings import Settings


RIGHTS = frozenset({Kind.PEOPLE, Kind.ACCOUNTS})
EXPLAINING = "what consents allow is said for one --school, and --said-by a person of it"
BUSY = "The register is busy just now, and nothing was imported. Please try again."


def import_file(  # noqa: PLR0913, PLR0917 -- as many arguments as the command has options
    kind: Annotated[Kind, typer.Argument(help="What the file is about.")],
    file: Annotated[Path, typer.Argument(help="The file, as the office exports it: CSV or .xlsx.")],
    school: Annotated[
        str | None, typer.Option(help="The school of rows that name none; an id of app.yaml.")
    ] = None,
    closing: Annotated[
        int | None,
        typer.Option(min=0, help="How many pupils leave by this file, as the dry run showed."),
    ] = None,
    confirmed_by: Annotated[
        list[str] | None,
        typer.Option(help="A head who said yes outside the chat, by person id. They are told."),
    ] = None,
    heading: Annotated[
        list[str] | None,
        typer.Option(help='What a heading means: "Chosen name=preferred_forename", or =ignore.'),
    ] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            help='What a type of consent allows: "Social media=photo:facebook", or =ignore.',
        ),
    ] = None,
    purpose: Annotated[
        Purpose | None, typer.Option(help="What a file of one type of consent is about.")
    ] = None,
    scope: Annotated[
        str | None,
        typer.Option(help="And where: an account's id, a network such as facebook, all."),
    ] = None,
    said_by: Annotated[
        str | None, typer.Option(help="Who says what a type of consent allows, by person id.")
    ] = None,
    config: Config = HERE,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the difference and write nothing.")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave rows with a problem out, and take the rest.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Import people, accounts, pupils or consents, whole or not at all."""
    if closing is not None and kind is not Kind.PUPILS:
        raise typer.BadParameter("only pupils leave a roll", param_hint="--closing")
    if confirmed_by and kind not in RIGHTS:
        raise typer.BadParameter("pupils give nobody rights", param_hint="--confirmed-by")
    only = _only(purpose, scope)
    explained = _explained(kind, heading or (), type_ or ())
    if (explained.types or only) and (kind is not Kind.CONSENTS or not said_by or school is None):
        raise typer.BadParameter(EXPLAINING, param_hint="--type")
    settings = settings_of(config)
    where = _school(KnownSchools(settings), kind, school)
    try:
        errand = Errand(
            kind=kind,
            table=read_table(file, headings.knows(kind, explained.headings, explained.types)),
            headings=explained.headings,
            types=explained.types,
            only=only,
            said_by=PersonId(said_by) if said_by else None,
            again=partial(read_table, file),
            school=where,
            dry_run=dry_run,
            skip_bad=skip_bad,
            closing=closing,
            confirmed_by=tuple(map(PersonId, confirmed_by or ())),
        )
    except TableError as wrong:
        _refuse(kind, str(wrong), Exit.UNREADABLE, as_json=as_json)
    try:
        report = asyncio.run(_taken(settings, errand, silent=as_json))
    except Conflict:
        _refuse(kind, BUSY, Exit.OUR_FAULT, as_json=as_json)
    _tell(report, settings, as_json=as_json)
    raise typer.Exit(report.exit)


@dataclass(frozen=True, slots=True)
class _Explained:
    headings: Mapping[str, str]
    types: Mapping[str, str]


def _explained(kind: Kind, heading: Iterable[str], type_: Iterable[str]) -> _Explained:
    """What was typed of headings and of types."""
    try:
        named = headings.answers(kind, heading)
    except headings.NoAnswer as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--heading") from None
    try:
        return _Explained(named, answers.types(type_))
    except answers.NoType as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--type") from None


def _only(purpose: Purpose | None, scope: str | None) -> str:
    if (purpose is None) is not (scope is None):
        raise typer.BadParameter("--purpose and --scope go together", param_hint="--scope")
    if purpose is None or scope is None:
        return ""
    word = f"{purpose.value}:{scope.strip().casefold()}"
    if not answers.matters(word):
        raise typer.BadParameter("an account's id, a network or all", param_hint="--scope")
    return word


def _school(schools: KnownSchools, kind: Kind, written: str | None) -> SchoolId | None:
    """The school that ``--school`` names. Pupils belong to a school, never to the trust."""
    if written is None:
        return None
    known: tuple[SchoolId, ...] = (*schools.ids(), *((schools.trust,) if kind in RIGHTS else ()))
    for place in known:
        if place.casefold() == written.casefold():
            return place
    sentence = f"there is no school {quoted(written)}.{meant(written, folded(known))}"
    raise typer.BadParameter(sentence, param_hint="--school")


async def _taken(settings: Settings, errand: Errand, *, silent: bool) -> Report:
    """The errand done, with a sign of life on a terminal: a roll of thousands takes a while."""
    async with opened(settings) as desk:
        if silent or not sys.stderr.isatty():
            return await desk.take(errand)
        with Console(stderr=True).status("Importing …"):
            return await desk.take(errand)


def _tell(report: Report, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(report.as_json(), ensure_ascii=False))
        return
    schools = KnownSchools(settings)

    def name(school: SchoolId) -> str:
        known = schools.get(school)
        return school if known is None else known.name

    console = Console(highlight=False, markup=False)
    console.print(printed(report, name), end="", soft_wrap=True)


def _refuse(kind: Kind, sentence: str, code: Exit, *, as_json: bool) -> NoReturn:
    """Nothing could be read, or nothing written: one sentence, or the same as an object."""
    if as_json:
        answer = {"kind": kind.value, "outcome": "error", "exit": int(code), "written": False}
        say(json.dumps({**answer, "sentences": [sentence]}, ensure_ascii=False))
    else:
        say(sentence, error=True)
    raise typer.Exit(code)
