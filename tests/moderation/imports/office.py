"""The operator's desk for tests: files go in, people click, and what came of it is read."""

# Any stands for the options of a command: its dataclass refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from moderation.imports import commands as ask
from moderation.imports.model import State
from moderation.kernel import (
    Accepted,
    Refused,
)
from moderation.service import Service
from tests.databases import AnyUnits
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from moderation.imports.model import Batch, BatchId, Content
    from moderation.kernel import Asked, PersonId, PupilKey
    from moderation.people.model import Person, Pupil
    from moderation.service import Command, Outcome

E = TypeVar("E")
LATER = t.NOON + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Office:
    """The operator's desk: files go in, people click."""

    units: AnyUnits
    service: Service

    async def do(self, command: Command, asked: Asked) -> Outcome:
        return await self.service.do(command, asked)

    async def take(self, content: Content, **options: Any) -> Outcome:
        """One file by the operator, answered by what came of it."""
        return await self.do(t.importing(content, **options), t.operator())

    async def waits(self, content: Content, **options: Any) -> BatchId:
        """One file that must wait; its id."""
        command = t.importing(content, **options)
        outcome = await self.do(command, t.operator())
        assert isinstance(outcome, Accepted), outcome
        assert (await self.batch(command.batch.id)).state is State.WAITING
        return command.batch.id

    async def confirm(self, batch: BatchId, who: PersonId, seen: int = 1) -> Outcome:
        return await self.do(ask.ConfirmImport(batch=batch, seen=seen), t.click(who, LATER))

    async def decline(self, batch: BatchId, who: PersonId) -> Outcome:
        return await self.do(ask.DeclineImport(batch=batch, seen=1), t.click(who, LATER))

    async def batch(self, batch: BatchId) -> Batch:
        async with self.units.read() as unit:
            found = await unit.batches.get(batch)
        assert found is not None
        return found[0]

    async def person(self, who: PersonId) -> Person | None:
        async with self.units.read() as unit:
            return await unit.people.get(who)

    async def moderators(self) -> set[PersonId]:
        async with self.units.read() as unit:
            return {grant.person for grant in await unit.people.grants(frozenset({t.PAGE}))}

    async def roll(self) -> dict[str, Pupil]:
        async with self.units.read() as unit:
            return {pupil.number: pupil for pupil in await unit.rolls.pupils(t.OAK)}

    async def consents(self, key: PupilKey) -> tuple[object, ...]:
        async with self.units.read() as unit:
            return (await unit.rolls.consents(frozenset({key}))).get(key, ())


def event(outcome: Outcome, kind: type[E]) -> E:
    assert isinstance(outcome, Accepted), outcome
    (found,) = (one for one in outcome.events if isinstance(one, kind))
    return found


def codes(outcome: Outcome) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return set(outcome.codes)


def page_with(*moderators: PersonId) -> Content:
    return t.accounts(t.entry(t.page(), *(t.grant(who) for who in moderators)))
