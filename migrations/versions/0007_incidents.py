"""Reports of a concern. Adds tables: the program before this revision never looks at them.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import guards


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ADDED = ("incident", "incident_barred", "incident_asked")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'acknowledged', 'done')", name=op.f("ck_incident_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_incident_school_state"), "incident", ["school", "state"], unique=False)
    op.create_table(
        "incident_barred",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("person_digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_barred_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "person_digest", name=op.f("pk_incident_barred")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident_asked",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("person_digest", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_asked_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "person_digest", name=op.f("pk_incident_asked")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for statement in guards.statements(connection, ADDED):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Reports about children's safety are not thrown away by a step back."""
    raise NotImplementedError("reports of a concern can't be taken out again")
