"""Chat accounts that may be somebody's: how each stands in the clear, the rest sealed."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, number, sealed
from storage.tables import metadata


link = sa.Table(
    "link",
    metadata,
    identifier("id", primary_key=True),
    identifier("state"),
    number("version"),
    sealed("body"),
    sealed("called", nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'linked', 'declined', 'lapsed')", name="state"),
    sqlite_with_rowid=False,
)
