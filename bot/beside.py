"""The operator's database, opened to be looked at: beside a running Schoolgate or without one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from bot.settings import SettingsError
from bot.stamping import stamp_of
from bot.wiring import build
from storage import schema
from storage.faults import NotReady


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.application import Application
    from bot.settings import Settings

NO_KEY: Final = "A key is missing: set SCHOOLGATE_KEYS. Make one with: schoolgate keys new"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Application]:
    """An application whose database is open, and nothing else of it. Nothing is written.

    Raises :class:`~bot.settings.SettingsError` without a key, and
    :class:`~storage.faults.NotReady` for a database that can't be used as it is.
    """
    if not settings.keys:
        raise SettingsError((NO_KEY,))
    application = build(settings, stamp=stamp_of(settings), platforms={})
    await application.database.open()
    try:
        problems = await schema.problems(application.database, application.keys, application.stamp)
        if problems:
            raise NotReady("; ".join(problems))
        yield application
    finally:
        await application.database.close()
