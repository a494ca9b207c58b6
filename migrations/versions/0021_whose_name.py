"""Whose a flagged name is, as those say who approve. Expand only: the version before never looks.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approval", sa.Column("whose", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("approval", "whose")
