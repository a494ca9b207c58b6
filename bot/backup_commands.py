"""``schoolgate backup`` and ``schoolgate restore``: one file, taken while it serves, checked twice.

Exit codes: 0 done; 1 something isn't as it should be, or is there already; 64 wrong usage;
65 not a whole backup; 78 configuration.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.command_line import HERE, Config, Exit, as_sentence, say, settings_of
from bot.keyring import keys_of
from bot.schools import KnownSchools
from bot.system import SystemClock
from moderation.kernel import Conflict
from moderation.words import counted
from storage.archive import BadArchive
from storage.backup import Place, TargetThere, back_up
from storage.pausing import Pausing
from storage.restoring import NotEmpty, put_in_place, unpacked


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.settings import Settings
    from storage.archive import Manifest

NO_KEYS_IN_IT: Final = (
    "The keys are not in it. Whoever restores it needs SCHOOLGATE_KEYS as it is today."
)
STALE: Final = (
    "Pupils, permissions and rights are those of that moment, so all posts are paused. Import "
    "today's lists; then the trust lead (or, without one, each headteacher) starts posts again."
)
WHY: Final = (
    "Schoolgate was restored from {}. Please start posts again once today's lists of pupils, "
    "permissions and people have been imported."
)
BUSY: Final = "Something else is using the database. Stop it, then try again. Nothing was changed."

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to be made, readable by you alone.")],
    config: Config = HERE,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Replace a file of that name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the database and all pictures to one file, while Schoolgate serves."""
    settings = settings_of(config)
    taken = back_up(
        place_of(settings),
        keys_of(settings),
        file,
        at=SystemClock().now(),
        version=version("schoolgate"),
        over=yes,
    )
    try:
        with _busy("Backing up …"):
            made = asyncio.run(taken)
    except TargetThere as there:
        _refuse(f"The file {there}. Name another, or add --yes to replace it", Exit.NOT_SO)
    if as_json:
        say(json.dumps(_data(made.manifest, made.problems) | {"bytes": made.size}))
    else:
        say(
            f"Backed up to {file}: {_contents(made.manifest)}, {made.size / 1e6:,.1f} MB.",
            NO_KEYS_IN_IT,
        )
        _complain("The backup was made, but not all is well with what is in it:", made.problems)
    if made.problems:
        raise typer.Exit(Exit.NOT_SO)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    config: Config = HERE,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Look it through, and change nothing.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(help="A new data folder to restore into, instead of the one in use."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Replace the database that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a backup, and let it be what Schoolgate starts with."""
    settings = settings_of(config)
    place = place_of(settings) if into is None else _place_in(into)
    try:
        with _busy("Looking through the backup …"):
            answer = asyncio.run(
                _restored(file, place, settings, check=check, yes=yes and into is None)
            )
    except BadArchive as wrong:
        _refuse(f"The file {file} can't be restored: {wrong}", Exit.UNREADABLE)
    except NotEmpty:
        _refuse(
            "Something is in the database already, and nothing was changed. To replace it, stop "
            "Schoolgate, take a backup, then add --yes",
            Exit.NOT_SO,
        )
    except Conflict:
        _refuse(BUSY, Exit.NOT_SO)
    manifest, problems, sentences = answer
    if as_json:
        say(json.dumps(_data(manifest, problems) | {"sentences": sentences}))
    else:
        say(*sentences)
        _complain("Not all is well with this backup:", problems)
    if problems:
        raise typer.Exit(Exit.NOT_SO)


async def _restored(
    file: Path, place: Place, settings: Settings, *, check: bool, yes: bool
) -> tuple[Manifest, tuple[str, ...], list[str]]:
    keys, now = keys_of(settings), SystemClock().now()
    async with unpacked(file, keys, beside=place.data, at=now) as found:
        manifest = found.manifest
        when = manifest.made_at.astimezone(ZoneInfo(settings.trust.time_zone))
        named = f"the backup of {when:%-d %B %Y, %H:%M}"
        if found.problems:
            return manifest, found.problems, []
        if check:
            whole = f"This is {named}, and it is whole: {_contents(manifest)}."
            return manifest, (), [whole, "Your keys open all of it."]
        pausing = _pausing(settings, now, WHY.format(named))
        aside = await put_in_place(found, place, keys, at=now, over=yes, pausing=pausing)
    sentences = [f"Restored {named}: {_contents(manifest)}.", STALE]
    if found.unsure:
        sentences.append(
            f"{counted(found.unsure, 'post')} may have gone out since it was made: look at the "
            "accounts before you start Schoolgate."
        )
    if aside is not None:
        sentences.append(f"The database before is kept as {aside}. Delete it when all is well.")
    return manifest, (), sentences


def _pausing(settings: Settings, now: datetime, reason: str) -> Pausing:
    schools = KnownSchools(settings)
    day = now.astimezone(schools.zone).date()
    return Pausing(trust=schools.trust, schools=schools.ids(), day=day, reason=reason)


def place_of(settings: Settings) -> Place:
    """Where the settings keep the database and the pictures."""
    return Place(url=settings.database_url.get_secret_value(), data=settings.paths.data)


def _place_in(folder: Path) -> Place:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        _refuse(f"The folder {folder} isn't empty. Name a new folder", Exit.NOT_SO)
    folder = folder.absolute()
    return Place(url=f"sqlite:///{folder / 'schoolgate.db'}", data=folder)


def _contents(manifest: Manifest) -> str:
    parts = (
        counted(sum(manifest.rows.values()), "row"),
        counted(manifest.pictures, "picture"),
        f"the record to line {manifest.events:,}",
    )
    return ", ".join(parts)


def _data(manifest: Manifest, problems: tuple[str, ...]) -> dict[str, Any]:
    return {
        "fine": not problems,
        "problems": list(problems),
        "made_at": manifest.made_at.isoformat(),
        "version": manifest.version,
        "revision": manifest.revision,
        "rows": dict(manifest.rows),
        "pictures": manifest.pictures,
        "events": manifest.events,
        "keys": list(manifest.keys),
    }


def _complain(headline: str, problems: tuple[str, ...]) -> None:
    if problems:
        say(headline, *map(as_sentence, problems), error=True)


def _refuse(sentence: str, code: Exit) -> NoReturn:
    say(as_sentence(sentence), error=True)
    raise typer.Exit(code)


@contextmanager
def _busy(doing: str) -> Iterator[None]:
    """A sign of life on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(doing):
        yield
