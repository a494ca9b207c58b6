"""The schema: made, brought to head, and checked before anything is served.

    upgrade(url, stamp=Stamp.REAL, at=now)   make or migrate; the stamp is written once, when made
    current(url)                             the revision that the database is at, or None
    standing(url)                            how it stands to this program
    check(url)                               what is wrong with it, in plain sentences
    await ready(database, keys, stamp)       the same before the start, for an opened database

All but the last are for the command line, and sync.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from moderation.kernel import CorruptStore
from storage import (
    acceptance_tables,
    audit_tables,
    database as db,
    delivery_tables,
    guards,
    hold_tables,
    home_tables,
    incident_tables,
    jotting_tables,
    kept_name_tables,
    likeness_tables,
    link_tables,
    notice_tables,
    operating_tables,
    picture_tables,
    reach,
    reference_tables,
    tables as t,
    tally_tables,
    word_tables,
)
from storage.crypto import place
from storage.database import Stamp
from storage.faults import NotReady
from storage.reach import Standing
from storage.session import translated


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection, Engine

    from storage.crypto import Keys


metadata = t.metadata
MODULES = (
    acceptance_tables,
    audit_tables,
    delivery_tables,
    hold_tables,
    home_tables,
    incident_tables,
    jotting_tables,
    kept_name_tables,
    likeness_tables,
    link_tables,
    notice_tables,
    operating_tables,
    picture_tables,
    reference_tables,
    tally_tables,
    word_tables,
)
"""Whose tables stand in ``metadata`` because they are imported; a test counts them."""
MIGRATION_LOCK = 0x5C4002
UPGRADE = "run schoolgate db upgrade"
KEY_CHECK = b"schoolgate"
KEYS_DONT_FIT = (
    "the keys don't fit this database: SCHOOLGATE_KEYS must hold every key that still seals "
    "something in it. To see which: schoolgate keys check"
)
_OTHER: Final[Mapping[Stamp, str]] = {
    Stamp.REAL: "a demonstration never goes to real people, so name another in database.url",
    Stamp.DEMO: "neither a demonstration nor Teams' playground opens a school's own, so name "
    "another in database.url, or set chat.teams.mode to service",
}
"""What to do about a database for another use, by what is wanted."""


def upgrade(url: str, *, stamp: Stamp = Stamp.REAL, at: datetime) -> None:
    """Bring the database to head, making it where there is none. Stamped only when it is made.

    One that a newer program made, and on which this one may serve, is left as it is. Raises
    :class:`~storage.faults.NotReady` for one on which it may not, for an older one that is for
    another use, and for a place SQLite can't be kept in; :class:`~storage.faults.StoreFault` when
    the driver fails.
    """
    parsed = db.parsed(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(str(parsed.database))
        db.check_place(path)
        db.create_private(path)
    with _connection(url) as connection:
        if connection.dialect.name == "postgresql":
            # One at a time, and never long in the way of whoever is being served.
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        revision, scripts = _revision(connection), _scripts()
        match reach.standing(connection, revision, scripts):
            case Standing.NEWER:
                return
            case Standing.TOO_NEW:
                raise NotReady(_too_new(revision))
            case found:
                if found is Standing.BEHIND and (wrong := _stamp_problems(connection, stamp)):
                    raise NotReady("; ".join(wrong))
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                reach.write(connection, scripts)
        if revision is None:
            row = {"id": 1, "stamp": stamp.value, "created_at": at}
            connection.execute(t.installation.insert(), row)


def head() -> str:
    """The revision that this program brings a database to."""
    return _scripts().get_current_head() or ""


def current(url: str) -> str | None:
    """The revision that the database is at; ``None`` where nothing was made yet."""
    if not _exists(url):
        return None
    with _connection(url) as connection:
        return _revision(connection)


def standing(url: str) -> Standing:
    """How the database stands to this program; ``NONE`` where nothing was made yet."""
    if not _exists(url):
        return Standing.NONE
    with _connection(url) as connection:
        return reach.standing(connection, _revision(connection), _scripts())


def check(url: str) -> tuple[str, ...]:
    """Everything that is wrong, in plain sentences; nothing when the database is as it should be.

    One head, at head, every table and column as this version says, every guard in place. Of a newer
    program's tables nothing is said: it checks them itself.
    """
    heads = _scripts().get_heads()
    if len(heads) != 1:
        return (f"the migrations have {len(heads)} heads, not one",)
    if not _exists(url):
        return (f"there is no database yet: {UPGRADE}",)
    with _connection(url) as connection:
        problems = _problems(connection)
        revision = _revision(connection)
        if not problems and revision == heads[0]:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, metadata)
            problems += tuple(
                f"the tables aren't as this version says: {_named(found)}" for found in differences
            )
        return problems


async def ready(database: db.Database, keys: Keys, stamp: Stamp) -> None:
    """Refuse a database that this program can't serve, that lacks a guard or is for another use.

    Also remembers the key that seals, and refuses keys that can't open what was sealed. Raises
    :class:`~storage.faults.NotReady`.
    """
    found = await problems(database, keys, stamp)
    if found:
        raise NotReady("; ".join(found))
    async with database.writing() as connection:
        await connection.run_sync(_remember_key, keys)
        await connection.commit()


async def problems(database: db.Database, keys: Keys, stamp: Stamp) -> tuple[str, ...]:
    """All that :func:`ready` would refuse, in plain sentences. Writes nothing."""
    async with database.reading() as connection:
        found = await connection.run_sync(_problems)
        if found:
            return found
        return (
            *await connection.run_sync(_stamp_problems, stamp),
            *await connection.run_sync(_key_problems, keys),
        )


# -- inner ---------------------------------------------------------------------------------------


def _problems(connection: Connection) -> tuple[str, ...]:
    revision, scripts = _revision(connection), _scripts()
    match reach.standing(connection, revision, scripts):
        case Standing.NONE:
            return (f"there is no database yet: {UPGRADE}",)
        case Standing.BEHIND:
            head = scripts.get_current_head()
            return (f"the database is at {revision} and this version needs {head}: {UPGRADE}",)
        case Standing.TOO_NEW:
            return (_too_new(revision),)
        case Standing.CURRENT | Standing.NEWER:
            pass
        case _ as never:
            assert_never(never)
    return tuple(
        f"the guard {name} is missing or altered. Somebody changed the database by hand: restore "
        "a backup, or find out why before you make it again"
        for name in guards.missing(connection)
    )


def _too_new(revision: str | None) -> str:
    return (
        f"a newer Schoolgate made this database ({revision}), and this one can't serve on it: "
        "install that version again, or restore the backup from before the upgrade"
    )


def _stamp_problems(connection: Connection, wanted: Stamp) -> tuple[str, ...]:
    found = connection.execute(sa.select(t.installation.c.stamp)).scalar_one_or_none()
    if found == wanted.value:
        return ()
    if found is None:
        return ("the database was never stamped: it wasn't made by schoolgate db upgrade",)
    told = f"this is a {found} database, and this start is for a {wanted.value} one"
    return (f"{told}: {_OTHER[wanted]}",)


def _key_problems(connection: Connection, keys: Keys) -> tuple[str, ...]:
    """Every key ever used must still be given."""
    for row in connection.execute(sa.select(t.key_check)):
        key_id, body = bytes(row.key_id), bytes(row.body)
        if key_id not in keys.ids or not _opens(keys, key_id, body):
            return (KEYS_DONT_FIT,)
    return ()


def _remember_key(connection: Connection, keys: Keys) -> None:
    """The one that seals from now on."""
    rows = connection.execute(sa.select(t.key_check.c.key_id)).scalars()
    known = {bytes(key_id) for key_id in rows}
    if keys.first_id not in known:
        sealed = keys.seal(KEY_CHECK, place("key_check", "body", keys.first_id.hex()))
        connection.execute(t.key_check.insert(), {"key_id": keys.first_id, "body": sealed})


def _opens(keys: Keys, key_id: bytes, body: bytes) -> bool:
    try:
        return keys.open(body, place("key_check", "body", key_id.hex())) == KEY_CHECK
    except CorruptStore:
        return False


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _named(difference: object) -> str:
    """Which table, index or column differs and how, from Alembic's nested tuples."""
    inner = difference[0] if isinstance(difference, list) else difference
    parts = inner if isinstance(inner, tuple) else (inner,)
    what, *names = (str(getattr(part, "name", part)) for part in parts if part is not None)
    how, _, kind = what.partition("_")
    told = " ".join((kind.replace("_", " "), *names))
    match how:
        case "add":
            return f"{told} is missing"
        case "remove":
            return f"{told} is there, and this version doesn't know it"
        case _:
            return f"{told} is another"


def _config() -> Config:
    found = find_spec("migrations")
    if found is None or found.origin is None:
        raise NotReady("the migrations are not installed with this program")
    config = Config()
    config.set_main_option("script_location", str(Path(found.origin).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _exists(url: str) -> bool:
    parsed = db.parsed(url)
    return parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists()


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """One transaction on a plain connection; kept when the block ends well."""
    engine = _engine(url)
    fault = None
    try:
        with engine.begin() as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        fault = translated(error)
    finally:
        engine.dispose()
    if fault is not None:
        raise fault


def _engine(url: str) -> Engine:
    parsed = db.parsed(url)
    engine = sa.create_engine(parsed, hide_parameters=True, poolclass=sa.pool.NullPool)
    if parsed.get_backend_name() == "sqlite":
        db.own_transactions(engine, "BEGIN IMMEDIATE")
    return engine
