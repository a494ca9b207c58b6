"""Where the cards of each account and school are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.homes.model import Home
from storage import home_tables as t, mapping, tables
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from moderation.kernel import AccountId, Platform, SchoolId
    from moderation.ports import Conversation
    from storage.session import Session


class SqlHomes:
    """Implements :class:`moderation.kernel.Repository` of homes in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Home, int] | None:
        """The home of an account or a school, and its version."""
        select = sa.select(t.home).where(t.home.c.place == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        return None if row is None else (mapping.from_json(row.body, Home), row.version)

    async def put(self, subject_id: str, state: Home, expected: int) -> None:
        """Store it over version ``expected``, or raise :class:`~moderation.kernel.Conflict`."""
        if subject_id != state.place or not state.conversations:
            raise RuleBroken("a home is stored under its place, and has a conversation")
        row = {"body": mapping.to_json(state)}
        await self._session.put_version(t.home, {"place": subject_id}, expected, row)
        # The program before this one reads one conversation for each place.
        first = state.conversations[0]
        before = {"place": subject_id, "platform": first.platform.value, "id": first.id}
        await self._session.upsert(tables.conversation, before)

    async def conversations(self, place: AccountId | SchoolId) -> tuple[Conversation, ...]:
        """Where cards of an account, or of a school, are shown; at most one on each platform."""
        return await self._session.once(("home", place), lambda: self._conversations(place))

    async def _conversations(self, place: AccountId | SchoolId) -> tuple[Conversation, ...]:
        select = sa.select(t.home.c.body).where(t.home.c.place == place)
        row = (await self._session.execute(select)).one_or_none()
        return () if row is None else mapping.from_json(row.body, Home).conversations

    async def on(self, platform: Platform) -> tuple[Home, ...]:
        """Every home that has a conversation on this platform, by place."""
        rows = await self._session.execute(sa.select(t.home.c.body).order_by(t.home.c.place))
        homes = (mapping.from_json(row.body, Home) for row in rows)
        return tuple(home for home in homes if home.on(platform) is not None)

    async def use(self, place: AccountId | SchoolId, conversation: Conversation) -> None:
        """Show the cards of ``place`` there from now on; for whoever sets an installation up."""
        stored = await self.get(place)
        home, version = stored if stored is not None else (Home(place=place), 0)
        await self.put(place, home.moved(conversation), version)
