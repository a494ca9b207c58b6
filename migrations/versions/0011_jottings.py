"""Drafts that messages began. Expand only: the version before never looks at the new table.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jotting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('open', 'made', 'forgotten')", name=op.f("ck_jotting_standing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jotting")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_jotting_person_standing"), "jotting", ["person", "standing"])


def downgrade() -> None:
    op.drop_table("jotting")
