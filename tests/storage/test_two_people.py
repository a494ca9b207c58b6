"""The database itself refuses a post without two people, whoever writes to it and how."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import pytest

from moderation.kernel import Asked, SubjectRef, Timer
from moderation.posts.events import Reminded
from storage import guards
from storage.tables import metadata
from tests.databases import units_on
from tests.fakes import samples as some
from tests.storage import attacks


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from storage.database import Database


WATCHED = sorted({guard.table for guard in guards.GUARDS} | {"post"})


class Raw(Protocol):
    """A connection of our drivers."""

    def execute(self, statement: Any, /) -> Any: ...  # noqa: ANN401


@pytest.fixture
async def digests(database: Database) -> Mapping[str, str]:
    """Store the situation that the attacks are written for."""
    units = units_on(database)
    known: dict[str, str] = {}
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        for version, posts in enumerate(attacks.posts()):
            for post in posts:
                await unit.posts.put(post.id, post, version)
                if version:
                    known["old"] = known[f"d{post.id[1]}"]
                known[f"d{post.id[1]}"] = post.revision.digest
        asked = Asked(by=Timer(), key="first", at=some.NOON)
        await unit.record(asked, SubjectRef("post", "p1"), 1, (Reminded(at=some.NOON),), ())
        await unit.commit()
    return known


@contextmanager
def connected(database: Database, setting: str) -> Iterator[Raw]:
    """A connection of the plain driver, with whatever a careless or hostile client would set."""
    if database.path is not None:
        with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
            for pragma in setting.split(", "):
                raw.execute(f"PRAGMA {pragma}")
            yield raw
        return
    url = database.url
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"SET session_replication_role = {setting}".encode())
        yield connection


def dump(raw: Raw) -> list[list[tuple[object, ...]]]:
    schema = "main" if isinstance(raw, sqlite3.Connection) else "public"
    return [
        sorted(raw.execute(f"SELECT * FROM {schema}.{table}").fetchall(), key=repr)
        for table in WATCHED
    ]


def changed(raw: Raw, statements: str) -> bool:
    """Whether this changes anything that is watched. Everything is undone again.

    A refusal must be the database's no; a mistake in the SQL is no refusal.
    """
    before = dump(raw)
    raw.execute("BEGIN")
    try:
        for statement in statements.split("; "):
            raw.execute(statement)
        return dump(raw) != before
    except (sqlite3.IntegrityError, psycopg.errors.IntegrityError):
        return False
    except psycopg.Error as error:
        if error.sqlstate == guards.REFUSAL:
            return False
        raise
    finally:
        raw.execute("ROLLBACK")


SETTINGS = {
    "sqlite": [
        "foreign_keys = ON",
        "foreign_keys = OFF",
        "foreign_keys = OFF, ignore_check_constraints = ON, recursive_triggers = OFF",
    ],
    "postgresql": ["origin", "replica"],
}
"""``replica`` switches every reference and every ordinary trigger off; only a superuser may."""


async def test_every_good_publication_passes(
    database: Database, digests: Mapping[str, str]
) -> None:
    for setting in SETTINGS[database.dialect]:
        with connected(database, setting) as raw:
            for name, statement in attacks.GOOD.items():
                assert changed(raw, statement.format(**digests)), (setting, name)


async def test_every_attack_is_refused(
    database: Database,
    digests: Mapping[str, str],
    record_property: Callable[[str, object], None],
) -> None:
    own = attacks.SQLITE_ATTACKS if database.dialect == "sqlite" else attacks.POSTGRESQL_ATTACKS
    passed = []
    for number, setting in enumerate(SETTINGS[database.dialect]):
        with connected(database, setting) as raw:
            if number == 0:  # something to be replaced, emptied and struck out
                raw.execute(attacks.GOOD["head counts as second"].format(**digests))
            passed += [
                (setting, name)
                for name, statements in (attacks.ATTACKS | own).items()
                if changed(raw, statements.format(**digests))
            ]
    record_property("attacks tried", len(attacks.ATTACKS | own) * len(SETTINGS[database.dialect]))
    record_property("attacks that passed", len(passed))
    assert passed == []


async def test_there_is_no_hidden_row_number_to_replace_by(
    database: Database, digests: Mapping[str, str]
) -> None:
    assert digests
    if database.dialect == "sqlite":
        with connected(database, "foreign_keys = OFF") as raw:
            for table in guards.ONLY_GROWS:
                with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                    raw.execute(f"SELECT rowid FROM {table}")


async def test_without_the_guards_the_attacks_do_harm(
    database: Database, digests: Mapping[str, str]
) -> None:
    """The attacks are real: it is the guards and the references that stop them."""
    with connected(database, SETTINGS[database.dialect][-1]) as raw:
        for guard in guards.standing_on(database.dialect):
            raw.execute(
                f"DROP TRIGGER {guard.name}"
                if database.dialect == "sqlite"
                else f"DROP TRIGGER {guard.name} ON {guard.table}"
            )
        harm = [
            name
            for name, statements in attacks.ATTACKS.items()
            if changed(raw, statements.format(**digests))
        ]
    assert len(harm) >= 30


async def test_the_tables_that_only_grow_are_all_here() -> None:
    assert set(guards.ONLY_GROWS) <= set(metadata.tables)
