"""Where cards are shown, on each platform. Adds a table and copies what was chosen before.

The program before this revision goes on reading the table ``conversation``, which is kept true.

Revision ID: 0008
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    home = op.create_table(
        "home",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_home")),
        sqlite_with_rowid=False,
    )
    before = sa.table("conversation", sa.column("place"), sa.column("platform"), sa.column("id"))
    rows = op.get_bind().execute(sa.select(before)).all()
    homes = [{"place": row.place, "version": 1, "body": _body(row)} for row in rows]
    if homes:
        op.bulk_insert(home, homes)


def downgrade() -> None:
    op.drop_table("home")


def _body(row: sa.Row[tuple[str, str, str]]) -> str:
    here = {"platform": row.platform, "id": row.id}
    body = {"v": 1, "is": {"place": row.place, "conversations": [here]}}
    return json.dumps(body, sort_keys=True, separators=(",", ":"))
