"""What the headings and types of consent of a school's own system mean. Adds a table.

The program before this revision doesn't look at it.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_word",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school", "kind", "sort", "word", name=op.f("pk_import_word")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("import_word")
