"""The table of homes: one row for each account or school whose cards are shown somewhere."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, number
from storage.tables import metadata


home = sa.Table(
    "home",
    metadata,
    identifier("place", primary_key=True),
    number("version"),
    # Conversations as JSON, at most one for each platform: ids, and never a word.
    sa.Column("body", sa.Text(), nullable=False),
    sqlite_with_rowid=False,
)
