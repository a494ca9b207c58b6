"""Whether the store can serve at this moment: it takes a write, and nobody has changed it."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from moderation.kernel import SchoolgateError
from storage import delivery_tables as t, guards, schema
from storage.faults import NotReady
from storage.session import Session


if TYPE_CHECKING:
    from datetime import datetime

    from storage.crypto import Keys
    from storage.database import Database, Stamp


async def probe(database: Database, keys: Keys, stamp: Stamp, at: datetime) -> tuple[str, ...]:
    """What is amiss, as plain keys: ``database``, ``schema``, ``guards``. Never raises for those.

    A row is really written and taken away again in one transaction, so that a full disk shows.
    """
    try:
        async with database.reading() as connection:
            altered = await connection.run_sync(guards.missing)
        if altered:
            return ("guards",)
        await schema.ready(database, keys, stamp)
        async with database.writing() as connection:
            session = Session(connection, keys, writes=True)
            digest = hashlib.sha256(secrets.token_bytes()).hexdigest()
            await session.execute(t.inbox.insert(), {"key_digest": digest, "at": at})
            await session.execute(t.inbox.delete().where(t.inbox.c.key_digest == digest))
            await session.commit()
    except NotReady:
        return ("schema",)
    except (SchoolgateError, SQLAlchemyError, OSError):
        return ("database",)
    return ()
