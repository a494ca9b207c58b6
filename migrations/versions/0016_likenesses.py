"""What is seen in pictures' pixels, and the likenesses of pictures taken down. Adds two tables.

The program before this revision never looks at them; of pictures that it takes in, and of posts
that it takes down, they hold nothing.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture_look",
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("blob", name=op.f("pk_picture_look")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taken_down_picture",
        sa.Column("likeness", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "likeness", "post_id", "revision_id", name=op.f("pk_taken_down_picture")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """What was taken down would be forgotten, and could come back unseen."""
    raise NotImplementedError("pictures that were taken down must stay known")
