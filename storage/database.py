"""The engines, and how a transaction begins. SQLite for one server, PostgreSQL for several.

SQLite: two pools on one file. One connection writes (BEGIN IMMEDIATE, behind one asyncio lock:
twenty writers then wait 0.14 s instead of 1.5 s at the worst), the others only read. Each
connection's settings are read back, because a misspelt PRAGMA is silently ignored.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
import stat
from contextlib import asynccontextmanager, nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import sqlite_driver
from storage.faults import NotReady, StoreFault
from storage.session import translated


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.engine import URL, Connection, Engine


class Stamp(StrEnum):
    """What a database is for; written once, when it is made."""

    DEMO = "demo"
    REAL = "real"


PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "busy_timeout": ("5000", 5000),
    "foreign_keys": ("ON", 1),
    "synchronous": ("FULL", 2),  # evidence: a power cut may not take the last commits
    "recursive_triggers": ("ON", 1),  # else REPLACE deletes without its trigger
    "trusted_schema": ("OFF", 0),
    "secure_delete": ("ON", 1),  # erased means overwritten
}
"""What is set on every SQLite connection, and what reading it back must say."""

POSTGRESQL: dict[str, Any] = {
    "application_name": "schoolgate",
    "connect_timeout": 5,
    # Seconds and milliseconds: a server that has gone away is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    # Whoever holds a row and has stopped, however that came, lets go; whoever waits hears of it.
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
}
"""libpq's connection parameters; by themselves it waits for ever."""

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs", "glusterfs"}
    | {"ceph", "lustre", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.glusterfs"}
)
PRIVATE = 0o600
OTHERS = """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE application_name = 'schoolgate' AND datname = current_database()
      AND pid <> pg_backend_pid()
"""


def parsed(url: str) -> URL:
    """The address with the driver we use. Raises :class:`NotReady` for any other database."""
    try:
        found = make_url(url)
    except sa.exc.ArgumentError:
        found = None
    if found is None:
        raise NotReady("the database address isn't a URL such as sqlite:///data/schoolgate.db")
    match found.get_backend_name():
        case "sqlite":
            if not found.database or found.database == ":memory:" or found.query:
                raise NotReady("SQLite needs a file: sqlite:///data/schoolgate.db")
            return found.set(drivername="sqlite")
        case "postgresql":
            return found.set(drivername="postgresql+psycopg")
        case other:
            raise NotReady(f"{other} is not supported: use sqlite or postgresql")


class Database:
    """One database, opened by :meth:`open` and closed by :meth:`close`."""

    def __init__(self, url: str, *, readers: int = 5) -> None:
        self._url = parsed(url)
        self._readers = readers
        self._write_engine: AsyncEngine | None = None
        self._read_engine: AsyncEngine | None = None
        self._writing = asyncio.Lock()
        self._claimed: int | None = None
        self._snapshot: dict[str, Any] = {}
        if self.dialect == "postgresql":
            self._snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._url.get_backend_name()

    @property
    def url(self) -> URL:
        """Its address; printing it hides the password."""
        return self._url

    @property
    def path(self) -> Path | None:
        """The SQLite file."""
        return Path(str(self._url.database)) if self.dialect == "sqlite" else None

    async def open(self) -> None:
        """Make the engines and try them. Raises :class:`NotReady`.

        Whether schema, stamp and key are right is asked by :func:`storage.schema.ready`.
        """
        if self.path is None:
            self._write_engine = self._read_engine = create_async_engine(
                self._url,
                hide_parameters=True,
                pool_size=self._readers,
                max_overflow=self._readers,
                pool_pre_ping=True,
                connect_args=POSTGRESQL,
            )
            return
        check_place(self.path)
        if not self.path.exists():
            raise NotReady(f"there is no database at {self.path}: run schoolgate db upgrade")
        keep_private(self.path)
        # At DEBUG it logs every statement with its values, names among them.
        logging.getLogger("aiosqlite").setLevel(logging.WARNING)
        self._write_engine = self._sqlite_engine(pool_size=1, begin="BEGIN IMMEDIATE")
        self._read_engine = self._sqlite_engine(pool_size=self._readers, begin="BEGIN")
        event.listen(self._read_engine.sync_engine, "connect", _only_read)

    def _sqlite_engine(self, *, pool_size: int, begin: str) -> AsyncEngine:
        engine = create_async_engine(
            self._url.set(drivername="sqlite+aiosqlite"),
            module=sqlite_driver.driver(),
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            connect_args={"factory": EndsWhenClosed},
        )
        own_transactions(engine.sync_engine, begin)
        return engine

    async def close(self) -> None:
        """Give every connection back and release the file. Harmless when not open."""
        for engine in (self._write_engine, self._read_engine):
            if engine is not None:
                await engine.dispose()
        self._write_engine = self._read_engine = None
        if self._claimed is not None:
            os.close(self._claimed)
            self._claimed = None

    def claim(self) -> None:
        """One `schoolgate run` for each SQLite file. Raises :class:`NotReady` for a second one.

        Other commands may still open the file beside it.
        """
        if self.path is None:
            return
        lock = os.open(f"{self.path}.run", os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise NotReady(
                f"another schoolgate run is using {self.path}. Stop that one first"
            ) from None
        self._claimed = lock

    async def is_served(self) -> bool:
        """Whether a Schoolgate is running on this database, other than this object.

        SQLite: somebody holds the file's claim. PostgreSQL: another of our sessions is open, which
        may also be a command that is just running.
        """
        if self.path is None:
            async with self.reading() as connection:
                return bool((await connection.execute(sa.text(OTHERS))).scalar_one())
        if self._claimed is not None:
            return False
        other = Database(f"sqlite:///{self.path}")
        try:
            other.claim()
        except NotReady:
            return True
        await other.close()
        return False

    def in_use(self) -> int:
        """Connections that are lent out at this moment; none when nobody is at work."""
        engines = {
            id(engine): engine for engine in (self._write_engine, self._read_engine) if engine
        }
        pools = [engine.pool for engine in engines.values()]
        return sum(pool.checkedout() for pool in pools if isinstance(pool, sa.QueuePool))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write. Whoever wants it kept commits; else it is rolled back."""
        engine = _opened(self._write_engine)
        lock = self._writing if self.path is not None else nullcontext()
        async with lock, _begun(engine, {}) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One snapshot, and nothing can be written through it."""
        async with _begun(_opened(self._read_engine), self._snapshot) as connection:
            yield connection
            # psycopg forgets what it has prepared when a transaction is rolled back.
            await connection.commit()


@asynccontextmanager
async def _begun(engine: AsyncEngine, options: dict[str, Any]) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction. When the driver can't, its words are left behind."""
    fault = None
    try:
        async with engine.connect() as connection:
            await connection.execution_options(**options)
            await connection.begin()
            yield connection
    except sa.exc.DBAPIError as error:
        fault = translated(error)
    except sa.exc.TimeoutError:
        fault = StoreFault("NoConnectionFree")
    if fault is not None:
        raise fault


def _opened(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise NotReady("the database isn't open")
    return engine


# -- SQLite --------------------------------------------------------------------------------------


class EndsWhenClosed(sqlite3.Connection):
    """Closed within a transaction, it ends the transaction at once.

    SQLite keeps a closed connection and its write lock until the last of its statements is gone,
    and whoever was cut off may hold one in a traceback: nobody else could write meanwhile.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # closed already, or broken: there is nothing left to end
            self.rollback()
        super().close()


def own_transactions(engine: Engine, begin: str) -> None:
    """Set and check the PRAGMAs of each connection, and begin transactions ourselves.

    The driver's own way begins none for SELECT or DDL.
    """
    event.listen(engine, "connect", prepare)

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", on_begin)


def prepare(connection: Any, _record: object = None) -> None:  # noqa: ANN401 -- DBAPI has no types
    """Set every PRAGMA and read it back. Raises :class:`NotReady` where one doesn't hold."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, (value, wanted) in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
        cursor.fetchall()
        cursor.execute(f"PRAGMA {name}")
        [(found,)] = cursor.fetchall()
        if found != wanted:
            raise NotReady(f"SQLite doesn't keep PRAGMA {name} = {value}")
    cursor.close()


def _only_read(connection: Any, _record: object) -> None:  # noqa: ANN401
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def keep_private(path: Path) -> None:
    """Only our own user may read the file; SQLite gives its journals the same mode."""
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if name.exists() and stat.S_IMODE(name.stat().st_mode) != PRIVATE:
            name.chmod(PRIVATE)


def create_private(path: Path) -> None:
    """Make the folder and an empty file that nobody else may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    keep_private(path)


def check_place(path: Path, mounts: str | None = None) -> None:
    """Refuse a network file system: SQLite's write-ahead log breaks there.

    ``mounts`` is the text of Linux's /proc/self/mountinfo (proc(5)); where there is none, nothing
    is refused.
    """
    source = Path("/proc/self/mountinfo")
    if mounts is None:
        mounts = source.read_text(encoding="utf-8") if source.exists() else ""
    where = path.absolute().resolve()
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " "))
        if (where == point or point in where.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    if kind in NETWORK_FILE_SYSTEMS:
        raise NotReady(
            f"{path} is on a network file system ({kind}), where SQLite loses data: "
            "use a local disk, or PostgreSQL"
        )
