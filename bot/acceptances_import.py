"""``schoolgate import-acceptances``: who accepted the policy elsewhere, by a list of the school's.

The list is a table with a line for each person: who (``person``, as our own list shows it, or
``email``), when (``accepted``), and, unless the options say it for all, which ``edition`` and
``where``. It is taken whole or not at all; whoever hasn't accepted yet is left out. Each acceptance
stands in the record, as the operator's. What is accepted can't be taken back, so an edition that
nobody here knows, such as a slip of the keyboard, is taken only with ``--older``.

Exit codes: 0 done; 64 wrong usage; 65 a list that can't be read, or a line that can't be right; 70
others were writing; 78 configuration.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.application import Application
from bot.beside import opened
from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.imports.dates import NoDate, read_day
from bot.tables import TableError, read_table
from moderation.acceptances.commands import AcceptedElsewhere
from moderation.acceptances.refusals import Refusal
from moderation.kernel import (
    Accepted,
    Asked,
    Conflict,
    Operator,
    PersonId,
    Refused,
    SchoolId,
)
from moderation.policies.settings import BOUNDS, Words
from moderation.words import capital, counted


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from bot.tables import Table

WHO: Final = ("person", "person_id", "email", "e_mail", "work_email")
WHEN: Final = ("accepted", "accepted_on", "date_accepted", "confirmed_on", "date")
EDITION: Final = ("edition", "version")
WHERE: Final = ("where", "system")
NOT_YET: Final = frozenset({"", "-", "no", "not yet"})
PLACE: Final = re.compile(r"[^\W_][\w .&'/-]{0,39}")
MOST_PROBLEMS: Final = 10
NOTHING: Final = "Nothing was noted."
BUSY: Final = "The register is busy just now. Please try again."
NOWHERE: Final = "They work nowhere at this school today."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as read; ``problem`` is what is wrong with it, "" where nothing is."""

    line: int
    person: PersonId | None = None
    edition: str = ""
    accepted: datetime | None = None
    where: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say for every line."""

    school: SchoolId
    edition: str
    where: str
    older: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What lines are read against. ``today`` is the edition that is asked for, "" where none is.

    ``people`` by their id and by their address in lower case; ``editions`` known here.
    """

    people: Mapping[str, PersonId]
    today: str
    editions: frozenset[str]
    application: Application


class Wrong(Exception):
    """The list can't be taken: every sentence there is to say."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def import_acceptances(
    file: Annotated[Path, typer.Argument(help="The list: CSV or .xlsx.")],
    school: Annotated[str, typer.Option(help="Whose policy it was; an id of app.yaml.")],
    edition: Annotated[str, typer.Option(help="Which edition, where the list doesn't say.")] = "",
    where: Annotated[
        str, typer.Option(help="Where they said so, such as “HR system” or paper.")
    ] = "",
    config: Config = HERE,
    *,
    older: Annotated[
        bool, typer.Option("--older", help="Take an edition that nobody here has accepted yet.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be noted and write nothing.")
    ] = False,
) -> None:
    """Note who accepted the policy outside the chat, by a list of the school's."""
    settings = settings_of(config)
    known = [place.id for place, _ in settings.policies()]
    if school not in known:
        raise typer.BadParameter(f"there is {', '.join(known)}", param_hint="--school")
    given = Given(
        school=SchoolId(school), edition=edition, where=where, older=older, dry_run=dry_run
    )
    try:
        table = read_table(file, lambda names: any(name in WHO for name in names))
        lines = asyncio.run(_noted(settings, table, given))
    except TableError as wrong:
        say(wrong.about(file), NOTHING, error=True)
        raise typer.Exit(Exit.UNREADABLE) from None
    except Wrong as wrong:
        say(*wrong.sentences, NOTHING, error=True)
        raise typer.Exit(Exit.UNREADABLE) from None
    except Conflict:
        say(BUSY, NOTHING, error=True)
        raise typer.Exit(Exit.OUR_FAULT) from None
    say(*lines)


async def _noted(settings: Settings, table: Table, given: Given) -> tuple[str, ...]:
    async with opened(settings) as application:
        rows = read(table, given, await _here(application, given))
        said = [(row, _command(row, given)) for row in rows]
        commands = [(row, command) for row, command in said if command is not None]
        at = application.clock.now()
        outcomes = await application.service.together(
            [(command, _asked(command, at)) for _, command in commands],
            passing={Refusal.ALREADY},
            store=not given.dry_run,
        )
    refused = [
        f"Line {row.line}: {_why(outcome)}"
        for (row, _), outcome in zip(commands, outcomes, strict=True)
        if isinstance(outcome, Refused) and outcome.codes != {Refusal.ALREADY}
    ]
    if refused:
        raise Wrong(*refused[:MOST_PROBLEMS])
    new = Counter(
        command.version
        for (_, command), outcome in zip(commands, outcomes, strict=True)
        if isinstance(outcome, Accepted)
    )
    before, waiting = len(commands) - new.total(), len(rows) - len(commands)
    counts = (
        *([f"Noted before: {before}."] if before else []),
        *([f"Not yet, by the list: {waiting}."] if waiting else []),
    )
    many = capital(counted(new.total(), "acceptance"))
    if given.dry_run:
        editions = (f"Edition {edition}: {number}." for edition, number in sorted(new.items()))
        return (f"{many} would be noted.", *editions, *counts, NOTHING)
    return (f"{many} noted.", *counts)


def _why(refused: Refused) -> str:
    if refused.codes <= {Refusal.NOT_YOURS, Refusal.UNKNOWN_PERSON}:
        return NOWHERE
    return f"This was refused: {', '.join(sorted(refused.codes))}."


async def _here(application: Application, given: Given) -> Here:
    """Who may stand in the list, and the editions that this school asked for or kept."""
    places = frozenset({given.school, application.schools.trust})
    async with application.units.read() as unit:
        people = await unit.people.at(places)
        pack = await unit.packs.current(given.school)
        kept = await unit.acceptances.all()
    ids = {person.id for person in people}
    editions = {one.version for one in kept if one.policy == pack.id and one.person in ids}
    today = pack.settings.accept_policy
    return Here(
        people={
            **{person.id.casefold(): person.id for person in people},
            **{person.email.casefold(): person.id for person in people if person.email},
        },
        today=today,
        editions=frozenset({*editions, today} - {""}),
        application=application,
    )


def _command(row: Row, given: Given) -> AcceptedElsewhere | None:
    """Nothing for whoever hasn't accepted yet."""
    if row.person is None or row.accepted is None:
        return None
    return AcceptedElsewhere(
        school=given.school,
        person=row.person,
        version=row.edition,
        accepted=row.accepted,
        where=row.where,
    )


def _asked(command: AcceptedElsewhere, at: datetime) -> Asked:
    key = f"elsewhere:{command.school}:{command.person}:{command.version}"
    return Asked(by=Operator(), key=key, at=at)


def read(table: Table, given: Given, here: Here) -> tuple[Row, ...]:
    """Every line. Raises :class:`Wrong` where one of them can't be right."""
    _columns_are_there(table, given)
    rows = tuple(_row(line, cells, given, here) for line, cells in table.rows)
    wrong = [f"Line {row.line}: {row.problem}" for row in rows if row.problem]
    if wrong:
        more = len(wrong) - MOST_PROBLEMS
        raise Wrong(*wrong[:MOST_PROBLEMS], *([f"… and {more} more like these."] * (more > 0)))
    return rows


def _columns_are_there(table: Table, given: Given) -> None:
    wanted = (("who", WHO, ""), ("when", WHEN, ""))
    said = (("edition", EDITION, given.edition), ("where", WHERE, given.where))
    for what, names, otherwise in (*wanted, *said):
        if not otherwise and not set(names) & set(table.columns):
            option = f", or --{what}" if (what, names, otherwise) in said else ""
            raise Wrong(f"No column says {what}: name one {names[0]}{option}.")


def _row(line: int, cells: Mapping[str, str], given: Given, here: Here) -> Row:
    who, day = _cell(cells, WHO), _cell(cells, WHEN)
    person = here.people.get(who.casefold())
    if day.casefold() in NOT_YET:
        return Row(line=line, person=person)
    try:
        accepted = _moment(day, here.application)
    except NoDate as wrong:
        return Row(line=line, problem=str(wrong))
    row = Row(
        line=line,
        person=person,
        edition=_cell(cells, EDITION) or given.edition,
        accepted=accepted,
        where=_cell(cells, WHERE) or given.where,
    )
    return replace(row, problem=" ".join(_problems(row, accepted, given, here)))


def _problems(row: Row, accepted: datetime, given: Given, here: Here) -> Iterator[str]:
    if row.person is None:
        yield "Nobody of this school has this id or address."
    form = BOUNDS["accept_policy"]
    if not row.edition or not (isinstance(form, Words) and re.fullmatch(form.form, row.edition)):
        yield "The edition must be such as 2026-09: letters, digits, dots and dashes."
    elif not given.older and row.edition not in here.editions:
        yield _unknown(row.edition, here.today)
    if not PLACE.fullmatch(row.where):
        yield "Where it was said must be a word or two, such as HR system."
    if accepted > here.application.clock.now():
        yield "That day hasn't come yet."


def _unknown(edition: str, today: str) -> str:
    asked = f"today's edition ({today})" if today else "an edition that is asked for today"
    return (
        f"{edition} is neither {asked} nor one that was accepted here before; if it is right, "
        "say --older."
    )


def _cell(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _moment(text: str, application: Application) -> datetime:
    """A moment as our own list writes it, or the beginning of a day. Raises NoDate."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None:
        return moment
    return datetime.combine(read_day(text), time.min, application.schools.zone)
