"""The table of pictures that stand on a chat platform: which file of its own shows which blob.

Digests and ids only: what the picture shows and who is in it is not here.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, instant, number
from storage.tables import metadata


shown_picture = sa.Table(
    # ``file`` is NULL while the picture could not be brought there; it is tried again at
    # ``due_at``. ``usable_at`` is NULL until the platform has said that it can show the file.
    "shown_picture",
    metadata,
    identifier("platform", primary_key=True),
    identifier("subject_kind", primary_key=True),
    identifier("subject_id", primary_key=True),
    identifier("blob", primary_key=True),
    identifier("file", nullable=True),
    instant("usable_at", nullable=True),
    number("failures"),
    instant("due_at"),
    sa.Index(None, "platform", "due_at"),
    sa.Index(None, "platform", "file"),
    sqlite_with_rowid=False,
)
