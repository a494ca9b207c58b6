"""What was seen in pictures, and the addresses under which their clean rebuilds are shown."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import BlobId, PostId, SubjectRef
from moderation.ports import Inspection, Look
from moderation.posts.model import FINAL
from moderation.posts.ports import Former
from storage import mapping, tables as t
from storage.likeness_tables import picture_look, taken_down_picture


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.engine import Row

    from moderation.ports import Unusable
    from storage.session import Session


TOKEN_BYTES = 16


class SqlInspections:
    """:class:`moderation.posts.ports.Inspections` in a database.

    Sealed, because a file's metadata may name a child.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def arrive(self, blob: BlobId) -> None:
        """It is here and waits. One that was unusable before is looked at once more."""
        insert = self._session.insert(t.picture).values(blob=blob, state="waiting")
        again = insert.on_conflict_do_update(
            index_elements=["blob"],
            set_={"state": "waiting", "why": None},
            where=t.picture.c.state == "unusable",
        )
        await self._session.execute(again)

    async def add(self, inspection: Inspection) -> None:
        """A second look replaces the first."""
        body = mapping.to_json(inspection).encode()
        sealed = self._session.seal(t.picture, inspection.blob, body)
        await self._note(inspection.blob, state="seen", why=None, body=sealed)
        if inspection.look is not None:
            body = mapping.to_json(inspection.look).encode()
            sealed = self._session.seal(picture_look, inspection.blob, body)
            row = {"blob": inspection.blob, "body": sealed}
            await self._session.upsert(picture_look, row)

    async def spoil(self, blob: BlobId, why: Unusable) -> None:
        """It can't be used."""
        await self._note(blob, state="unusable", why=why.value, body=None)

    async def _note(self, blob: BlobId, **values: object) -> None:
        insert = self._session.insert(t.picture).values(blob=blob, **values)
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["blob"], set_=values)
        )

    async def get(self, blobs: frozenset[BlobId]) -> Mapping[BlobId, Inspection]:
        """Those of ``blobs`` that have been looked at."""
        if not blobs:
            return {}
        select = sa.select(t.picture).where(
            t.picture.c.blob.in_(blobs), t.picture.c.state == "seen"
        )
        rows = (await self._session.execute(select)).all()
        of_these = sa.select(picture_look).where(picture_look.c.blob.in_(blobs))
        looks = {
            row.blob: mapping.from_json(
                self._session.unseal(picture_look, row.blob, row.body), Look
            )
            for row in await self._session.execute(of_these)
        }
        return {
            BlobId(row.blob): replace(self._inspection(row), look=looks.get(row.blob))
            for row in rows
        }

    async def known(self, blobs: frozenset[BlobId]) -> frozenset[BlobId]:
        """Those that arrived and are not unusable."""
        if not blobs:
            return frozenset()
        select = sa.select(t.picture.c.blob).where(
            t.picture.c.blob.in_(blobs), t.picture.c.state != "unusable"
        )
        return frozenset(map(BlobId, (await self._session.execute(select)).scalars()))

    async def waiting(self) -> tuple[BlobId, ...]:
        """Everything that arrived and nobody has looked at, oldest first."""
        select = sa.select(t.picture.c.blob).where(t.picture.c.state == "waiting")
        found = await self._session.execute(select.order_by(t.picture.c.id))
        return tuple(map(BlobId, found.scalars()))

    async def take_down(self, pictures: Collection[Former]) -> None:
        """Know them again. Harmless for those that are known already."""
        rows = [
            {"likeness": one.likeness, "post_id": one.post, "revision_id": one.revision}
            for one in pictures
        ]
        if rows:
            insert = self._session.insert(taken_down_picture).on_conflict_do_nothing()
            await self._session.execute(insert, rows)

    async def taken_down(self) -> tuple[Former, ...]:
        """All of them, of every school."""
        rows = await self._session.execute(sa.select(taken_down_picture))
        return tuple(
            Former(likeness=row.likeness, post=PostId(row.post_id), revision=row.revision_id)
            for row in rows
        )

    async def left_over(self) -> tuple[BlobId, ...]:
        """Those whose bytes nobody needs: unusable ones, and originals that were made clean."""
        select = sa.select(t.picture).where(t.picture.c.state != "waiting")
        return tuple(
            BlobId(row.blob)
            for row in await self._session.execute(select)
            if row.state == "unusable" or self._inspection(row).clean != row.blob
        )

    async def needed(self) -> frozenset[BlobId]:
        """Those whose bytes must be there: what waits to be looked at, and what was made clean."""
        rows = await self._session.execute(
            sa.select(t.picture).where(t.picture.c.state.in_(("waiting", "seen")))
        )
        return frozenset(
            BlobId(row.blob)
            for row in rows
            if row.state == "waiting" or self._inspection(row).clean == row.blob
        )

    def _inspection(self, row: Row[Any]) -> Inspection:
        body = self._session.unseal(t.picture, row.blob, row.body)
        return mapping.from_json(body, Inspection)


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
