"""The table of pauses: one row for each place that was ever paused, the newest pause in it."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, number, sealed, yes_or_no
from storage.tables import metadata


hold = sa.Table(
    "hold",
    metadata,
    identifier("school", primary_key=True),
    number("version"),
    # In the clear, so that a release finds what is in force without reading why.
    yes_or_no("paused"),
    sealed("body"),
    sqlite_with_rowid=False,
)
