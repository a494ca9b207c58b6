"""Pausing all posts. Adds a table: the program before this revision never looks at it.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("paused", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school", name=op.f("pk_hold")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("hold")
