"""Tables of what arrived where, and of the cards that count it. Ids and times, never a word.

Beside ``card`` and ``notice``, so that an older version of the code goes on without them.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, yes_or_no
from storage.tables import metadata


arrival = sa.Table(
    "arrival",
    metadata,
    identifier("lane", primary_key=True),
    identifier("key", primary_key=True),
    identifier("subject_kind"),
    identifier("subject_id"),
    identifier("message"),
    identifier("day"),
    instant("at"),
    yes_or_no("counted"),
    sa.CheckConstraint("counted IN (0, 1)", name="counted"),
    sa.Index(None, "lane", "at"),
    sa.Index(None, "lane", "day"),
    sa.Index(None, "subject_id"),
    sa.Index(None, "at"),
    sqlite_with_rowid=False,
)

tally = sa.Table(
    "tally",
    metadata,
    identifier("id", primary_key=True),
    identifier("lane"),
    identifier("day"),
    sa.Column("number", sa.Integer(), nullable=False),
    instant("due_at"),
    sa.Index(None, "lane", "day"),
    sa.Index(None, "due_at"),
    sqlite_with_rowid=False,
)
