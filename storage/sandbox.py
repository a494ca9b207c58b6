"""What stands in the sandbox's conversations, sealed, in the order in which it was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import delivery_tables as t


if TYPE_CHECKING:
    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One message. ``payload`` is the sandbox's own JSON."""

    id: str
    conversation: str
    payload: str


class SandboxJournal:
    """The sandbox's memory: a message is appended once, and may be redrawn in its place."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def append(self, message: str, conversation: str, payload: str) -> bool:
        """Say it. ``False``: this id has been said already, and stands as it is."""
        insert = self._session.insert(t.sandbox_message).values(
            message_id=message, conversation=conversation, body=self._sealed(message, payload)
        )
        new = insert.on_conflict_do_nothing(index_elements=["message_id"])
        result = await self._session.execute(new.returning(t.sandbox_message.c.id))
        return result.one_or_none() is not None

    async def replace(self, message: str, payload: str) -> bool:
        """Redraw it in its place. ``False``: there is no such message."""
        update = t.sandbox_message.update().where(t.sandbox_message.c.message_id == message)
        result = await self._session.execute(update.values(body=self._sealed(message, payload)))
        return result.rowcount == 1

    async def all(self) -> tuple[JournalLine, ...]:
        """Everything, oldest first."""
        select = sa.select(t.sandbox_message).order_by(t.sandbox_message.c.id)
        return tuple(
            JournalLine(
                id=row.message_id,
                conversation=row.conversation,
                payload=self._session.unseal(t.sandbox_message, row.message_id, row.body).decode(),
            )
            for row in await self._session.execute(select)
        )

    def _sealed(self, message: str, payload: str) -> bytes:
        return self._session.seal(t.sandbox_message, message, payload.encode())
