"""Private messages that may still change. Adds a table; what there was stays as it is.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_notice",
        sa.Column(
            "notice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_open_notice_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_open_notice")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_open_notice_due_at"), "open_notice", ["due_at"], unique=False)
    op.create_index(
        op.f("ix_open_notice_subject_kind_subject_id"),
        "open_notice",
        ["subject_kind", "subject_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("open_notice")
