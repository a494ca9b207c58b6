"""One transaction, with every room's repository in it: all of a decision is kept, or none.

units = Units(database, keys, packs={SchoolId("oak"): pack}, commands=codec, now=clock.now)
async with units.write() as unit:
outcome = await handle(subject, command, asked, unit)
await unit.commit()
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from moderation.checks.names.roster import Roster
from moderation.kernel import Conflict
from storage import delivery_tables as t
from storage.acceptances import SqlAcceptances
from storage.audit.chain import Audit
from storage.audit.checkpoints import Checkpoints
from storage.batches import SqlBatches
from storage.cards import Cards
from storage.census import Census
from storage.effects import Effects
from storage.failpoints import UNARMED, Failpoints, Point
from storage.faults import StoreFault
from storage.holds import SqlHolds
from storage.homes import SqlHomes
from storage.incidents import SqlIncidents
from storage.jottings import SqlJottings
from storage.kept_names import SqlKeptNames
from storage.kept_pictures import KeptPictures
from storage.links import SqlLinks
from storage.listings import Listings
from storage.lost import SqlLost
from storage.media import MediaTokens, SqlInspections
from storage.notices import Notices
from storage.open_notices import OpenNotices
from storage.outbox import Outbox
from storage.packs import PackShelf, SqlPacks
from storage.people import SqlAccounts, SqlPeople
from storage.posts import SqlPosts
from storage.references import References
from storage.releases import Releases
from storage.rolls import RosterCache, SqlRolls
from storage.sandbox import SandboxJournal
from storage.session import Duplicate, Session
from storage.shown_pictures import ShownPictures
from storage.tallies import SqlTallies
from storage.watches import SqlWatches
from storage.words import SqlWords


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from moderation.checks.model import PupilName
    from moderation.kernel import Asked, Effect, Event, SchoolId, SubjectRef
    from moderation.policies.model import Pack
    from storage.commands import CommandCodec
    from storage.crypto import Keys
    from storage.database import Database


KNOWN: Final = sa.select(t.inbox.c.at).where(t.inbox.c.key_digest == sa.bindparam("key"))


class Unit:
    """One unit of work. Every property is a repository in the same transaction."""

    def __init__(self, connection: AsyncConnection, owner: Units, *, writes: bool) -> None:
        self._session = Session(connection, owner.keys, writes=writes)
        self._failpoints = owner.failpoints
        session = self._session
        self.posts = SqlPosts(session)
        self.people = SqlPeople(session)
        self.accounts = SqlAccounts(session)
        self.rolls = SqlRolls(session, owner.rosters)
        self.inspections = SqlInspections(session)
        self.kept_pictures = KeptPictures(session)
        self.packs = SqlPacks(session, owner.shelf)
        self.watches = SqlWatches(session)
        self.holds = SqlHolds(session)
        self.homes = SqlHomes(session)
        self.batches = SqlBatches(session)
        self.incidents = SqlIncidents(session)
        self.jottings = SqlJottings(session)
        self.links = SqlLinks(session)
        self.acceptances = SqlAcceptances(session)
        self.kept_names = SqlKeptNames(session)
        self.words = SqlWords(session)
        self.effects = Effects(session, owner.commands)
        self.cards = Cards(session)
        self.notices = Notices(session)
        self.open_notices = OpenNotices(session)
        self.tallies = SqlTallies(session)
        self.releases = Releases(session)
        self.outbox = Outbox(session)
        self.lost = SqlLost(session)
        self.audit = Audit(session)
        self.census = Census(session)
        self.checkpoints = Checkpoints(session)
        self.listings = Listings(session)
        self.media = MediaTokens(session)
        self.shown_pictures = ShownPictures(session)
        self.references = References(session)
        self.sandbox = SandboxJournal(session)

    async def seen(self, key: str) -> bool:
        """Whether a command with this business key has already had its effect."""
        found = await self._session.execute(KNOWN, {"key": _digest(key)})
        return found.one_or_none() is not None

    async def record(
        self,
        asked: Asked,
        subject: SubjectRef,
        version: int,
        events: Sequence[Event],
        effects: Sequence[Effect],
    ) -> None:
        """Inbox, effects, audit: in this order, because the audit's lock holds up all others.

        Raises :class:`~moderation.kernel.Conflict` where the same key was written meanwhile.
        """
        row = {"key_digest": _digest(asked.key), "at": asked.at}
        try:
            await self._session.execute(t.inbox.insert(), row)
        except Duplicate:
            raise Conflict("this command has had its effect") from None
        await self.effects.add(asked, subject, version, effects)
        await self.audit.append(asked, subject, version, events)

    async def forget_keys(self, before: datetime) -> int:
        """Clear the inbox of keys older than this; returns how many."""
        delete = t.inbox.delete().where(t.inbox.c.at < before)
        return int((await self._session.execute(delete)).rowcount)

    async def commit(self) -> None:
        """Make it last, and end the unit. Without this, everything is undone."""
        if not self._session.writes:
            raise StoreFault("ReadOnlyUnit")
        self._failpoints.reach(Point.BEFORE_COMMIT, "unit")
        await self._session.commit()
        self._failpoints.reach(Point.AFTER_COMMIT, "unit")

    def close(self) -> None:
        """Called when the block is left."""
        self._session.close()


class Units:
    """Makes units of work on one opened database.

    ``packs`` is what each school uses today; ``commands`` keeps commands for later; ``now`` says
    which year it is for the roster. Both ``packs`` and rosters are kept in memory for all units.
    ``failpoints`` is for tests that end the process.
    """

    def __init__(
        self,
        database: Database,
        keys: Keys,
        *,
        packs: Mapping[SchoolId, Pack],
        commands: CommandCodec,
        now: Callable[[], datetime],
        roster: Callable[[Iterable[PupilName]], Roster] = Roster,
        failpoints: Failpoints = UNARMED,
    ) -> None:
        self._database = database
        self.keys = keys
        self.shelf = PackShelf(packs)
        self.commands = commands
        self.failpoints = failpoints
        self.rosters = RosterCache(roster, now)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """A unit that may write. Left without a commit, it is undone."""
        async with self._database.writing() as connection:
            unit = Unit(connection, self, writes=True)
            try:
                yield unit
            finally:
                unit.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        """One snapshot; writing through it fails."""
        async with self._database.reading() as connection:
            unit = Unit(connection, self, writes=False)
            try:
                yield unit
            finally:
                unit.close()

    async def store_packs(self) -> None:
        """Keep today's packs, so that a post judged by them can be judged again. At the start."""
        async with self.write() as unit:
            for pack in self.shelf.used.values():
                await unit.packs.store(pack)
            await unit.commit()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
