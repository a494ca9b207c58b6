"""Units of work in memory: what ``storage.unit_of_work.Units`` promises, without a database.

It passes the same contract suite (``tests/contract``) and keeps the same two-person rule. One
writer at a time; what isn't committed is forgotten.

    units = FakeUnits(packs={SchoolId("oak"): pack}, roster=Roster, now=clock.now)
    async with units.write() as unit:
        await handle(subject, command, asked, unit)
        await unit.commit()
    units.effects, units.events      # everything committed so far, oldest first
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from moderation.kernel import Conflict, Later
from tests.fakes import repositories as fakes, repositories_beside as beside
from tests.fakes.kept_names import FakeKeptNames
from tests.fakes.state import Happened, State


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from moderation.checks.model import PupilName
    from moderation.checks.names.roster import Roster
    from moderation.kernel import Asked, Effect, Event, SchoolId, SubjectRef
    from moderation.policies.model import Pack


class FakeUnit:
    """One unit of work over a private copy of the state."""

    def __init__(self, owner: FakeUnits, state: State, *, writes: bool) -> None:
        self._owner = owner
        self._state = state
        self._writes = writes
        self.posts = fakes.FakePosts(state)
        self.people = fakes.FakePeople(state)
        self.accounts = fakes.FakeAccounts(state)
        self.rolls = fakes.FakeRolls(state, owner.roster, owner.now)
        self.inspections = fakes.FakeInspections(state)
        self.watches = fakes.FakeWatches(state)
        self.holds = fakes.FakeHolds(state)
        self.homes = beside.FakeHomes(state)
        self.batches = beside.FakeBatches(state)
        self.incidents = beside.FakeIncidents(state)
        self.jottings = beside.FakeJottings(state)
        self.links = beside.FakeLinks(state)
        self.kept_names = FakeKeptNames(state)
        self.acceptances = fakes.FakeAcceptances(state)
        self.tallies = beside.FakeTallies(state)
        self.words = beside.FakeWords(state)
        self.packs = fakes.FakePacks(owner.packs, owner.older)
        self.audit = fakes.FakeAudit(state)

    async def seen(self, key: str) -> bool:
        return key in self._state.inbox

    async def record(
        self,
        asked: Asked,
        subject: SubjectRef,
        version: int,
        events: Sequence[Event],
        effects: Sequence[Effect],
    ) -> None:
        state = self._state
        if asked.key in state.inbox:
            raise Conflict("this command has had its effect")
        state.inbox |= {asked.key}
        state.happened += tuple(
            Happened(asked=asked, subject=subject, version=version, event=event) for event in events
        )
        for effect in effects:
            if isinstance(effect, Later):
                if effect.key in state.laters:
                    continue
                state.laters |= {effect.key}
            state.effects += (effect,)

    async def commit(self) -> None:
        """Make it last. Once; a unit that only reads has nothing to commit."""
        assert self._writes, "a unit that only reads can't commit"
        self._owner.state = self._state.copy()


class FakeUnits:
    """``roster`` builds a roster from names; ``now`` decides which leavers it still holds."""

    def __init__(
        self,
        *,
        packs: Mapping[SchoolId, Pack] | None = None,
        older: Iterable[Pack] = (),
        roster: Callable[[Iterable[PupilName]], Roster],
        now: Callable[[], datetime],
    ) -> None:
        self.packs = dict(packs or {})
        self.older = tuple(older)
        self.roster = roster
        self.now = now
        self.state = State()
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[FakeUnit]:
        """A unit of work that nobody else's can interleave with. Unless committed, it is undone."""
        async with self._writing:
            yield FakeUnit(self, self.state.copy(), writes=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[FakeUnit]:
        yield FakeUnit(self, self.state.copy(), writes=False)

    @property
    def effects(self) -> tuple[Effect, ...]:
        return self.state.effects

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(item.event for item in self.state.happened)
