"""Tries that came to nothing are counted apart from leases, and queues are found by what waits.

Expand only: the version before leaves the count at 0 and never looks at the indexes.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COUNTED = ("effect", "notice", "release")
# The state stands in front although it is always the same: else SQLite takes the older index over
# state and time, and looks at all that is done.
WAITING = (
    ("ix_effect_command", "effect", ("state", "due_at"), "state = 'ready' AND kind = 'later'"),
    ("ix_effect_told", "effect", ("state", "due_at"), "state = 'ready' AND kind <> 'later'"),
    (
        "ix_card_behind",
        "card",
        ("state", "due_at", "subject_id", "conversation"),
        "state = 'open' AND shown < wanted",
    ),
    (
        "ix_open_notice_behind",
        "open_notice",
        ("due_at", "notice_id"),
        "ref IS NOT NULL AND shown < wanted",
    ),
)


def upgrade() -> None:
    for table in COUNTED:
        failures = sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
        op.add_column(table, failures)
    for name, table, columns, where in WAITING:
        only = sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)
    op.create_index("ix_post_state_going_out_at", "post", ["state", "going_out_at"])


def downgrade() -> None:
    op.drop_index("ix_post_state_going_out_at", "post")
    for name, table, _columns, _where in WAITING:
        op.drop_index(name, table)
    for table in COUNTED:
        op.drop_column(table, "failures")
