"""Names that a school keeps as no pupil's. Expand only: the version before never looks at them.

Revision ID: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import guards


revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_name",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'kept', 'declined', 'lapsed', 'dropped', 'ended')",
            name=op.f("ck_kept_name_state"),
        ),
        sa.CheckConstraint(
            "agreed_by IS NULL OR agreed_by <> asked_by", name=op.f("ck_kept_name_two_people")
        ),
        sa.CheckConstraint(
            "state <> 'kept' OR agreed_by IS NOT NULL", name=op.f("ck_kept_name_agreed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_name")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_kept_name_school_state"), "kept_name", ["school", "state"])
    connection = op.get_bind()
    for statement in guards.statements(connection, ("kept_name",)):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("kept_name")
