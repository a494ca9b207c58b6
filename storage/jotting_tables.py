"""Drafts that messages began: who wrote them and where in the clear, and every word sealed."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, number, sealed
from storage.tables import metadata


jotting = sa.Table(
    "jotting",
    metadata,
    identifier("id", primary_key=True),
    identifier("person"),
    identifier("platform"),
    identifier("conversation"),
    identifier("standing"),
    number("version"),
    instant("opened_at"),
    sealed("body"),
    sa.CheckConstraint("standing IN ('open', 'made', 'forgotten')", name="standing"),
    sa.Index(None, "person", "standing"),
    sqlite_with_rowid=False,
)
