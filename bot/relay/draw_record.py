"""Telling those who keep copies of the record: privately, and once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.relay.drawing import NoCard, Told
from moderation.kernel import Audience, PersonId
from moderation.people.ports import Schools
from moderation.ports import Clock
from moderation.record import present
from moderation.record.audiences import witnesses
from moderation.record.effects import Message
from moderation.record.model import Checkpoint


if TYPE_CHECKING:
    from moderation.kernel import Tell
    from storage.unit_of_work import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDrawer(NoCard):
    """The record has no card that stays: only messages."""

    schools: Schools
    clock: Clock

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        """The witnesses at every school and the trust; nobody else is told of the record."""
        del subject
        if which is not Audience.WITNESSES:
            return ()
        people = await unit.people.at(frozenset({self.schools.trust, *self.schools.ids()}))
        return witnesses(people, self.clock.now().astimezone(self.schools.zone).date())

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """The same for everybody: a checkpoint names nobody."""
        del person
        match Message(tell.message):
            case Message.BROKEN:
                return Told(present.broken())
            case Message.CHECKPOINT:
                note = await unit.checkpoints.get(int(tell.subject.id))
                if note is None:
                    return None
                kept = Checkpoint(lines=note.seq, at=note.at, text=str(note))
                return Told(present.checkpoint(kept, self.clock.now(), self.schools.zone))
