"""Who has accepted which edition of a policy. Expand only: the version before never looks at it.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "policy", "edition", name=op.f("pk_acceptance")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("acceptance")
