"""Signed checkpoints of the record, and lines of it that can be kept back one by one.

Only adds. A program before this revision goes on writing lines of the first form, which stay
valid; its own nightly walk can't read the second form and calls such lines altered.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import guards


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("audit_checkpoint",)


def upgrade() -> None:
    op.add_column("audit_event", sa.Column("link_salt", sa.Text(), nullable=True))
    op.create_table(
        "audit_checkpoint",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_checkpoint")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for statement in guards.statements(connection, ADDED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """What was written in the second form could not be checked any more."""
    raise NotImplementedError("the record can't be taken back to its first form")
