"""Tables of what was seen in pictures' pixels, and of the likenesses of pictures taken down."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import identifier, sealed
from storage.tables import metadata


picture_look = sa.Table(
    # Beside ``picture``, so that an older program reads there what it knows.
    "picture_look",
    metadata,
    identifier("blob", primary_key=True),
    sealed("body"),
    sqlite_with_rowid=False,
)

taken_down_picture = sa.Table(
    # A hash and where it stood: the picture itself, and who is in it, is not here.
    "taken_down_picture",
    metadata,
    identifier("likeness", primary_key=True),
    identifier("post_id", primary_key=True),
    identifier("revision_id", primary_key=True),
    sqlite_with_rowid=False,
)
