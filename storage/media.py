"""What was seen in pictures, and the addresses under which their clean rebuilds are shown."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.kernel import BlobId, PostId, SubjectRef
from moderation.ports import Film, Inspection, Look
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

    async def arrive(self, blob: BlobId, film: Film | None = None) -> None:
        """It is here and waits. One that was unusable before is looked at once more.

        ``film`` says in which parts a video came.
        """
        body = None
        if film is not None:
            body = self._session.seal(t.picture, blob, mapping.to_json(film).encode())
        insert = self._session.insert(t.picture).values(blob=blob, state="waiting", body=body)
        again = insert.on_conflict_do_update(
            index_elements=["blob"],
            set_={"state": "waiting", "why": None, "body": body},
            where=t.picture.c.state == "unusable",
        )
        await self._session.execute(again)

    async def came(self, blob: BlobId) -> Film | None:
        """In which parts a video that waits came; ``None`` for a picture."""
        select = sa.select(t.picture).where(
            t.picture.c.blob == blob, t.picture.c.state == "waiting"
        )
        row = (await self._session.execute(select)).one_or_none()
        return self._film(row) if row is not None else None

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
        gone: list[BlobId] = []
        for row in await self._session.execute(select):
            if row.state == "unusable":
                gone.append(BlobId(row.blob))
                continue
            seen = self._inspection(row)
            if seen.film is not None:
                gone += seen.film.came
            elif seen.clean != row.blob:
                gone.append(seen.blob)
        needed = await self.needed()
        return tuple(blob for blob in dict.fromkeys(gone) if blob not in needed)

    async def needed(self) -> frozenset[BlobId]:
        """Those whose bytes must be there: what waits to be looked at, and what was made clean."""
        rows = await self._session.execute(
            sa.select(t.picture).where(t.picture.c.state.in_(("waiting", "seen")))
        )
        found: set[BlobId] = set()
        for row in rows:
            seen = self._inspection(row) if row.state == "seen" else None
            film = seen.film if seen is not None else self._film(row)
            if film is not None:
                found.update(film.parts)
            elif seen is None or seen.clean == row.blob:
                found.add(BlobId(row.blob))
        return frozenset(found)

    def _film(self, row: Row[Any]) -> Film | None:
        if row.body is None:
            return None
        return mapping.from_json(self._session.unseal(t.picture, row.blob, row.body), Film)

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
