"""Names that a school keeps as no pupil's: who asked and agreed in the clear, whose name sealed."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, number, sealed
from storage.tables import metadata


kept_name = sa.Table(
    "kept_name",
    metadata,
    identifier("id", primary_key=True),
    identifier("school"),
    identifier("state"),
    identifier("asked_by"),
    sa.Column("agreed_by", sa.Text()),
    number("version"),
    sealed("body"),
    sa.CheckConstraint(
        "state IN ('waiting', 'kept', 'declined', 'lapsed', 'dropped', 'ended')", name="state"
    ),
    sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> asked_by", name="two_people"),
    sa.CheckConstraint("state <> 'kept' OR agreed_by IS NOT NULL", name="agreed"),
    sa.Index(None, "school", "state"),
    sqlite_with_rowid=False,
)
