"""The repositories beside the posts': drafts, links, counts, imports, homes and concerns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.homes.model import Home
from moderation.imports.model import State as BatchState
from moderation.jottings.model import Jotting, Standing
from moderation.links.model import Link, State as LinkState, link_of
from storage.faults import RuleBroken
from tests.fakes.state import State
from tests.fakes.versions import expect


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from moderation.imports.model import Batch, Kind, Word
    from moderation.incidents.model import Incident, IncidentId
    from moderation.kernel import AccountId, Identity, PersonId, Platform, PostId, SchoolId
    from moderation.ports import Conversation
    from moderation.tallies.model import Arrival, Lane, Tally


@dataclass(frozen=True, slots=True)
class FakeJottings:
    state: State

    async def get(self, subject_id: str) -> tuple[Jotting, int] | None:
        return self.state.jottings.get(subject_id)

    async def put(self, subject_id: str, state: Jotting, expected: int) -> None:
        assert subject_id == state.id
        if state.standing is not Standing.OPEN and (state.text or state.pictures):
            raise RuleBroken("of a draft that is over nothing is kept")
        expect(self.state.jottings.get(subject_id), expected)
        self.state.jottings[subject_id] = (state, expected + 1)

    async def newest(
        self, person: PersonId, conversation: Conversation
    ) -> tuple[Jotting, int] | None:
        found = [
            (it, version)
            for it, version in self.state.jottings.values()
            if (it.person, it.conversation) == (person, conversation)
            and it.standing is Standing.OPEN
        ]
        return max(found, key=lambda pair: (pair[0].opened_at, pair[0].id), default=None)


@dataclass(frozen=True, slots=True)
class FakeLinks:
    state: State

    async def get(self, subject_id: str) -> tuple[Link, int] | None:
        return self.state.links.get(subject_id)

    async def put(self, subject_id: str, state: Link, expected: int) -> None:
        if not subject_id == state.id == link_of(state.identity):
            raise RuleBroken("a link is stored under its chat account")
        expect(self.state.links.get(subject_id), expected)
        self.state.links[subject_id] = (state, expected + 1)

    async def confirmed(self) -> frozenset[Identity]:
        links = (link for link, _ in self.state.links.values())
        return frozenset(link.identity for link in links if link.state is LinkState.LINKED)


@dataclass(frozen=True, slots=True)
class FakeTallies:
    state: State

    async def alone(self) -> None:
        """A unit that writes is alone anyway."""

    async def known(self, lane: Lane, key: str) -> Arrival | None:
        return self.state.arrivals.get((lane, key))

    async def since(self, lane: Lane, start: datetime) -> tuple[int, int]:
        found = [it for it in self.state.arrivals.values() if it.lane == lane and it.at > start]
        return len(found), sum(not it.counted for it in found)

    async def arrive(self, arrival: Arrival) -> None:
        self.state.arrivals[arrival.lane, arrival.key] = arrival

    async def arrived(self, lane: Lane, day: date) -> tuple[Arrival, ...]:
        found = (it for it in self.state.arrivals.values() if (it.lane, it.day) == (lane, day))
        return tuple(sorted(found, key=lambda it: (it.at, it.key)))

    async def plan(self, tally: Tally) -> None:
        self.state.tallies[tally.id] = tally

    async def of(self, lane: Lane, day: date | None = None) -> tuple[Tally, ...]:
        found = (it for it in self.state.tallies.values() if it.lane == lane)
        mine = (it for it in found if day in {None, it.day})
        return tuple(sorted(mine, key=lambda it: (it.due, it.number)))

    async def get(self, tally: str) -> Tally | None:
        return self.state.tallies.get(tally)

    async def about(self, post: PostId) -> tuple[str, ...]:
        lanes = {(it.lane, it.day) for it in self.state.arrivals.values() if it.subject.id == post}
        return tuple(
            sorted(it.id for it in self.state.tallies.values() if (it.lane, it.day) in lanes)
        )

    async def clear(self, before: datetime) -> int:
        state = self.state
        gone = [key for key, it in state.arrivals.items() if it.at < before]
        state.arrivals = {key: it for key, it in state.arrivals.items() if key not in gone}
        state.tallies = {key: it for key, it in state.tallies.items() if it.due >= before}
        return len(gone)


@dataclass(frozen=True, slots=True)
class FakeWords:
    state: State

    async def of(self, school: SchoolId) -> tuple[Word, ...]:
        return tuple(
            word for (place, *_key), word in sorted(self.state.words.items()) if place == school
        )

    async def save(
        self,
        school: SchoolId,
        words: tuple[Word, ...],
        by: PersonId | None,  # noqa: ARG002 -- nobody reads it back: the record says it
        at: datetime,  # noqa: ARG002 -- the same
    ) -> None:
        for word in words:
            self.state.words[school, word.kind, word.sort, word.word] = word


@dataclass(frozen=True, slots=True)
class FakeHomes:
    state: State

    async def get(self, subject_id: str) -> tuple[Home, int] | None:
        return self.state.homes.get(subject_id)

    async def put(self, subject_id: str, state: Home, expected: int) -> None:
        assert subject_id == state.place
        assert state.conversations
        expect(self.state.homes.get(subject_id), expected)
        self.state.homes[subject_id] = (state, expected + 1)

    async def conversations(self, place: AccountId | SchoolId) -> tuple[Conversation, ...]:
        stored = self.state.homes.get(place)
        return () if stored is None else stored[0].conversations

    async def on(self, platform: Platform) -> tuple[Home, ...]:
        homes = (home for _, (home, _) in sorted(self.state.homes.items()))
        return tuple(home for home in homes if home.on(platform) is not None)

    async def use(self, place: AccountId | SchoolId, conversation: Conversation) -> None:
        home, version = self.state.homes.get(place) or (Home(place=place), 0)
        await self.put(place, home.moved(conversation), version)


@dataclass(frozen=True, slots=True)
class FakeBatches:
    state: State

    async def alone(self) -> None:
        """One writer at a time is all there ever is."""

    async def get(self, subject_id: str) -> tuple[Batch, int] | None:
        return self.state.batches.get(subject_id)

    async def put(self, subject_id: str, state: Batch, expected: int) -> None:
        assert subject_id == state.id
        expect(self.state.batches.get(subject_id), expected)
        kept = state if state.state is BatchState.WAITING else replace(state, content=None)
        self.state.batches[subject_id] = (kept, expected + 1)

    async def waiting(self, kind: Kind) -> tuple[Batch, ...]:
        return self._found(lambda it: it.kind is kind and it.state is BatchState.WAITING)

    async def newer(self, batch: Batch) -> tuple[Batch, ...]:
        return self._found(lambda it: it.kind is batch.kind and _came(it) > _came(batch))

    def _found(self, wanted: Callable[[Batch], bool]) -> tuple[Batch, ...]:
        found = [batch for batch, _ in self.state.batches.values() if wanted(batch)]
        return tuple(replace(batch, content=None) for batch in sorted(found, key=_came))


@dataclass(frozen=True, slots=True)
class FakeIncidents:
    """Refuses a barred receiver, as the database does."""

    state: State

    async def get(self, subject_id: str) -> tuple[Incident, int] | None:
        return self.state.incidents.get(subject_id)

    async def put(self, subject_id: str, state: Incident, expected: int) -> None:
        if subject_id != state.id:
            raise RuleBroken("a report is stored under its own id")
        before = self.state.incidents.get(subject_id)
        expect(before, expected)
        barred = (before[0] if before is not None else state).barred
        new = state.asked - (before[0].asked if before is not None else frozenset())
        if new & barred:
            raise RuleBroken("incident_asked_not_barred")
        self.state.incidents[subject_id] = (state, expected + 1)

    async def since(self, moment: datetime) -> tuple[IncidentId, ...]:
        found = [one for one, _ in self.state.incidents.values() if one.at >= moment]
        return tuple(one.id for one in sorted(found, key=lambda one: (one.at, one.id)))


def _came(batch: Batch) -> tuple[datetime, str]:
    return batch.received_at, batch.id
