"""Chat accounts that may be somebody's. Expand only: the version before never looks at it.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'linked', 'declined', 'lapsed')", name=op.f("ck_link_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("link")
