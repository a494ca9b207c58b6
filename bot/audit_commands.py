"""``schoolgate audit``: look whether the record is whole, sign it, and export it for a reader."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.audit.export import Wanted, export as write_export
from bot.audit.keeper import Broken
from bot.beside import opened
from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.settings import SettingsError
from bot.settings_values import MAKE_A_KEY
from moderation.kernel import Operator, SchoolId, SubjectRef
from storage.audit import places
from storage.audit.chain import told


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.application import Application
    from bot.audit.keeper import Keeper, Looked
    from moderation.people.model import Pupil
    from storage.audit.places import Held

MOST_SAID: Final = 20
NO_SIGNING_KEY: Final = f"A signing key is missing: set SCHOOLGATE_SIGNING_KEY. {MAKE_A_KEY}"
NO_CHECKPOINT: Final = (
    "There is no checkpoint to hold it against: lines cut off at the end would not show."
)

audit = typer.Typer(help="Check, sign and export the record of who did what.")

File = Annotated[Path, typer.Argument(help="The ZIP to write.")]
Kept = Annotated[
    Path | None, typer.Option(help="A folder or a file of checkpoints that were kept elsewhere.")
]
Day = Annotated[
    str | None, typer.Option(metavar="DAY", help="A day such as 2026-11-21, itself included.")
]


class Unfit(Exception):
    """What was typed doesn't fit this installation. One sentence."""


@audit.command("verify")
def verify(
    config: Config = HERE,
    checkpoints: Kept = None,
) -> None:
    """Walk the whole record, and hold it against checkpoints. Exit 0 when it is whole, else 1."""
    held = _held(checkpoints)

    async def errand() -> Looked:
        async with _keeper(config) as keeper:
            return await keeper.look(by=held)

    looked = asyncio.run(errand())
    _say_problems((*looked.report.problems, *looked.warnings))
    if not looked.whole or looked.warnings:
        raise typer.Exit(Exit.NOT_SO)
    say(f"The record is whole: {looked.report.head.seq:,} lines.")
    if not looked.notes:
        say(NO_CHECKPOINT)
        return
    newest = max(looked.notes, key=lambda note: note.seq)
    count = "one checkpoint" if len(looked.notes) == 1 else f"{len(looked.notes):,} checkpoints"
    say(f"It fits {count}, the newest of {told(newest)} over {newest.seq:,} lines.")


@audit.command("checkpoint")
def checkpoint(config: Config = HERE) -> None:
    """Sign the record as it is now, and give every place its copy."""

    async def errand() -> tuple[str, tuple[str, ...]]:
        async with _keeper(config) as keeper:
            note = await keeper.sign(Operator())
            return str(note), keeper.amiss()

    try:
        note, amiss = asyncio.run(errand())
    except Broken as broken:
        _say_problems(broken.problems)
        say("Nothing was signed: the record doesn't check.", error=True)
        raise typer.Exit(Exit.NOT_SO) from None
    say(note.rstrip("\n"))
    if amiss:
        say(*amiss, error=True)
        raise typer.Exit(Exit.NOT_SO)


@audit.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The ZIP to write.")],
    config: Config = HERE,
    school: Annotated[
        str | None, typer.Option(help="One school's lines; an id of app.yaml.")
    ] = None,
    since: Day = None,
    until: Day = None,
    withhold: Annotated[
        list[str] | None,
        typer.Option(help="pupil:SCHOOL/NUMBER or post:ID; may be given several times."),
    ] = None,
) -> None:
    """Write a copy that a governor can check without us. It is signed and recorded first."""
    if file.exists():
        say(f"{file} is there already, and may be evidence. Choose another name.", error=True)
        raise typer.Exit(Exit.USAGE)
    try:
        wanted = Wanted(
            school=None if school is None else SchoolId(school),
            since=_day(since),
            until=_day(until),
        )

        async def errand() -> tuple[str, ...]:
            async with _application(config) as application:
                return await _exported(application, wanted, tuple(withhold or ()), file)

        problems = asyncio.run(errand())
    except Unfit as wrong:
        say(str(wrong), error=True)
        raise typer.Exit(Exit.UNREADABLE) from None
    if problems:
        _say_problems(problems)
        say("The record doesn't check. It was exported as it is, and not signed.", error=True)
        raise typer.Exit(Exit.NOT_SO)


@audit.callback()
def callback() -> None:
    """Check, sign and export the record of who did what."""


# -- inner ---------------------------------------------------------------------------------------


async def _exported(
    application: Application, wanted: Wanted, withhold: tuple[str, ...], file: Path
) -> tuple[str, ...]:
    if wanted.school is not None and application.schools.get(wanted.school) is None:
        raise Unfit(f"There is no school {wanted.school} in app.yaml.")
    pupils, subjects = [], []
    for named in withhold:
        kind, _, rest = named.partition(":")
        if kind == "pupil" and "/" in rest:
            pupils.append(await _pupil(application, rest))
        elif kind == "post" and rest:
            subjects.append(SubjectRef(kind, rest))
        else:
            raise Unfit("To keep something back, write pupil:SCHOOL/NUMBER or post:ID.")
    wanted = Wanted(
        school=wanted.school,
        since=wanted.since,
        until=wanted.until,
        subjects=frozenset(subjects),
        pupils=tuple(pupils),
    )
    done = await write_export(application.keeper, wanted, file)
    say(
        f"Written to {file}, a ZIP file: {done.shown:,} lines shown, "
        f"{done.in_part:,} without what happened, {done.whole:,} kept back whole.",
        "Whoever reads it needs Python alone: python3 verify.py --checkpoints FOLDER",
    )
    return done.problems


async def _pupil(application: Application, named: str) -> Pupil:
    school, _, number = named.partition("/")
    async with application.units.read() as unit:
        roll = await unit.rolls.pupils(SchoolId(school))
    for pupil in roll:
        if pupil.number == number:
            return pupil
    raise Unfit("There is no pupil of that number on that school's roll.")


@asynccontextmanager
async def _application(config: Path) -> AsyncIterator[Application]:
    settings = settings_of(config)
    if not settings.signing_key:
        raise SettingsError((NO_SIGNING_KEY,))
    async with opened(settings) as application:
        yield application


@asynccontextmanager
async def _keeper(config: Path) -> AsyncIterator[Keeper]:
    async with _application(config) as application:
        yield application.keeper


def _held(where: Path | None) -> Held | None:
    """What the reader kept. Raises ``OSError`` where it isn't there."""
    if where is None:
        return None
    held = places.read(where)
    if not held.notes:
        say(f"There is no checkpoint in {where}.", error=True)
        raise typer.Exit(Exit.UNREADABLE)
    return held


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit("A day is written as 2026-11-21.") from None


def _say_problems(problems: tuple[str, ...]) -> None:
    say(*(f"{problem}." for problem in problems[:MOST_SAID]), error=True)
    if len(problems) > MOST_SAID:
        say(f"… and {len(problems) - MOST_SAID:,} more.", error=True)
