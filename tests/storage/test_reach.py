"""A program goes on serving on a newer schema, as long as nothing it needs was taken away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from storage import guards, reach, schema
from storage.database import own_transactions, parsed
from storage.faults import NotReady
from storage.reach import Standing
from tests.fakes.samples import NOON
from tests.storage.newer import become_newer, tamper
from tests.storage.test_schema import start


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.databases import PostgresServer


MIGRATIONS = Path(__file__).parents[2] / "migrations"


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("path_separator", "os")
    return made


def revisions() -> list[str]:
    """Oldest first."""
    found = ScriptDirectory.from_config(config()).walk_revisions()
    return [script.revision for script in found][::-1]


# -- what this program does on a newer schema ----------------------------------------------------


async def test_it_serves_where_a_newer_program_only_added(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    become_newer(url, serves_from=schema.head())
    assert schema.standing(url) is Standing.NEWER
    assert schema.check(url) == ()
    await start(url)
    schema.upgrade(url, at=NOON)
    assert schema.current(url) == "9000"


async def test_it_refuses_where_a_newer_program_took_something_away(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    become_newer(url, serves_from="9000")
    assert schema.standing(url) is Standing.TOO_NEW
    with pytest.raises(NotReady, match="install that version again, or restore the backup"):
        await start(url)
    with pytest.raises(NotReady, match="install that version again, or restore the backup"):
        schema.upgrade(url, at=NOON)
    [problem] = schema.check(url)
    assert "a newer Schoolgate made this database (9000)" in problem


async def test_it_refuses_where_nothing_says_whom_it_serves(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    become_newer(url, serves_from=schema.head())
    tamper(url, "DROP TABLE schema_reach")
    with pytest.raises(NotReady, match="a newer Schoolgate made this database"):
        await start(url)


async def test_a_guard_gone_from_a_newer_schema_still_stops_the_start(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    become_newer(url, serves_from=schema.head())
    on = "" if url.startswith("sqlite") else " ON hand"
    tamper(url, f"DROP TRIGGER hand_is_kept{on}")
    with pytest.raises(NotReady, match="hand_is_kept"):
        await start(url)


def test_the_database_keeps_what_the_revisions_say(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    scripts = ScriptDirectory.from_config(config())
    engine = sa.create_engine(parsed(url), poolclass=NullPool)
    with engine.begin() as connection:
        assert reach.read(connection) == reach.oldest_served(scripts.walk_revisions())
    engine.dispose()


# -- what revisions may do -----------------------------------------------------------------------


def test_revisions_are_four_digits_that_rise_one_after_the_other() -> None:
    """Programs compare them as text, those of versions that are long out too."""
    found = revisions()
    assert all(re.fullmatch(r"\d{4}", one) for one in found)
    assert found == sorted(found)
    by_name = {path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py")}
    assert by_name == set(found)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database."""
    server: PostgresServer | None = None
    name = ""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'steps.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        name = server.create()
        url = server.url(name)
    made = sa.create_engine(parsed(url), poolclass=NullPool)
    if request.param == "sqlite":
        own_transactions(made, "BEGIN IMMEDIATE")
    yield made
    made.dispose()
    if server is not None:
        server.drop(name)


Shape = dict[str, Any]


def shape(connection: sa.Connection) -> Shape:
    """All that a program may rely on, and all that may refuse what it writes."""
    look = sa.inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in look.get_columns(table)
            },
            "optional": {
                column["name"]
                for column in look.get_columns(table)
                if column["nullable"] or column["default"] is not None
            },
            "refusing": {
                "primary": look.get_pk_constraint(table)["constrained_columns"],
                "unique": sorted(map(str, (x["name"] for x in look.get_unique_constraints(table)))),
                "checks": sorted(
                    f"{x['name']}: {x['sqltext']}" for x in look.get_check_constraints(table)
                ),
                "foreign": sorted(map(str, (x["name"] for x in look.get_foreign_keys(table)))),
                "guards": sorted(words for name, words in triggers(connection) if name == table),
            },
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def triggers(connection: sa.Connection) -> list[tuple[str, str]]:
    """Each guard's table, and its words."""
    if connection.dialect.name == "sqlite":
        select = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        return [(row.tbl_name, row.sql) for row in connection.exec_driver_sql(select)]
    return [
        (row.relname, f"{row.tgname} {row.tgtype} {row.prosrc}")
        for row in connection.execute(sa.text(guards.STANDING))
    ]


def takes_away(before: Shape, after: Shape) -> Iterator[str]:
    """What a program made for ``before`` would miss, or be refused, in ``after``."""
    for table, old in before.items():
        new = after.get(table)
        if new is None:
            yield f"{table} is gone"
            continue
        for column, kind in old["columns"].items():
            if new["columns"].get(column) != kind:
                yield f"{table}.{column} is gone or of another kind"
        for column in new["columns"].keys() - old["columns"].keys() - new["optional"]:
            yield f"{table}.{column} must be given"
        if new["refusing"] != old["refusing"]:
            yield f"{table} refuses other rows"


@pytest.mark.ci("postgresql")
def test_each_revision_takes_nothing_from_the_program_before_it(engine: sa.Engine) -> None:
    """A revision that does says ``serves_from``, and that no older program may serve."""
    scripts = ScriptDirectory.from_config(config())
    before: Shape = {}
    for revision in revisions():
        with engine.begin() as connection:
            made = config()
            made.attributes["connection"] = connection
            command.upgrade(made, revision)
        with engine.begin() as connection:
            after = shape(connection)
        script = scripts.get_revision(revision)
        assert script is not None
        if getattr(script.module, "serves_from", reach.FIRST) < revision:
            assert list(takes_away(before, after)) == []
        before = after


@pytest.mark.ci("postgresql")
def test_what_is_taken_away_would_be_seen(engine: sa.Engine) -> None:
    """The check above can fail: each of these does something to the program before it."""
    wrongs = {
        "DROP TABLE watch": "watch is gone",
        "ALTER TABLE watch RENAME COLUMN body TO words": "watch.body is gone or of another kind",
        "ALTER TABLE watch ADD COLUMN note TEXT NOT NULL DEFAULT ''": "",
        "CREATE TABLE more (id INTEGER)": "",
        "DROP TRIGGER hand_is_kept": "hand refuses other rows",
    }
    with engine.begin() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
    for statement, wrong in wrongs.items():
        with engine.connect() as connection:
            before = shape(connection)
            where = " ON hand" if "TRIGGER" in statement and engine.name != "sqlite" else ""
            connection.exec_driver_sql(statement + where)
            found = list(takes_away(before, shape(connection)))
            connection.rollback()
        assert (wrong in found) if wrong else found == []
