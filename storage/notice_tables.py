"""The table of private messages that may still change. Ids and counts only, as with every delivery.

Beside ``notice``, so that an older version of the code goes on without it.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage import delivery_tables
from storage.columns import identifier, instant, number
from storage.tables import metadata


open_notice = sa.Table(
    "open_notice",
    metadata,
    sa.Column(
        "notice_id",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey(delivery_tables.notice.c.id),
        primary_key=True,
        autoincrement=False,
    ),
    identifier("subject_kind"),
    identifier("subject_id"),
    identifier("conversation", nullable=True),
    identifier("ref", nullable=True),
    number("wanted"),
    number("shown"),
    number("failures"),
    instant("due_at"),
    number("attempts"),
    identifier("lease_owner", nullable=True),
    instant("lease_until", nullable=True),
    identifier("last_error", nullable=True),
    sa.Index(None, "due_at"),
    sa.Index(None, "subject_kind", "subject_id"),
    delivery_tables.waiting_index(
        "ix_open_notice_behind",
        "due_at",
        "notice_id",
        where="ref IS NOT NULL AND shown < wanted",
    ),
    sqlite_with_rowid=False,
)
