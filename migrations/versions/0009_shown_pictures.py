"""Pictures as they stand on a chat platform. Adds a table.

The program before this revision never looks at it; files that it left there are deleted by the
program after it.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_picture",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("usable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "platform", "subject_kind", "subject_id", "blob", name=op.f("pk_shown_picture")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_shown_picture_platform_due_at"),
        "shown_picture",
        ["platform", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_shown_picture_platform_file"), "shown_picture", ["platform", "file"], unique=False
    )


def downgrade() -> None:
    """Who knows of the files that stand there would be lost, and with it their deletion."""
    raise NotImplementedError("files that stand on a chat platform must stay known")
