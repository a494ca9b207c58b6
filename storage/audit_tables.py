"""The checkpoints that were signed, so that a place that lacks one can be given it later.

What they prove rests on their copies elsewhere, and on the signature in each.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant
from storage.tables import metadata


audit_checkpoint = sa.Table(
    "audit_checkpoint",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    identifier("hash"),
    instant("at"),
    sa.Column("note", sa.Text(), nullable=False),
    sqlite_with_rowid=False,
)
