"""A database as a newer program would leave it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg


def tamper(url: str, *statements: str) -> None:
    """Change it by hand, past everything of ours."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
            for statement in statements:
                raw.execute(statement)
            raw.commit()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def become_newer(url: str, *, serves_from: str) -> None:
    """Expanded: more columns in the tables that matter, and a table more."""
    tamper(
        url,
        "ALTER TABLE post ADD COLUMN campaign TEXT",
        "ALTER TABLE revision ADD COLUMN tone TEXT",
        "ALTER TABLE effect ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE audit_event ADD COLUMN anchor TEXT",
        "ALTER TABLE pupil ADD COLUMN house TEXT",
        "CREATE TABLE campaign (id TEXT PRIMARY KEY)",
        f"UPDATE schema_reach SET serves_from = '{serves_from}'",
        "UPDATE alembic_version SET version_num = '9000'",
    )
