"""The table of what schools' own words mean: headings, and types of consent."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant
from storage.tables import metadata


import_word = sa.Table(
    # Words of a school's system and our columns: never a word about a child.
    "import_word",
    metadata,
    identifier("school", primary_key=True),
    identifier("kind", primary_key=True),
    identifier("sort", primary_key=True),
    identifier("word", primary_key=True),
    identifier("means"),
    identifier("by", nullable=True),
    instant("at"),
    sqlite_with_rowid=False,
)
