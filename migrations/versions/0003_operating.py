"""Which programs the schema serves, and when each school's roll was last read.

Only adds: the program before this revision never looks at these tables.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schema_reach",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serves_from", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_schema_reach_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_reach")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roster_received",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_roster_received")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("roster_received")
    op.drop_table("schema_reach")
