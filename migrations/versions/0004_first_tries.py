"""Deliveries remember their first try, so that one day of trying is an end too.

Expand only: the version before never reads the column, and leaves it empty.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("effect", "card", "notice", "release")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("first_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "first_at")
