"""Drafts that messages began, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.jottings.model import Jotting, Standing
from moderation.posts.model import Content
from storage import jotting_tables as t, mapping
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.engine import Row

    from moderation.kernel import PersonId
    from moderation.ports import Conversation
    from storage.session import Session

EMPTY = Content(text="", accounts=()).digest()


class SqlJottings:
    """A :class:`moderation.jottings.ports.Jottings` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Jotting, int] | None:
        """The draft, locked for this unit of work, and its version."""
        select = sa.select(t.jotting).where(t.jotting.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        return None if row is None else self._read(row)

    async def put(self, subject_id: str, state: Jotting, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if subject_id != state.id:
            raise RuleBroken("a draft is stored under its own id")
        if state.standing is not Standing.OPEN and state.content.digest() != EMPTY:
            raise RuleBroken("of a draft that is over nothing is kept")
        row = {
            "person": state.person,
            "platform": state.conversation.platform.value,
            "conversation": state.conversation.id,
            "standing": state.standing.value,
            "opened_at": state.opened_at,
            "body": self._session.seal(t.jotting, subject_id, mapping.to_json(state).encode()),
        }
        await self._session.put_version(t.jotting, {"id": subject_id}, expected, row)

    async def newest(
        self, person: PersonId, conversation: Conversation
    ) -> tuple[Jotting, int] | None:
        """This person's open one there that was begun last, and its version."""
        select = (
            sa.select(t.jotting)
            .where(
                t.jotting.c.person == person,
                t.jotting.c.standing == Standing.OPEN.value,
                t.jotting.c.platform == conversation.platform.value,
                t.jotting.c.conversation == conversation.id,
            )
            .order_by(t.jotting.c.opened_at.desc(), t.jotting.c.id.desc())
            .limit(1)
        )
        row = (await self._session.execute(select)).one_or_none()
        return None if row is None else self._read(row)

    def _read(self, row: Row[Any]) -> tuple[Jotting, int]:
        body = self._session.unseal(t.jotting, row.id, row.body)
        return mapping.from_json(body, Jotting), row.version
