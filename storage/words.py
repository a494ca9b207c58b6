"""What schools' own words mean, in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.imports.model import Kind, Sort, Word
from storage.word_tables import import_word as t


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import PersonId, SchoolId
    from storage.session import Session


class SqlWords:
    """Implements :class:`moderation.imports.ports.Words`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of(self, school: SchoolId) -> tuple[Word, ...]:
        select = sa.select(t).where(t.c.school == school)
        rows = await self._session.execute(select)
        found = (
            Word(kind=Kind(row.kind), sort=Sort(row.sort), word=row.word, means=row.means)
            for row in rows
        )
        return tuple(sorted(found, key=lambda word: (word.kind, word.sort, word.word)))

    async def save(
        self, school: SchoolId, words: tuple[Word, ...], by: PersonId | None, at: datetime
    ) -> None:
        rows = (
            {
                "school": school,
                "kind": word.kind.value,
                "sort": word.sort.value,
                "word": word.word,
                "means": word.means,
                "by": by,
                "at": at,
            }
            for word in words
        )
        await self._session.upsert(t, *rows)
