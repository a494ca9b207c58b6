"""``schoolgate import-folder``: what lies in the schools' folders, now rather than at night.

Exit codes: 0 all was taken, or nothing lay there; 1 a file was set aside or not read; 70 our fault;
78 configuration.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.command_line import HERE, Config, say, settings_of
from bot.imports.folder import FOLDER, Came, Tray
from bot.imports.opening import opened
from bot.schools import KnownSchools
from bot.system import SystemClock


if TYPE_CHECKING:
    from bot.imports.folder import Read
    from bot.settings import Settings


NOTHING = "Nothing to read: put pupils….csv or consents….csv (or .xlsx) into {folder}/SCHOOL/."


def import_folder(config: Config = HERE) -> None:
    """Import what schools' systems left in imports/SCHOOL/, as every night."""
    settings = settings_of(config)
    found = asyncio.run(_read(settings))
    if not found:
        say(NOTHING.format(folder=settings.paths.data / FOLDER))
    for read in found:
        say(f"{read.school}/{read.name}: {_words(read)}")
    unread = {Came.SET_ASIDE, Came.UNKNOWN}
    raise typer.Exit(int(any(read.came in unread for read in found)))


async def _read(settings: Settings) -> tuple[Read, ...]:
    async with opened(settings) as desk:
        tray = Tray(
            desk=desk,
            folder=settings.paths.data / FOLDER,
            schools=KnownSchools(settings),
            clock=SystemClock(),
        )
        return await tray.read()


def _words(read: Read) -> str:
    match read.came:
        case Came.TAKEN:
            return "taken, and deleted."
        case Came.LEFT:
            return "left for later: it may still be written to."
        case Came.SET_ASIDE:
            return f"set aside in refused/, with a report.\n{read.why}"
        case Came.UNKNOWN:
            return f"not read. {read.why}"
