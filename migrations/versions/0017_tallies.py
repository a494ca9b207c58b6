"""What arrived where, and the cards that count it. Expand only: the version before never looks.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("counted IN (0, 1)", name=op.f("ck_arrival_counted")),
        sa.PrimaryKeyConstraint("lane", "key", name=op.f("pk_arrival")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrival_lane_at"), "arrival", ["lane", "at"])
    op.create_index(op.f("ix_arrival_lane_day"), "arrival", ["lane", "day"])
    op.create_index(op.f("ix_arrival_subject_id"), "arrival", ["subject_id"])
    op.create_index(op.f("ix_arrival_at"), "arrival", ["at"])
    op.create_table(
        "tally",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tally_lane_day"), "tally", ["lane", "day"])
    op.create_index(op.f("ix_tally_due_at"), "tally", ["due_at"])


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_table("arrival")
