"""Which programs a schema serves: its own, and the older ones that it takes nothing away from.

Every revision of the schema has four digits, and they rise. One that only adds serves every
program before it; one that takes something away says in its file from which revision's program on
it serves: ``serves_from = "0007"``. The database keeps the highest of these, because an older
program has no newer file to read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import operating_tables as t


if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.script import Script, ScriptDirectory
    from sqlalchemy.engine import Connection


FIRST = "0001"


class Standing(StrEnum):
    """How a database's schema stands to this program."""

    NONE = "none"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"
    """Made by a newer program, and this one may serve on it: while several are replaced one after
    another, or after a step back."""
    TOO_NEW = "too_new"
    """Made by a newer program, and something that this one needs is gone."""


def standing(connection: Connection, revision: str | None, scripts: ScriptDirectory) -> Standing:
    """Where ``revision``, read from this database, stands."""
    head = scripts.get_current_head() or ""
    if revision is None:
        return Standing.NONE
    if revision == head:
        return Standing.CURRENT
    if revision < head:
        return Standing.BEHIND
    serves_from = read(connection)
    served = serves_from is not None and serves_from <= head
    return Standing.NEWER if served else Standing.TOO_NEW


def read(connection: Connection) -> str | None:
    """The oldest revision whose program may serve; ``None`` where nothing says so."""
    if not sa.inspect(connection).has_table(t.schema_reach.name):
        return None
    found: str | None = connection.execute(
        sa.select(t.schema_reach.c.serves_from)
    ).scalar_one_or_none()
    return found


def write(connection: Connection, scripts: ScriptDirectory) -> None:
    """Keep what this program's revisions say. Called after each upgrade."""
    serves_from = oldest_served(scripts.walk_revisions())
    connection.execute(t.schema_reach.delete())
    connection.execute(t.schema_reach.insert(), {"id": 1, "serves_from": serves_from})


def oldest_served(revisions: Iterable[Script]) -> str:
    """The highest ``serves_from`` of these revisions; :data:`FIRST` where all of them only add."""
    return max((getattr(one.module, "serves_from", FIRST) for one in revisions), default=FIRST)
