"""Conversations that a chat platform has told us how to reach, and what is needed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage.reference_tables import conversation_reference as t


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import Platform
    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReference:
    """``person`` is the platform's id of whose private conversation it is, or "".

    ``body`` is what the platform's adapter wrote; ``gone``: it can't be written to any more.
    """

    conversation: str
    person: str
    body: str
    gone: bool = False


class References:
    """One row for each platform and conversation."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def keep(self, platform: Platform, reference: StoredReference, now: datetime) -> None:
        """Remember it, in place of what was known of this conversation."""
        row = {
            "platform": platform.value,
            "conversation": reference.conversation,
            "person": reference.person or None,
            "body": reference.body,
            "gone_at": now if reference.gone else None,
        }
        await self._session.upsert(t, row)

    async def all(self, platform: Platform) -> tuple[StoredReference, ...]:
        """Everything known of a platform."""
        select = sa.select(t).where(t.c.platform == platform.value).order_by(t.c.conversation)
        return tuple(
            StoredReference(
                conversation=row.conversation,
                person=row.person or "",
                body=row.body,
                gone=row.gone_at is not None,
            )
            for row in await self._session.execute(select)
        )
