"""The desk on the operator's own database, beside a running Schoolgate or without one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.imports.desk import Desk
from bot.imports.reading import Reader
from bot.settings import SettingsError
from bot.stamping import stamp_of
from bot.wiring import build
from storage import schema


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings


NO_KEY = "A key is missing: set SCHOOLGATE_KEYS. Make one with: schoolgate keys new"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """Open the database for one errand, and make it where there is none and app.yaml allows it.

    It is never migrated here: the process that serves it may be another version. Raises
    :class:`~bot.settings.SettingsError` without a key, and :class:`~storage.faults.NotReady`.
    """
    if not settings.keys:
        raise SettingsError((NO_KEY,))
    application = build(settings, stamp=stamp_of(settings), platforms={})
    url = settings.database_url.get_secret_value()
    if settings.auto_upgrade and await asyncio.to_thread(schema.current, url) is None:
        now = application.clock.now()
        await asyncio.to_thread(schema.upgrade, url, stamp=stamp_of(settings), at=now)
    await application.database.open()
    try:
        await schema.ready(application.database, application.keys, application.stamp)
        yield Desk(
            service=application.service,
            reader=Reader(
                units=application.units, schools=application.schools, ids=application.ids
            ),
            clock=application.clock,
        )
    finally:
        await application.database.close()
