"""Alembic revisions, applied by `schoolgate db upgrade`."""
