"""What was seen in pictures, and the addresses under which their clean rebuilds are shown."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.kernel import BlobId, SubjectRef
from moderation.ports import Inspection
from moderation.posts.model import FINAL
from storage import mapping, tables as t


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.session import Session


TOKEN_BYTES = 16


class SqlInspections:
    """:class:`moderation.posts.ports.Inspections` in a database.

    Sealed, because a file's metadata may name a child.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, blobs: frozenset[BlobId]) -> Mapping[BlobId, Inspection]:
        """Those of ``blobs`` that have been looked at."""
        select = sa.select(t.inspection).where(t.inspection.c.blob.in_(blobs))
        return {
            BlobId(row.blob): mapping.from_json(
                self._session.unseal(t.inspection, row.blob, row.body), Inspection
            )
            for row in await self._session.execute(select)
        }

    async def add(self, inspection: Inspection) -> None:
        """A second look replaces the first."""
        body = mapping.to_json(inspection).encode()
        sealed = self._session.seal(t.inspection, inspection.blob, body)
        await self._session.upsert(t.inspection, {"blob": inspection.blob, "body": sealed})


class MediaTokens:
    """128 random bits for each picture of each subject; dead when the post is final."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def token(self, subject: SubjectRef, blob: BlobId, now: datetime) -> str:
        """The token under which ``blob`` is shown for ``subject``, made when there is none."""
        select = sa.select(t.media_token).where(
            t.media_token.c.subject_kind == subject.kind,
            t.media_token.c.subject_id == subject.id,
            t.media_token.c.blob == blob,
        )
        row = (await self._session.execute(select)).one_or_none()
        if row is not None:
            sealed = self._session.unseal(t.media_token, row.token_digest, row.body)
            return sealed.decode("ascii")
        token = secrets.token_hex(TOKEN_BYTES)
        digest = _digest(token)
        await self._session.execute(
            t.media_token.insert(),
            {
                "token_digest": digest,
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "blob": blob,
                "body": self._session.seal(t.media_token, digest, token.encode("ascii")),
                "at": now,
            },
        )
        return token

    async def find(self, token: str) -> tuple[SubjectRef, BlobId] | None:
        """What a token shows; ``None`` for an unknown one, or when the post is final."""
        select = (
            sa.select(t.media_token, t.post.c.state)
            .outerjoin(
                t.post,
                sa.and_(
                    t.media_token.c.subject_kind == "post",
                    t.post.c.id == t.media_token.c.subject_id,
                ),
            )
            .where(t.media_token.c.token_digest == _digest(token))
        )
        row = (await self._session.execute(select)).one_or_none()
        if row is None or row.state in FINAL:
            return None
        return SubjectRef(row.subject_kind, row.subject_id), BlobId(row.blob)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
