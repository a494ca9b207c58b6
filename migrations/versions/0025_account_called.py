"""What a chat account is called that may be somebody's.

Expand only: the version before never looks at it.

Revision ID: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("called", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("link", "called")
