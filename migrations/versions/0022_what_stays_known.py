"""What was taken down, and what was accepted, only grows: the database refuses anything else.

The program before this revision changes and deletes no such row either, and an acceptance that it
writes twice stays the duplicate that it knows.

Revision ID: 0022
"""

from __future__ import annotations

from alembic import op

from storage import guards


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
serves_from = "0022"
"""The program before can't read the policies of this one, nor a list that lacks a chat's column."""

TABLES = ("taken_down_picture", "acceptance")


def upgrade() -> None:
    connection = op.get_bind()
    for statement in guards.statements(connection, TABLES):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """A guard that is there is never taken away."""
    raise NotImplementedError("what was taken down, and what was accepted, must stay known")
