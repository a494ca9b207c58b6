"""Who has accepted which edition of a policy, and when. Rows are only added."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant
from storage.tables import metadata


acceptance = sa.Table(
    "acceptance",
    metadata,
    identifier("person_id", primary_key=True),
    identifier("policy", primary_key=True),
    identifier("edition", primary_key=True),
    instant("at"),
    # The chat platform on which it was said.
    identifier("platform"),
    sqlite_with_rowid=False,
)
