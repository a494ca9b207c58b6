"""The checkpoints that were signed, as the database keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.kernel import Conflict, CorruptStore
from storage import audit_tables as t
from storage.audit.notes import read_notes
from storage.session import Duplicate


if TYPE_CHECKING:
    from storage.audit.notes import Note
    from storage.session import Session


class Checkpoints:
    """They only ever grow, and no number has two."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, note: Note) -> None:
        """Keep one. Raises :class:`~moderation.kernel.Conflict` where that line has one."""
        row = {"seq": note.seq, "hash": note.hash, "at": note.at, "note": str(note)}
        try:
            await self._session.execute(t.audit_checkpoint.insert(), row)
        except Duplicate:
            raise Conflict("this line has its checkpoint") from None

    async def get(self, seq: int) -> Note | None:
        """The checkpoint that ends with this line."""
        found = await self._notes(t.audit_checkpoint.c.seq == seq)
        return found[0] if found else None

    async def newest(self) -> Note | None:
        """The one over the most lines."""
        longest = sa.select(sa.func.max(t.audit_checkpoint.c.seq)).scalar_subquery()
        found = await self._notes(t.audit_checkpoint.c.seq == longest)
        return found[0] if found else None

    async def all(self) -> tuple[Note, ...]:
        """Every one, shortest record first."""
        return await self._notes(sa.true())

    async def _notes(self, which: sa.ColumnElement[bool]) -> tuple[Note, ...]:
        select = sa.select(t.audit_checkpoint.c.note).where(which)
        select = select.order_by(t.audit_checkpoint.c.seq)
        texts = (await self._session.execute(select)).scalars().all()
        notes = [note for text in texts for note in read_notes(text)[0]]
        if len(notes) != len(texts):
            raise CorruptStore("a checkpoint in the database can't be read")
        return tuple(notes)
