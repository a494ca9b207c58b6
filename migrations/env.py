"""Alembic's environment: the connection is handed in by :mod:`storage.schema`, plain and sync."""

from __future__ import annotations

from alembic import context

from storage.schema import metadata


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
