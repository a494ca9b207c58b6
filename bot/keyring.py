"""The operator's sealed values: the database and the pictures, opened to change or count keys."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from bot.settings import SettingsError
from bot.settings_values import MAKE_A_KEY
from storage import schema
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Database
from storage.faults import NotReady
from storage.rotation import Keyring


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings

NO_KEY: Final = f"A key is missing: set SCHOOLGATE_KEYS. {MAKE_A_KEY}"


def keys_of(settings: Settings) -> Keys:
    """Raises :class:`~bot.settings.SettingsError` where none is set."""
    if not settings.keys:
        raise SettingsError((NO_KEY,))
    return Keys(tuple(key.get_secret_value() for key in settings.keys))


def blobs_of(settings: Settings, keys: Keys) -> FileBlobStore:
    """The pictures in the data folder."""
    return FileBlobStore(settings.paths.data / "pictures", keys.seal, keys.open)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Keyring]:
    """The keyring of a database that is of exactly this version, whichever keys it needs.

    Raises :class:`~bot.settings.SettingsError` without a key, and
    :class:`~storage.faults.NotReady` for a database that isn't as it should be.
    """
    keys = keys_of(settings)
    url = settings.database_url.get_secret_value()
    problems = await asyncio.to_thread(schema.check, url)
    if not problems and schema.current(url) != schema.head():
        problems = ("a newer version of Schoolgate made this database: use that one for its keys",)
    if problems:
        raise NotReady("; ".join(problems))
    database = Database(url)
    await database.open()
    try:
        yield Keyring(database, keys, blobs_of(settings, keys))
    finally:
        await database.close()
