"""Pictures as they stand on a chat platform, until their post is final.

A row is written as soon as the platform has named its file and before the file is there, so that a
process that ends in between leaves no copy behind that nobody knows of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from moderation.kernel import BlobId, SubjectRef
from moderation.posts.model import FINAL, POST, READY
from storage import tables
from storage.picture_tables import shown_picture as t


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from moderation.kernel import Platform
    from storage.session import Session

FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=15)
OF_A_POST: Final = (POST, READY)
"""Kinds of subject that have a post's id."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """The platform's file of a picture, and whether it can be shown by now."""

    file: str
    usable: bool


class ShownPictures:
    """One row for each platform, subject and picture."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def is_over(self, subject: SubjectRef) -> bool:
        """Whether the subject is of a post that is final, so that nothing of it is shown."""
        if subject.kind not in OF_A_POST:
            return False
        select = sa.select(tables.post.c.state).where(tables.post.c.id == subject.id)
        return (await self._session.execute(select)).scalar_one_or_none() in FINAL

    async def held(
        self, platform: Platform, subject: SubjectRef, blobs: Collection[BlobId]
    ) -> Mapping[BlobId, HeldFile]:
        """Those of ``blobs`` that have a file there."""
        select = sa.select(t).where(
            *_of(platform, subject), t.c.blob.in_(blobs), t.c.file.is_not(None)
        )
        return {
            BlobId(row.blob): HeldFile(row.file, row.usable_at is not None)
            for row in await self._session.execute(select)
        }

    async def keep(
        self, platform: Platform, subject: SubjectRef, blob: BlobId, file: str, now: datetime
    ) -> str:
        """Remember that ``file`` is to show the picture; the one that is kept, if another was."""
        row = _row(platform, subject, blob, now) | {"file": file}
        insert = self._session.insert(t).values(row)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=[column.name for column in t.primary_key],
                set_={"file": file, "usable_at": None},
                where=t.c.file.is_(None),
            )
        )
        select = sa.select(t.c.file).where(*_of(platform, subject), t.c.blob == blob)
        return str((await self._session.execute(select)).scalar_one())

    async def usable(self, platform: Platform, file: str, now: datetime) -> None:
        """The platform can show ``file``."""
        update = t.update().where(t.c.platform == platform.value, t.c.file == file)
        # What was drawn without it before is still to be drawn again.
        await self._session.execute(update.values(usable_at=now))

    async def missed(
        self, platform: Platform, subject: SubjectRef, blob: BlobId, now: datetime
    ) -> None:
        """The picture could not be shown. It is due again, each time a little later."""
        insert = self._session.insert(t).values(_row(platform, subject, blob, now))
        await self._session.execute(insert.on_conflict_do_nothing())
        here = (*_of(platform, subject), t.c.blob == blob)
        select = sa.select(t.c.failures).where(*here)
        failures = int((await self._session.execute(select)).scalar_one())
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures, 10))
        values = {"failures": failures + 1, "due_at": now + wait}
        await self._session.execute(t.update().where(*here).values(values))

    async def due(
        self, platform: Platform, now: datetime, limit: int = 20
    ) -> tuple[SubjectRef, ...]:
        """Subjects with a card that was drawn without a picture, and may be drawn again."""
        select = (
            sa.select(t.c.subject_kind, t.c.subject_id)
            .where(
                t.c.platform == platform.value,
                t.c.failures > 0,
                t.c.due_at <= now,
            )
            .distinct()
            .order_by(t.c.subject_kind, t.c.subject_id)
            .limit(limit)
        )
        rows = (await self._session.execute(select)).all()
        return tuple(SubjectRef(row.subject_kind, row.subject_id) for row in rows)

    async def put_off(self, platform: Platform, subject: SubjectRef, now: datetime) -> None:
        """It is being tried again; if nothing comes of that, it is due after the longest wait."""
        mine = (*_of(platform, subject), t.c.due_at <= now)
        shown = t.update().where(*mine, t.c.usable_at.is_not(None))
        await self._session.execute(shown.values(failures=0))
        later = t.update().where(*mine, t.c.usable_at.is_(None))
        await self._session.execute(later.values(due_at=now + LONGEST_WAIT))

    async def over(self, platform: Platform, limit: int = 50) -> tuple[str, ...]:
        """Files whose post is final; rows of such posts that have no file are cleared away."""
        final = sa.select(tables.post.c.id).where(tables.post.c.state.in_(FINAL))
        mine = (
            t.c.platform == platform.value,
            t.c.subject_kind.in_(OF_A_POST),
            t.c.subject_id.in_(final),
        )
        select = sa.select(t.c.file).where(*mine, t.c.file.is_not(None))
        files = await self._session.execute(select.distinct().order_by(t.c.file).limit(limit))
        found = tuple(map(str, files.scalars()))
        if self._session.writes:
            await self._session.execute(t.delete().where(*mine, t.c.file.is_(None)))
        return found

    async def drop(self, platform: Platform, file: str) -> None:
        """The file is no longer there."""
        delete = t.delete().where(t.c.platform == platform.value, t.c.file == file)
        await self._session.execute(delete)


def _of(platform: Platform, subject: SubjectRef) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        t.c.platform == platform.value,
        t.c.subject_kind == subject.kind,
        t.c.subject_id == subject.id,
    )


def _row(platform: Platform, subject: SubjectRef, blob: BlobId, now: datetime) -> dict[str, object]:
    return {
        "platform": platform.value,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "blob": blob,
        "file": None,
        "usable_at": None,
        "failures": 0,
        "due_at": now,
    }
