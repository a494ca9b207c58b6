"""Reports of a concern. What they say, and about whom, is sealed.

``incident_barred`` and ``incident_asked`` hold people as digests under a secret of the report's
own: enough for the database to refuse a receiver who is barred, and nothing to read.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, number, sealed
from storage.tables import metadata


incident = sa.Table(
    "incident",
    metadata,
    identifier("id", primary_key=True),
    identifier("school"),
    identifier("state"),
    number("version"),
    instant("at"),
    sealed("secret"),
    sealed("body"),
    sa.CheckConstraint("state IN ('waiting', 'acknowledged', 'done')", name="state"),
    sa.Index(None, "school", "state"),
    sqlite_with_rowid=False,
)

incident_barred = sa.Table(
    "incident_barred",
    metadata,
    identifier("incident_id", sa.ForeignKey("incident.id"), primary_key=True),
    identifier("person_digest", primary_key=True),
    sqlite_with_rowid=False,
)

incident_asked = sa.Table(
    "incident_asked",
    metadata,
    identifier("incident_id", sa.ForeignKey("incident.id"), primary_key=True),
    identifier("person_digest", primary_key=True),
    identifier("rung"),
    number("step"),
    instant("at"),
    sqlite_with_rowid=False,
)
