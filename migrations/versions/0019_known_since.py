"""The day on which the register first held an account. Adds a column.

The program before this revision neither reads nor writes it: of what that adds, no day is known.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("known_since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "known_since")
