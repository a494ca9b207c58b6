"""Tables for whoever runs the installation: which versions it serves, and when rolls came in."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, number
from storage.tables import metadata


schema_reach = sa.Table(
    # One row, so that a program older than the schema can tell whether it may still serve.
    "schema_reach",
    metadata,
    number("id", primary_key=True, autoincrement=False),
    identifier("serves_from"),
    sa.CheckConstraint("id = 1", name="one"),
    sqlite_with_rowid=False,
)

roster_received = sa.Table(
    # When a school's whole roll was last read, also where it said nothing new.
    "roster_received",
    metadata,
    identifier("school", primary_key=True),
    instant("at"),
    sqlite_with_rowid=False,
)
