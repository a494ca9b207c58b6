"""The table of conversations that a chat platform has told us how to reach.

Ids and addresses of the platform only, and never a name.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant
from storage.tables import metadata


conversation_reference = sa.Table(
    # ``person`` is the platform's id of whose private conversation it is, NULL for one of several
    # people. ``body`` is what the platform's adapter wrote. ``gone_at``: it can't be written to.
    "conversation_reference",
    metadata,
    identifier("platform", primary_key=True),
    identifier("conversation", primary_key=True),
    identifier("person", nullable=True),
    sa.Column("body", sa.Text(), nullable=False),
    instant("gone_at", nullable=True),
    sqlite_with_rowid=False,
)
