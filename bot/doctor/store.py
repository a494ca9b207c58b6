"""The database: reachable, of this version, untouched, and sealed with the keys at hand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.doctor.model import Problem, error, from_refusal, warning
from bot.stamping import stamp_of
from storage import schema
from storage.crypto import Keys
from storage.database import Database
from storage.faults import NotReady, StoreFault
from storage.reach import Standing


if TYPE_CHECKING:
    from bot.settings import Settings

ANOTHER: Final = "Name the right database in database.url."
AWAY: Final = "Is it running, and does database.url name the right one?"


async def look(settings: Settings) -> tuple[tuple[Problem, ...], bool]:
    """Everything wrong with it, and whether the people in it can be looked at. Writes nothing."""
    url = settings.database_url.get_secret_value()
    try:
        standing = await asyncio.to_thread(schema.standing, url)
        problems = _standing(standing, auto_upgrade=settings.auto_upgrade)
        if standing not in (Standing.CURRENT, Standing.NEWER):
            return problems, False
        found = await asyncio.to_thread(schema.check, url)
        found += await _fitting(url, settings)
    except NotReady as wrong:
        return from_refusal("database", (str(wrong),), ANOTHER), False
    except StoreFault as wrong:
        said = f"The database can't be used ({wrong.kind})."
        return (error("database", said, AWAY),), False
    refused = from_refusal("database", dict.fromkeys(found), ANOTHER)
    return (*problems, *refused), not refused and bool(settings.keys)


def _standing(standing: Standing, *, auto_upgrade: bool) -> tuple[Problem, ...]:
    match standing:
        case Standing.NONE if not auto_upgrade:
            return (error("no_database", "There is no database yet.", "schoolgate db upgrade"),)
        case Standing.BEHIND if not auto_upgrade:
            said = f"The database is older than this program, which needs {schema.head()}."
            return (error("database_behind", said, "schoolgate db upgrade"),)
        case Standing.BEHIND:
            said = "The next start brings the database up to date."
            remedy = "Take a backup before it: schoolgate backup FILE"
            return (warning("database_behind", said, remedy),)
        case Standing.NEWER:
            said = "A newer Schoolgate made this database; this one serves on it."
            remedy = "Install the newer one again as soon as you can."
            return (warning("database_newer", said, remedy),)
        case Standing.TOO_NEW:
            said = "A newer Schoolgate made this database, and this one can't serve on it."
            remedy = "Install that version again, or restore the backup from before the upgrade."
            return (error("database_too_new", said, remedy),)
        case _:
            return ()


async def _fitting(url: str, settings: Settings) -> tuple[str, ...]:
    """What only an opened database tells: its stamp, and whether the keys fit."""
    if not settings.keys:
        return ()
    database = Database(url)
    await database.open()
    try:
        keys = Keys(tuple(key.get_secret_value() for key in settings.keys))
        return await schema.problems(database, keys, stamp_of(settings))
    finally:
        await database.close()
