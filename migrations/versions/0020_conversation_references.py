"""Conversations that a chat platform has told us how to reach. Adds a table.

The program before this revision never looks at it.

Revision ID: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_reference",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "conversation", name=op.f("pk_conversation_reference")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("conversation_reference")
